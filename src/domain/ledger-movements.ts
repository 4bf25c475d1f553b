import {
  type Flow,
  type LedgerAccount,
  type LedgerEvent,
  type Posting,
  backwards,
  entriesOf,
  escrowOf,
  flow,
  posting,
} from './ledger.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Movement, MovementKind } from './movement.ts'

/** What the books look at of a movement. */
export type BookedMovement = Pick<
  Movement,
  | 'id'
  | 'kind'
  | 'source'
  | 'parties'
  | 'currency'
  | 'amount'
  | 'sentAmount'
  | 'account'
  | 'attempt'
  | 'facts'
>

interface Step {
  readonly event: LedgerEvent
  readonly flows: readonly Flow[]
}

/**
 * What a kind does to the accounts: `sent` once the provider has it, `back` when that fails after
 * all, `done` once it is finished. A kind that the provider does at once has `done` alone.
 */
interface Course {
  readonly sent?: Step
  readonly back?: LedgerEvent
  readonly done?: Step
}

/**
 * The postings of one move along the lifecycle. Only moves that touch money have any: to `accepted`
 * (the provider has it), to `succeeded`, and from `accepted` to `failed` (it comes back).
 * @param from null: the movement is written for the first time, as it was observed
 */
export function postingsOf(
  movement: BookedMovement,
  from: MovementStatus | null,
  to: MovementStatus,
): Posting[] {
  const { sent, back, done } = courses[movement.kind](sidesOf(movement))
  const wasSent = from === 'accepted'
  const isSent = to === 'accepted' || to === 'succeeded'
  const postings: Posting[] = []
  if (sent !== undefined && !wasSent && isSent) {
    postings.push(...made(movement, `sent:${movement.attempt}`, sent))
  }
  if (done !== undefined && to === 'succeeded') {
    postings.push(...made(movement, 'succeeded', done))
  }
  if (sent !== undefined && back !== undefined && wasSent && to === 'failed') {
    const step = { event: back, flows: backwards(sent.flows) }
    postings.push(...made(movement, `failed:${movement.attempt}`, step))
  }
  return postings
}

function made(movement: BookedMovement, name: string, { event, flows }: Step): Posting[] {
  const entries = entriesOf(flows)
  if (entries.length === 0) return []
  const { id, currency, parties } = movement
  const key = `movement:${id}:${name}`
  return [posting({ key, event, currency, parties: { ...parties, movementId: id }, entries })]
}

/** The accounts and amounts of a movement, in minor units. */
interface Sides {
  readonly movement: BookedMovement
  /** What the provider was asked. */
  readonly amount: bigint
  /** What is owed and could not be expressed: the operator's until it is made good. */
  readonly remainder: bigint
  /** What pays for a seller's money: the purchase's escrow, else what the operator has earned. */
  readonly source: LedgerAccount
  readonly seller: LedgerAccount
  readonly party: string
}

function sidesOf(movement: BookedMovement): Sides {
  const { parties, account } = movement
  const amount = movement.sentAmount ?? movement.amount ?? 0n
  // By the shop, else by the provider's account: an account may serve several shops.
  const party = parties.sellerId ?? account ?? 'unknown'
  return {
    movement,
    amount,
    remainder: movement.amount === null ? 0n : movement.amount - amount,
    source:
      parties.purchaseId === null || isOperators(movement)
        ? 'commission'
        : escrowOf(parties.purchaseId),
    seller: `seller:${party}`,
    party,
  }
}

const give =
  (event: LedgerEvent) =>
  ({ source, seller, amount, remainder }: Sides): Course => ({
    done: { event, flows: [flow(source, seller, amount), flow(source, 'commission', remainder)] },
  })

const payOut = ({ seller, party, amount }: Sides): Course => ({
  sent: { event: 'payout_sent', flows: [flow(seller, `in_transit:${party}`, amount)] },
  back: 'payout_failed',
  done: {
    event: 'payout_landed',
    flows: [flow(`in_transit:${party}`, `bank:${party}`, amount)],
  },
})

const once = (event: LedgerEvent, ...flows: Flow[]): Course => ({ done: { event, flows } })

const courses: Readonly<Record<MovementKind, (sides: Sides) => Course>> = {
  // What came is booked from the payment itself, whoever captured it.
  capture: ({ movement, remainder }) =>
    once('capture_remainder', flow('commission', escrowOf(movement.parties.purchaseId), remainder)),
  void: () => ({}),
  refund: sides => {
    const { amount, remainder } = sides
    const payer = payerOf(sides)
    return {
      sent: {
        event: 'refund',
        flows: [flow(payer, 'customer', amount), flow(payer, 'commission', remainder)],
      },
      back: 'refund_failed',
    }
  },
  transfer: give('transfer'),
  tax_transfer: ({ source, amount, remainder }) =>
    once(
      'tax_transfer',
      flow(source, 'tax_account', amount),
      flow(source, 'commission', remainder),
    ),
  reversal: ({ source, seller, amount, remainder }) =>
    once('reversal', flow(seller, source, amount), flow('commission', source, remainder)),
  tax_reversal: ({ source, amount, remainder }) =>
    once(
      'tax_reversal',
      flow('tax_account', source, amount),
      flow('commission', source, remainder),
    ),
  restitution: sides => {
    // The tax that a refund took back, and that did not reach the customer after all.
    const isTax = sides.movement.source.part === 'tax'
    return give('restitution')(isTax ? { ...sides, seller: 'tax_account' } : sides)
  },
  credit: ({ seller, amount }) => once('credit', flow('commission', seller, amount)),
  collection: ({ movement, seller, amount }) => {
    const { source } = movement
    const to: LedgerAccount = source.type === 'debt' ? `debt:${source.id}` : 'commission'
    return once('collection', flow(seller, to, amount))
  },
  payout: payOut,
  wallet_transfer: give('transfer'),
  withdrawal: payOut,
  return: returned,
  dispute_loss: sides => once('dispute_loss', flow(payerOf(sides), 'customer', sides.amount)),
  dispute_win: sides => once('dispute_win', flow('customer', payerOf(sides), sides.amount)),
  provider_fee: ({ movement, seller, amount }) =>
    once(
      'provider_fee',
      flow(movement.account === null ? 'commission' : seller, 'provider_fees', amount),
    ),
  sale: ({ seller, amount }) => once('sale', flow('customer', seller, amount)),
  application_fee: ({ seller, amount }) =>
    once('application_fee', flow(seller, 'commission', amount)),
  operator_payout: ({ amount }) => ({
    sent: { event: 'operator_payout', flows: [flow('commission', 'operator_bank', amount)] },
    back: 'operator_payout_failed',
  }),
  top_up: ({ amount }) => once('top_up', flow('operator_bank', 'commission', amount)),
}

/** Who pays the customer back: of a charge at the seller's own account, the seller. */
function payerOf({ movement, source, seller }: Sides): LedgerAccount {
  return movement.account === null ? source : seller
}

function isOperators(movement: BookedMovement): boolean {
  return isMadeByHand(movement) || movement.facts['byHand'] === true
}

const madeByHand: readonly MovementKind[] = ['refund', 'transfer', 'reversal']

/**
 * Did somebody make this movement at the provider for no order that can be named? No share of one
 * answers for it: the operator pays for it, and what comes back is his.
 */
export function isMadeByHand({
  kind,
  source,
  parties,
}: Pick<Movement, 'kind' | 'source' | 'parties'>): boolean {
  return madeByHand.includes(kind) && source.type === 'provider' && parties.orderId === null
}

/** What came back goes where it came from, by the kind of what had been called done. */
function returned(sides: Sides): Course {
  const { movement, seller, party, amount } = sides
  const { kind } = movement.facts
  // Payouts are a seller's; whatever else comes back is the platform's.
  const fallback = movement.account === null ? 'refund' : 'payout'
  switch (typeof kind === 'string' ? kind : fallback) {
    case 'refund':
      return once('refund_returned', flow('customer', payerOf(sides), amount))
    case 'application_fee':
      return once('application_fee_returned', flow('commission', seller, amount))
    case 'provider_fee':
      return once('provider_fee_returned', flow('provider_fees', 'commission', amount))
    case 'top_up':
      return once('top_up_returned', flow('commission', 'operator_bank', amount))
    case 'operator_payout':
      return once('operator_payout_returned', flow('operator_bank', 'commission', amount))
    default:
      return once('payout_returned', flow(`bank:${party}`, seller, amount))
  }
}
