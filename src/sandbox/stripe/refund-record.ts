import { book } from './bookkeeping.ts'
import { availabilityOf } from './charge-record.ts'
import { settledLater } from './conversion.ts'
import type { Charge, Refund, World } from './world.ts'

interface AskedRefund {
  amount: number
  metadata: Record<string, string>
  reason: Refund['reason']
}

/** Stores a refund; `pending` while the account's whole balance does not cover it. Publishes its events. */
export function makeRefund(
  world: World,
  owner: string,
  charge: Charge,
  asked: AskedRefund,
): Refund {
  const refund: Refund = {
    id: world.newId('re'),
    object: 'refund',
    amount: asked.amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: asked.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: asked.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'pending',
    transfer_reversal: null,
  }
  world.refunds.add(owner, refund)
  if (charge.captured) {
    setRefunded(charge, asked.amount)
    if (!pay(world, owner, refund, charge)) wait(world, owner, refund, charge)
  } else refund.status = 'succeeded'
  world.emit(owner, 'refund.created', refund)
  world.emit(owner, 'charge.refunded', charge)
  return refund
}

function setRefunded(charge: Charge, change: number): void {
  charge.amount_refunded += change
  charge.refunded = charge.amount_refunded === charge.amount
}

/** Takes the money from the account when there is enough, counting what is pending; false when there is not. */
function pay(world: World, owner: string, refund: Refund, charge: Charge): boolean {
  const { amount, currency, rate } = settledLater(world, owner, charge, refund.amount)
  const purse = world.balances.purse(owner, currency)
  if (purse.available + purse.pending < amount) return false
  const booked = book(world, owner, {
    type: 'refund',
    category: 'refund',
    amount: -amount,
    currency,
    exchangeRate: rate,
    source: refund.id,
    availableOn: availabilityOf(world, owner, charge),
  })
  refund.balance_transaction = booked.id
  refund.status = 'succeeded'
  delete refund.pending_reason
  world.balances.totals(currency).refunded += amount
  return true
}

function wait(world: World, owner: string, refund: Refund, charge: Charge): void {
  refund.pending_reason = 'insufficient_funds'
  const { currency } = settledLater(world, owner, charge, refund.amount)
  const name = `${owner} ${currency}`
  const waiting = world.waitingRefunds.get(name)
  if (waiting) waiting.push(refund)
  else world.waitingRefunds.set(name, [refund])
}

/** Pays waiting refunds in order, as far as the account's money goes. Called when money has arrived. */
export function payWaitingRefunds(world: World, owner: string, currency: string): void {
  const waiting = world.waitingRefunds.get(`${owner} ${currency}`)
  for (let next = waiting?.[0]; waiting && next; next = waiting[0]) {
    const charge = world.charges.find(owner, next.charge ?? '')
    if (next.status === 'pending' && charge) {
      if (!pay(world, owner, next, charge)) return
      world.emit(owner, 'refund.updated', next)
    }
    waiting.shift()
  }
}

/** What an account's refunds that wait for money will take from it, as it is converted now; minor units. */
export function promisedOf(world: World, owner: string, currency: string): number {
  const waiting = world.waitingRefunds.get(`${owner} ${currency}`) ?? []
  return waiting
    .filter(refund => refund.status === 'pending')
    .reduce((sum, { charge, amount }) => {
      const made = world.charges.find(owner, charge ?? '')
      return sum + settledLater(world, owner, made, amount).amount
    }, 0)
}

/** Stops a refund that has not been paid. */
export function cancelRefund(world: World, owner: string, refund: Refund): void {
  refund.status = 'canceled'
  const charge = world.charges.find(owner, refund.charge ?? '')
  if (charge) setRefunded(charge, -refund.amount)
  world.emit(owner, 'refund.updated', refund)
}

/**
 * The customer's bank could not take a refund: the money returns to the account.
 * @param reason Stripe's `failure_reason`, e.g. `lost_or_stolen_card`
 */
export function failRefund(world: World, owner: string, refund: Refund, reason: string): void {
  if (refund.status === 'failed' || refund.status === 'canceled') {
    throw new Error(`The refund ${refund.id} is already ${refund.status}`)
  }
  const taken = world.balanceTransactions.find(owner, refund.balance_transaction ?? '')
  const paid = refund.status === 'succeeded' && taken !== undefined
  refund.status = 'failed'
  refund.failure_reason = reason
  const charge = world.charges.find(owner, refund.charge ?? '')
  if (charge) setRefunded(charge, -refund.amount)
  if (paid) {
    const booked = book(world, owner, {
      type: 'refund_failure',
      category: 'refund_failure',
      amount: -taken.amount,
      currency: taken.currency,
      source: refund.id,
    })
    refund.failure_balance_transaction = booked.id
    world.balances.totals(taken.currency).refunded += taken.amount
  }
  world.emit(owner, 'refund.updated', refund)
  world.emit(owner, 'refund.failed', refund)
  if (charge) world.emit(owner, 'charge.updated', charge)
}
