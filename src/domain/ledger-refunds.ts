import type { BookedRefund } from './ledger-orders.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Movement, MovementKind } from './movement.ts'

const final: readonly MovementStatus[] = ['succeeded', 'canceled']

/** Where a refund takes money back: from whom it was given, and by which movements. */
interface Side {
  readonly transfer: MovementKind
  readonly reversal: MovementKind
  readonly owns: (restitution: Movement) => boolean
  /** @param tax what of the share comes back from the tax account */
  readonly owed: (refund: BookedRefund, tax: bigint) => bigint
}

const sides: readonly Side[] = [
  {
    transfer: 'transfer',
    reversal: 'reversal',
    owns: ({ source }) => source.part !== 'tax',
    owed: ({ share, commission }, tax) =>
      share === null || commission === null ? 0n : share - commission - tax,
  },
  {
    transfer: 'tax_transfer',
    reversal: 'tax_reversal',
    owns: ({ source }) => source.part === 'tax',
    owed: (_, tax) => tax,
  },
]

/**
 * What refunds of an order cost its seller and the tax account and nobody takes from them any more:
 * the reversal was given up, or less was left of its transfer. The operator bears it. Below zero where
 * a seller is owed more than was given. Minor units; 0 while any of it may still be taken.
 * @param refunds those that stand
 */
export function borneOf(movements: readonly Movement[], refunds: readonly BookedRefund[]): bigint {
  return sides.reduce((total, side) => {
    const transfers = movements.filter(
      each => each.kind === side.transfer && each.source.type === 'order',
    )
    const isNetted = (id: string) => transfers.some(each => netted(each).includes(id))
    return refunds
      .filter(({ id }) => !isNetted(id))
      .reduce((sum, refund) => sum + borneBy(side, refund, movements, transfers), total)
  }, 0n)
}

/** Refunds that a transfer is net of. */
function netted({ facts, status }: Movement): readonly unknown[] {
  return final.includes(status) && Array.isArray(facts['netted']) ? facts['netted'] : []
}

function borneBy(
  side: Side,
  refund: BookedRefund,
  movements: readonly Movement[],
  transfers: readonly Movement[],
): bigint {
  const own = movements.filter(
    each =>
      each.source.type === 'refund' &&
      each.source.id === refund.id &&
      (each.kind === side.reversal || (each.kind === 'restitution' && side.owns(each))),
  )
  if (!own.every(each => final.includes(each.status))) return 0n
  // No transfer from which a reversal could take: none is planned then.
  if (own.length === 0 && !transfers.every(each => each.status === 'canceled')) return 0n
  const taken = own
    .filter(each => each.status === 'succeeded')
    .reduce((sum, { kind, amount, original }) => {
      const moved = original?.amount ?? amount ?? 0n
      return kind === 'restitution' ? sum - moved : sum + moved
    }, 0n)
  return side.owed(refund, taxOf(refund, movements)) - taken
}

/** What a refund's reversal was planned to leave to the tax account. */
function taxOf({ id }: BookedRefund, movements: readonly Movement[]): bigint {
  const made = movements.find(
    ({ kind, source }) => kind === 'reversal' && source.type === 'refund' && source.id === id,
  )
  const tax = made?.facts['tax']
  return typeof tax === 'string' ? BigInt(tax) : 0n
}
