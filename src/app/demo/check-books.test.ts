import { expect, test } from 'vitest'
import { checkBooks } from './check-books.ts'
import type { CurrencySums } from './simulator-books.ts'
import type { Destinations } from './tributary-books.ts'

const sums: CurrencySums = {
  captured: 10_000n,
  refunded: 1_000n,
  transferred: 7_200n,
  collected: 0n,
  paidOut: 7_200n,
}
const destinations: Destinations = {
  sellerTransfers: 7_200n,
  commission: 800n,
  taxesKept: 0n,
  ownGoods: 500n,
  operatorFunding: -100n,
  held: { seller_not_onboarded: 600n },
  remainders: 0n,
  rounding: 0n,
}
const payable = [
  { orderId: 'A', currency: 'EUR', owed: 7_000n },
  { orderId: 'B', currency: 'EUR', owed: 200n },
]
const transfers = [
  { orderId: 'A', amount: 7_000n, fromCharge: true },
  { orderId: 'B', amount: 200n, fromCharge: true },
]

/** Both sets of books as they should be, with what is wrong planted in one of them. */
function check(
  wrong: {
    stripe?: Partial<CurrencySums>
    tributary?: Partial<CurrencySums>
    destinations?: Partial<Destinations>
    transfers?: typeof transfers
  } = {},
) {
  return checkBooks(
    {
      sums: new Map([['EUR', { ...sums, ...wrong.stripe }]]),
      payable,
      transfers: wrong.transfers ?? transfers,
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

test('one unit of the customers’ money that went nowhere is found', () => {
  const verdict = check({ destinations: { commission: 799n } })
  expect(verdict.balanced).toBe(false)
  expect(verdict.equations).toMatchObject([{ currency: 'EUR', difference: 1n }])
})

test('a capture that Tributary does not know of is found', () => {
  const verdict = check({ stripe: { captured: 10_500n } })
  expect(verdict.balanced).toBe(false)
  expect(verdict.trialDifferences).toEqual(['EUR captured: Stripe says 10500, Tributary 10000'])
})

test.each(['refunded', 'transferred', 'collected', 'paidOut'] as const)(
  'a difference in what was %s is found',
  name => expect(check({ tributary: { [name]: 1n } }).balanced).toBe(false),
)

test('a missing transfer is found', () => {
  const verdict = check({ transfers: transfers.slice(0, 1) })
  expect(verdict).toMatchObject({ balanced: false, transferredOrders: 1 })
  expect(verdict.orderProblems).toEqual(['B: payable and not transferred (200)'])
})

test('a transfer that was made twice is found', () => {
  const verdict = check({
    transfers: [...transfers, { orderId: 'B', amount: 200n, fromCharge: true }],
  })
  expect(verdict).toMatchObject({ balanced: false, transferredOrders: 1, transferredTwice: 1 })
})

test('the operator’s part of a promotion is a second transfer, and no third', () => {
  const parts = [
    { orderId: 'A', amount: 6_000n, fromCharge: true },
    { orderId: 'A', amount: 1_000n, fromCharge: false },
    { orderId: 'B', amount: 200n, fromCharge: true },
  ]
  expect(check({ transfers: parts })).toMatchObject({ balanced: true, transferredOrders: 2 })
  const again = [...parts, { orderId: 'A', amount: 1_000n, fromCharge: false }]
  expect(check({ transfers: again })).toMatchObject({ balanced: false, transferredTwice: 1 })
})

test('a transfer of a wrong amount is found', () => {
  const wrong = [
    { orderId: 'A', amount: 7_100n, fromCharge: true },
    { orderId: 'B', amount: 100n, fromCharge: true },
  ]
  expect(check({ transfers: wrong })).toMatchObject({ balanced: false, transferredOrders: 0 })
})

test('a transfer for an order that nobody had to pay is found', () => {
  const verdict = check({
    transfers: [...transfers, { orderId: 'C', amount: 1n, fromCharge: true }],
  })
  expect(verdict.orderProblems).toEqual(['C: transferred and not payable'])
  expect(verdict.balanced).toBe(false)
})

test('a currency that only one side knows is found', () => {
  const stripeOnly = checkBooks(
    { sums: new Map([['JPY', { ...sums }]]), payable: [], transfers: [] },
    { sums: new Map(), destinations: new Map() },
  )
  expect(stripeOnly.balanced).toBe(false)
})
