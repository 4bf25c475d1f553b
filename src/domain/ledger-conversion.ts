import type { Currency } from './currency.ts'
import { bothOf } from './conversion.ts'
import { type OperatorPart, type OrderBooks, operatorPart, givenRefunds } from './ledger-orders.ts'
import {
  type LedgerEntry,
  type LedgerEvent,
  type Posting,
  type PostingParties,
  entriesOf,
  flow,
  posting,
} from './ledger.ts'
import { allocate, type Money, money } from './money.ts'
import type { Movement } from './movement.ts'

/** A payment that settled in another currency than it was made in. */
export interface Settlement {
  /** In which the payment was made. */
  readonly currency: Currency
  /** Minor units of `currency`, above zero. */
  readonly captured: bigint
  /** What all of it brought. */
  readonly settled: Money
}

/** Events of a payment, which the provider tells in the payment's own currency. */
const ownEvents: readonly LedgerEvent[] = [
  'payment_captured',
  'capture_remainder',
  'refund',
  'refund_failed',
  'refund_returned',
]

/** Is a posting one that a settlement may have to be applied to? */
export function isOfPayment({ event, parties }: Posting): boolean {
  return ownEvents.includes(event) && parties.purchaseId !== null
}

/**
 * A part of a payment in minor units of the currency that it settled in, rounded towards zero; all of
 * it is all that it brought.
 */
export function settledPart({ captured, settled }: Settlement, amount: bigint): bigint {
  const size = amount < 0n ? -amount : amount
  const [part] = allocate(money(size * settled.amount, settled.currency), [1n, captured - 1n], 1)
  const exact = part?.amount ?? 0n
  return amount < 0n ? -exact : exact
}

/** The posting in the currency that its payment settled in; as it is when it has another one. */
export function inSettledCurrency(made: Posting, settlement: Settlement): Posting {
  if (made.currency !== settlement.currency) return made
  const entries: LedgerEntry[] = []
  let rest = 0n
  for (const [at, { account, amount }] of made.entries.entries()) {
    const isLast = at === made.entries.length - 1
    const part = isLast ? rest : settledPart(settlement, amount)
    rest -= part
    if (part !== 0n) entries.push({ account, amount: part })
  }
  return posting({ ...made, currency: settlement.settled.currency, entries })
}

/**
 * What was booked before anybody knew what the payment brought: out of its own currency again, and
 * into the one that it settled in.
 */
export function movedToSettled(made: Posting, settlement: Settlement): Posting[] {
  const back = made.entries.map(({ account, amount }) => ({ account, amount: -amount }))
  return [
    posting({ ...made, key: `${made.key}:unsettled`, entries: back }),
    inSettledCurrency({ ...made, key: `${made.key}:settled` }, settlement),
  ]
}

/** An order of a converted purchase with what its books are to have, in the settled currency. */
interface SettledOrder {
  readonly id: string
  readonly part: OperatorPart
}

/**
 * What the operator keeps of each decided order of a purchase: what the order's part of the payment
 * brought, less what moved. What rounding leaves of the whole payment goes with the last order. Funding
 * and what is borne are in the commission. Minor units of the settled currency.
 * @param refused refunds of what was captured for orders that were refused; minor units of the payment
 */
export function settledParts(
  orders: readonly (Pick<OrderBooks, 'movements' | 'refunds'> & { readonly id: string })[],
  settlement: Settlement,
  refused: readonly bigint[] = [],
): SettledOrder[] {
  const brought = (amount: bigint) => settledPart(settlement, amount)
  const decided = orders.flatMap(order => {
    const part = operatorPart(order)
    if (part === null) return []
    const moved = movedFor(order, settlement)
    const worth = moved.ordered + part.commission - part.funding - part.borne
    return [{ id: order.id, worth, kept: brought(worth) - moved.sent }]
  })
  const parts = [...decided.map(order => order.worth), ...refused]
  const shared = parts.reduce((sum, part) => sum + brought(part), 0n)
  const rest = parts.reduce((left, part) => left - part, settlement.captured)
  // What belongs to no decided order is booked for itself: a defect of either shows in the escrow.
  const rounding = settlement.settled.amount - shared - brought(rest)
  return decided.map(({ id, kept }, at) => {
    const commission = at === decided.length - 1 ? kept + rounding : kept
    return { id, part: { commission, funding: 0n, borne: 0n } }
  })
}

/** What left the escrow for an order, less what came back: as it was ordered, and as it was sent. */
function movedFor({ movements }: Pick<OrderBooks, 'movements'>, settlement: Settlement) {
  let ordered = 0n
  let sent = 0n
  for (const movement of movements) {
    const sign = directionOf(movement)
    if (sign === 0n) continue
    const both = bothOf(movement)
    ordered += sign * both.ordered
    sent += sign * both.sent
  }
  for (const { amount } of givenRefunds(movements)) {
    ordered += amount ?? 0n
    sent += settledPart(settlement, amount ?? 0n)
  }
  return { ordered, sent }
}

function directionOf({ kind, source, status }: Movement): -1n | 0n | 1n {
  if (status !== 'succeeded' || (source.type !== 'order' && source.type !== 'refund')) return 0n
  if (kind === 'transfer' || kind === 'tax_transfer' || kind === 'restitution') return 1n
  return kind === 'reversal' || kind === 'tax_reversal' ? -1n : 0n
}

/** A refund of a converted payment that the provider's books tell of. Minor units of their currency. */
export interface RefundedAtRate {
  readonly movementId: string
  readonly parties: Omit<PostingParties, 'movementId'>
  readonly currency: Currency
  /** What the provider took for it and did not give back, at the rates of its days. */
  readonly taken: bigint
  /** What the books say that the customer got, at the payment's own rate. */
  readonly booked: bigint
  /** How many such postings there are: their keys count on. */
  readonly postings: number
}

/** What a refund cost beyond its part of the payment is the operator's loss, or gain below zero. */
export function rateDifference(refund: RefundedAtRate): Posting | null {
  const { movementId, parties, currency, taken, booked, postings } = refund
  if (taken === booked) return null
  return posting({
    key: `movement:${movementId}:rate_difference:${postings + 1}`,
    event: 'rate_difference',
    currency,
    parties: { ...parties, movementId },
    entries: entriesOf([flow('commission', 'customer', taken - booked)]),
  })
}
