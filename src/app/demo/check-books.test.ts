import { expect, test } from 'vitest'
import { checkBooks } from './check-books.ts'
import type { Destinations } from './destinations.ts'
import type { SeenTransfer } from './order-books.ts'
import type { CurrencySums } from './simulator-books.ts'

const sums: CurrencySums = {
  captured: 10_000n,
  refunded: 1_000n,
  transferred: 7_200n,
  reversed: 900n,
  collected: 0n,
  paidOut: 6_300n,
  disputed: 0n,
}
const destinations: Destinations = {
  toSellers: 6_300n,
  commission: 700n,
  taxesKept: 0n,
  ownGoods: 500n,
  operatorFunding: -100n,
  refunded: 1_000n,
  disputed: 1_500n,
  disputesBorne: -400n,
  owedBySellers: -100n,
  held: { seller_not_onboarded: 600n },
  remainders: 0n,
  rounding: 0n,
}
// A refund took 900 of A's transfer back.
const payable = [
  { orderId: 'A', currency: 'EUR', owed: 6_100n, unreversed: 900n, available: 0n },
  { orderId: 'B', currency: 'EUR', owed: 200n, unreversed: 0n, available: 50n },
]
const ofA: SeenTransfer = { orderId: 'A', amount: 7_000n, reversed: 900n, from: 'charge' }
const ofB: SeenTransfer = { orderId: 'B', amount: 200n, reversed: 0n, from: 'charge' }
const transfers = [ofA, ofB]

/** Both sets of books as they should be, with what is wrong planted in one of them. */
function check(
  wrong: {
    stripe?: Partial<CurrencySums>
    tributary?: Partial<CurrencySums>
    destinations?: Partial<Destinations>
    payable?: typeof payable
    transfers?: readonly SeenTransfer[]
    taxes?: { payable: typeof payable; transfers: readonly SeenTransfer[] }
  } = {},
) {
  return checkBooks(
    {
      sums: new Map([['EUR', { ...sums, ...wrong.stripe }]]),
      payable: wrong.payable ?? payable,
      transfers: wrong.transfers ?? transfers,
      taxes: wrong.taxes ?? { payable: [], transfers: [] },
    },
    {
      sums: new Map([['EUR', { ...sums, ...wrong.tributary }]]),
      destinations: new Map([['EUR', { ...destinations, ...wrong.destinations }]]),
    },
  )
}

test('books that agree are balanced', () => {
  expect(check()).toMatchObject({
    balanced: true,
    payableOrders: 2,
    transferredOrders: 2,
    transferredTwice: 0,
    trialDifferences: [],
    orderProblems: [],
  })
})

test.each([
  'toSellers',
  'commission',
  'ownGoods',
  'operatorFunding',
  'refunded',
  'disputed',
  'disputesBorne',
  'owedBySellers',
  'rounding',
] as const)('one unit of the customers’ money that is missing in %s is found', name => {
  const verdict = check({ destinations: { [name]: destinations[name] - 1n } })
  expect(verdict.balanced).toBe(false)
  expect(verdict.equations).toMatchObject([{ currency: 'EUR', difference: 1n }])
})

test('a capture that Tributary does not know of is found', () => {
  const verdict = check({ stripe: { captured: 10_500n } })
  expect(verdict.balanced).toBe(false)
  expect(verdict.trialDifferences).toEqual(['EUR captured: Stripe says 10500, Tributary 10000'])
})

test.each(['refunded', 'transferred', 'reversed', 'collected', 'paidOut', 'disputed'] as const)(
  'a difference in what was %s is found',
  name => expect(check({ tributary: { [name]: 1n } }).balanced).toBe(false),
)

test('a missing transfer is found', () => {
  const verdict = check({ transfers: transfers.slice(0, 1) })
  expect(verdict).toMatchObject({ balanced: false, transferredOrders: 1 })
  expect(verdict.orderProblems).toEqual(['B: payable and not transferred (200)'])
})

test('a transfer that was made twice is found', () => {
  const verdict = check({ transfers: [ofA, ofB, ofB] })
  expect(verdict).toMatchObject({ balanced: false, transferredOrders: 1, transferredTwice: 1 })
})

test('the operator’s part of a promotion is a second transfer, and no third', () => {
  const promotion: SeenTransfer = { ...ofA, amount: 1_000n, reversed: 0n, from: 'promotion' }
  const parts = [{ ...ofA, amount: 6_000n }, promotion, ofB]
  expect(check({ transfers: parts })).toMatchObject({ balanced: true, transferredOrders: 2 })
  const again = check({ transfers: [...parts, promotion] })
  expect(again).toMatchObject({ balanced: false, transferredTwice: 1 })
})

test('a transfer of a wrong amount is found', () => {
  const wrong = check({
    transfers: [
      { ...ofA, amount: 6_900n },
      { ...ofB, amount: 100n },
    ],
  })
  expect(wrong).toMatchObject({ balanced: false, transferredOrders: 0 })
})

test('what a refund took of a transfer is given back once', () => {
  const back: SeenTransfer = { ...ofB, amount: 60n, from: 'restitution' }
  const taken = { ...ofB, reversed: 60n }
  expect(check({ transfers: [ofA, taken, back] })).toMatchObject({ balanced: true })
  expect(check({ transfers: [ofA, taken] }).balanced).toBe(false)
  expect(check({ transfers: [ofA, taken, back, back] }).balanced).toBe(false)
})

test('a reversal may wait while the seller’s account is short, and no longer', () => {
  const short = check({ transfers: [{ ...ofA, reversed: 0n }, ofB] })
  expect(short).toMatchObject({ balanced: true, waitingForSellers: 1 })
  const able = payable.map(order => ({ ...order, available: 900n }))
  const forgotten = check({ payable: able, transfers: [{ ...ofA, reversed: 0n }, ofB] })
  expect(forgotten.orderProblems).toEqual(['A: owed 6100, transferred 7000 less 0'])
  const tooMuch = check({ transfers: [{ ...ofA, amount: 7_001n, reversed: 0n }, ofB] })
  expect(tooMuch.balanced).toBe(false)
})

test('a transfer for an order that nobody had to pay is found', () => {
  const verdict = check({ transfers: [ofA, ofB, { ...ofB, orderId: 'C', amount: 1n }] })
  expect(verdict.orderProblems).toEqual(['C: transferred and not payable'])
  expect(verdict.balanced).toBe(false)
})

test('a currency that only one side knows is found', () => {
  const stripeOnly = checkBooks(
    {
      sums: new Map([['JPY', { ...sums }]]),
      payable: [],
      transfers: [],
      taxes: { payable: [], transfers: [] },
    },
    { sums: new Map(), destinations: new Map() },
  )
  expect(stripeOnly.balanced).toBe(false)
})

test('taxes that are not at the tax account are found', () => {
  const owed = [{ orderId: 'A', currency: 'EUR', owed: 300n, unreversed: 0n, available: 0n }]
  const kept: SeenTransfer = { orderId: 'A', amount: 300n, reversed: 0n, from: 'charge' }
  expect(check({ taxes: { payable: owed, transfers: [kept] } })).toMatchObject({
    balanced: true,
    taxedOrders: 1,
  })
  const short = check({ taxes: { payable: owed, transfers: [{ ...kept, amount: 299n }] } })
  expect(short.orderProblems).toEqual(['taxes of A: owed 300, transferred 299 less 0'])
  expect(check({ taxes: { payable: owed, transfers: [kept, kept] } }).balanced).toBe(false)
})
