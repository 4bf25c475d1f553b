import { type BookEntryKind, returnKinds } from './book-entry.ts'
import { type Difference, difference } from './reconcile-difference.ts'
import type { CauseCode } from './reconcile-causes.ts'

/** A line of the provider's books that belongs to nothing here. Signed minor units. */
export interface LooseLine {
  readonly id: string
  readonly account: string | null
  readonly kind: BookEntryKind
  readonly at: Date
  readonly amount: bigint
  readonly currency: string
  readonly sourceId: string | null
  /** What it was matched with before; null: nothing. A row that is there no more. */
  readonly lost: { readonly movementId: string | null; readonly paymentId: string | null }
  /** Why nothing came of it when it was looked into; null: something did, or nobody has. */
  readonly remark: string | null
}

/** Fees of a day that no movement books. Minor units. */
export interface LooseFees {
  /** `2026-11-02` */
  readonly day: string
  readonly account: string | null
  readonly currency: string
  readonly cost: bigint
}

const nobodysHere: readonly BookEntryKind[] = [
  'other',
  'provider_fee',
  'application_fee',
  'application_fee_refund',
]
/** What a seller's own customers pay to the seller's account. */
const sellersOwn: readonly BookEntryKind[] = ['charge', 'refund', 'refund_return', 'dispute']

/** What a line that belongs to nothing means; null: it is none of Tributary's. */
export function judgeLine(line: LooseLine): Difference | null {
  const { kind, account, lost, remark } = line
  if (nobodysHere.includes(kind) || isToldElsewhere(line)) return null
  if (account !== null && sellersOwn.includes(kind)) return null
  const wasKnown = lost.movementId !== null || lost.paymentId !== null
  // Money that the operator takes outside the marketplace goes through the same account.
  if (!wasKnown && remark === 'the payment names no purchase') return null
  return difference(causeOf(line), `line:${line.id}`, {
    currency: line.currency,
    there: line.amount < 0n ? -line.amount : line.amount,
    stateThere: kind,
    ids: {
      line: line.id,
      provider: line.sourceId,
      movement: lost.movementId,
      payment: lost.paymentId,
      account,
    },
    at: line.at,
  })
}

/** Whoever sent a transfer tells of it; the other side of it is no second difference. */
function isToldElsewhere({ account, kind }: LooseLine): boolean {
  return account === null
    ? kind === 'collection' || kind === 'collection_reversal'
    : kind === 'transfer' || kind === 'reversal'
}

function causeOf({ kind, remark }: LooseLine): CauseCode {
  if (remark?.startsWith('made by the old connector') === true) return 'not_imported'
  if (kind === 'charge') return 'payment_unknown'
  if (kind === 'dispute') return 'dispute_unknown'
  return returnKinds.includes(kind) ? 'return_unknown' : 'movement_unknown'
}

/** The fees of a day that was read to its end must be booked. */
export function judgeFees({ day, account, currency, cost }: LooseFees): Difference {
  return difference('fee_not_booked', `fees:${day}:${currency}:${account ?? ''}`, {
    currency,
    there: cost,
    stateThere: day,
    ids: { account },
    at: new Date(`${day}T00:00:00Z`),
  })
}
