import { book } from './bookkeeping.ts'
import { later } from './world.ts'
import type { Topup, World } from './world.ts'

interface AskedTopup {
  amount: number
  currency: string
  description: string | null
  metadata: Record<string, string>
  statementDescriptor: string | null
  group: string | null
}

/** Virtual seconds until the bank's money has come. */
const journeySeconds = 86_400

/** Stores a top-up and publishes its events; the money comes a day later. */
export function makeTopup(world: World, owner: string, asked: AskedTopup): Topup {
  const arrival = world.seconds() + journeySeconds
  const topup: Topup = {
    id: world.newId('tu'),
    object: 'topup',
    amount: asked.amount,
    balance_transaction: null,
    created: world.seconds(),
    currency: asked.currency,
    description: asked.description,
    expected_availability_date: arrival,
    failure_code: null,
    failure_message: null,
    initiated_by: 'user',
    livemode: world.livemode,
    metadata: asked.metadata,
    source: null,
    statement_descriptor: asked.statementDescriptor,
    status: 'pending',
    transfer_group: asked.group,
  }
  world.topups.add(owner, topup)
  world.emit(owner, 'topup.created', topup)
  later(world, arrival, () => {
    if (topup.status !== 'pending') return
    topup.status = 'succeeded'
    topup.balance_transaction = bookTopup(world, owner, topup, topup.amount)
    world.emit(owner, 'topup.succeeded', topup)
  })
  return topup
}

/** Stops a top-up whose money has not come. */
export function cancelTopup(world: World, owner: string, topup: Topup): void {
  topup.status = 'canceled'
  world.emit(owner, 'topup.canceled', topup)
}

/** The bank takes its money back, or never sends it. */
export function bounceTopup(world: World, owner: string, topup: Topup): void {
  if (topup.status === 'pending') {
    topup.status = 'failed'
    topup.failure_code = 'insufficient_funds'
    topup.failure_message = 'Your bank account has insufficient funds.'
    world.emit(owner, 'topup.failed', topup)
    return
  }
  if (topup.status !== 'succeeded') {
    throw new Error(`The topup ${topup.id} is already ${topup.status}`)
  }
  topup.status = 'reversed'
  bookTopup(world, owner, topup, -topup.amount)
  world.emit(owner, 'topup.reversed', topup)
}

function bookTopup(world: World, owner: string, topup: Topup, amount: number): string {
  world.balances.totals(topup.currency).toppedUp += amount
  return book(world, owner, {
    type: amount > 0 ? 'topup' : 'topup_reversal',
    category: amount > 0 ? 'topup' : 'topup_reversal',
    amount,
    currency: topup.currency,
    source: topup.id,
    description: topup.description ?? 'STRIPE TOPUP',
  }).id
}
