import { book } from './bookkeeping.ts'
import { later } from './world.ts'
import type { Payout, World } from './world.ts'

interface AskedPayout {
  amount: number
  currency: string
  description: string | null
  destination: string
  metadata: Record<string, string>
  method: 'instant' | 'standard'
  statementDescriptor: string | null
}

/** Virtual seconds until a payout is sent and until it has landed. */
const journeys = {
  standard: { sent: 86_400, landed: 2 * 86_400 },
  instant: { sent: 60, landed: 1800 },
}

/** Takes the money from the account's available balance and sends it on its way to the bank. */
export function makePayout(world: World, owner: string, asked: AskedPayout): Payout {
  const created = world.seconds()
  const journey = journeys[asked.method]
  const payout: Payout = {
    id: world.newId('po'),
    object: 'payout',
    amount: asked.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: created + journey.landed,
    automatic: false,
    balance_transaction: null,
    created,
    currency: asked.currency,
    description: asked.description,
    destination: asked.destination,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: world.livemode,
    metadata: asked.metadata,
    method: asked.method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: asked.statementDescriptor,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  }
  world.payouts.add(owner, payout)
  payout.balance_transaction = bookPayout(world, owner, payout, 'payout', -asked.amount)
  world.emit(owner, 'payout.created', payout)
  later(world, created + journey.sent, () => {
    if (payout.status !== 'pending') return
    payout.status = 'in_transit'
    world.emit(owner, 'payout.updated', payout)
  })
  later(world, created + journey.landed, () => {
    if (payout.status !== 'in_transit') return
    payout.status = 'paid'
    world.emit(owner, 'payout.paid', payout)
  })
  return payout
}

/** Gives the money of a payout back that has not been sent. */
export function cancelPayout(world: World, owner: string, payout: Payout): void {
  payout.status = 'canceled'
  payout.failure_balance_transaction = bookPayout(
    world,
    owner,
    payout,
    'payout_cancel',
    payout.amount,
  )
  world.emit(owner, 'payout.canceled', payout)
}

/** Stripe's failure codes that a test may choose, https://docs.stripe.com/api/payouts/failures */
const messages: Record<string, string> = {
  account_closed: 'The bank account has been closed.',
  account_frozen: 'The bank account has been frozen.',
  could_not_process: 'The bank could not process this payout.',
  incorrect_account_holder_name: 'The name on the bank account is not the one we have.',
  invalid_account_number: 'The routing number seems correct, but the account number is invalid.',
  no_account: 'The bank account details on file are probably incorrect.',
}

/**
 * The bank sends the money back, on its way or also after the payout showed as paid (Stripe: "a payout may fail after it is
 * marked paid", within five business days).
 */
export function bouncePayout(world: World, owner: string, payout: Payout, code: string): void {
  if (payout.status === 'failed' || payout.status === 'canceled') {
    throw new Error(`The payout ${payout.id} is already ${payout.status}`)
  }
  payout.status = 'failed'
  payout.failure_code = code
  payout.failure_message = messages[code] ?? 'The payout failed.'
  payout.failure_balance_transaction = bookPayout(
    world,
    owner,
    payout,
    'payout_failure',
    payout.amount,
  )
  world.emit(owner, 'payout.failed', payout)
}

function bookPayout(
  world: World,
  owner: string,
  payout: Payout,
  type: 'payout' | 'payout_cancel' | 'payout_failure',
  amount: number,
): string {
  world.balances.totals(payout.currency).paidOut -= amount
  return book(world, owner, {
    type,
    category: type === 'payout' ? 'payout' : 'payout_reversal',
    amount,
    currency: payout.currency,
    source: payout.id,
    description: payout.description ?? 'STRIPE PAYOUT',
  }).id
}
