import type Stripe from 'stripe'
import { later } from './world.ts'
import type { Unexpanded, World } from './world.ts'

export type BalanceTransaction = Unexpanded<Stripe.BalanceTransaction>

/** Minor units of one currency of one account; `available` may be below zero. */
export interface Purse {
  available: number
  pending: number
}

/** What Stripe itself has seen of a currency since the beginning, minor units. */
export interface Totals {
  captured: number
  refunded: number
  fees: number
  transferred: number
  reversed: number
  collected: number
  paidOut: number
  /** Taken by disputes, less what came back. */
  disputed: number
  /** Brought in from the platform's own bank. */
  toppedUp: number
}

export interface Balances {
  purse(account: string, currency: string): Purse
  /** The currencies that an account has ever had, with what is there now. */
  of(account: string): ReadonlyMap<string, Purse>
  accounts(): IterableIterator<string>
  totals(currency: string): Totals
  allTotals(): ReadonlyMap<string, Totals>
  /** Called after each booking that adds money to an account. */
  onCredit: (account: string, currency: string) => void
}

export function createBalances(): Balances {
  const purses = new Map<string, Map<string, Purse>>()
  const totals = new Map<string, Totals>()
  const of = (account: string): Map<string, Purse> => entry(purses, account, () => new Map())
  return {
    of,
    purse: (account, currency) =>
      entry(of(account), currency, () => ({ available: 0, pending: 0 })),
    accounts: () => purses.keys(),
    totals: currency => entry(totals, currency, noTotals),
    allTotals: () => totals,
    onCredit: () => undefined,
  }
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

function noTotals(): Totals {
  return {
    captured: 0,
    refunded: 0,
    fees: 0,
    transferred: 0,
    reversed: 0,
    collected: 0,
    paidOut: 0,
    disputed: 0,
    toppedUp: 0,
  }
}

export interface Booking {
  type: BalanceTransaction['type']
  category: string
  /** Signed minor units before the fee. */
  amount: number
  currency: string
  /** A decimal text; default: nothing was converted. */
  exchangeRate?: string | null
  /** Null: what Stripe takes for itself names no object. */
  source: string | null
  fee?: number
  /** Default: that of a payment's fee. */
  feeDescription?: string
  description?: string | null
  /** Unix second from which the money is available; default and when past: now. */
  availableOn?: number
}

/** Writes a balance transaction and moves the account's money, now or when it becomes available. */
export function book(world: World, account: string, booking: Booking): BalanceTransaction {
  const now = world.seconds()
  const availableOn = Math.max(now, booking.availableOn ?? now)
  const fee = booking.fee ?? 0
  const transaction: BalanceTransaction = {
    id: world.newId('txn'),
    object: 'balance_transaction',
    amount: booking.amount,
    available_on: availableOn,
    balance_type: 'payments',
    created: now,
    currency: booking.currency,
    description: booking.description ?? null,
    exchange_rate: typeof booking.exchangeRate === 'string' ? Number(booking.exchangeRate) : null,
    fee,
    fee_details: fee === 0 ? noFees : [feeDetail(fee, booking)],
    net: booking.amount - fee,
    reporting_category: booking.category,
    source: booking.source,
    status: availableOn > now ? 'pending' : 'available',
    type: booking.type,
  }
  world.balanceTransactions.add(account, transaction)
  settle(world, account, transaction)
  if (transaction.net > 0) world.balances.onCredit(account, booking.currency)
  return transaction
}

/** What Stripe charges apart from payments: a line of its own, without an object behind it. */
export function takeFee(
  world: World,
  account: string,
  fee: { amount: number; currency: string; description: string },
): void {
  const { amount, currency, description } = fee
  book(world, account, {
    type: 'stripe_fee',
    category: 'fee',
    amount: -amount,
    currency,
    source: null,
    description,
  })
  world.balances.totals(currency).fees += amount
}

const noFees: Stripe.BalanceTransaction.FeeDetail[] = []

function feeDetail(amount: number, booking: Booking): Stripe.BalanceTransaction.FeeDetail {
  const { currency, feeDescription: description = 'Stripe processing fees' } = booking
  return { amount, application: null, currency, description, type: 'stripe_fee' }
}

function settle(world: World, account: string, transaction: BalanceTransaction): void {
  const purse = world.balances.purse(account, transaction.currency)
  if (transaction.status === 'available') {
    purse.available += transaction.net
    return
  }
  purse.pending += transaction.net
  later(world, transaction.available_on, () => {
    transaction.status = 'available'
    purse.pending -= transaction.net
    purse.available += transaction.net
  })
}
