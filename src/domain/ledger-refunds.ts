import type { BookedRefund } from './ledger-orders.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Movement } from './movement.ts'

const final: readonly MovementStatus[] = ['succeeded', 'canceled']

/**
 * What refunds of an order cost its seller (and the tax account) and nobody takes from them any more:
 * the reversal was given up, or less was left of its transfer. The operator bears it. Below zero where
 * a seller is owed more than was given. Minor units; 0 while any of it may still be taken.
 * @param refunds those that stand and that the transfer was not made net of
 */
export function borneOf(movements: readonly Movement[], refunds: readonly BookedRefund[]): bigint {
  return refunds.reduce((sum, refund) => sum + borneOfRefund(movements, refund), 0n)
}

function borneOfRefund(movements: readonly Movement[], refund: BookedRefund): bigint {
  const { id, share, commission } = refund
  if (share === null || commission === null) return 0n
  const own = movements.filter(
    each =>
      each.source.type === 'refund' &&
      each.source.id === id &&
      ['reversal', 'tax_reversal', 'restitution'].includes(each.kind),
  )
  if (!own.every(each => final.includes(each.status))) return 0n
  if (own.length === 0 && !isNothingLeft(movements)) return 0n
  const taken = own
    .filter(each => each.status === 'succeeded')
    .reduce((sum, { kind, amount }) => {
      const moved = amount ?? 0n
      return kind === 'restitution' ? sum - moved : sum + moved
    }, 0n)
  return share - commission - taken
}

/** No transfer from which a reversal could take: none is planned then. */
function isNothingLeft(movements: readonly Movement[]): boolean {
  const given = movements.filter(each => each.kind === 'transfer' || each.kind === 'tax_transfer')
  return given.every(each => each.status === 'canceled')
}
