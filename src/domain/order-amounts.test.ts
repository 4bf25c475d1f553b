import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyBasket, type Basket } from '../../test/builders/any-basket.ts'
import { cancelationOf, lineOf, lineRefundOf, orderOf } from '../../test/builders/order.ts'
import {
  customerShare,
  operatorFunding,
  orderedShare,
  paidRefunds,
  releasedShare,
} from './order-amounts.ts'
import { keptTaxes } from './tax-split.ts'
import type { Order } from './order.ts'

/** What Mirakl shows of a line of 100.00 (taxes 20.00) of which 30.00 (taxes 6.00) was canceled. */
const reduced = { total: 7_000n, taxes: 1_400n }
const unreduced = { total: 10_000n, taxes: 2_000n }
const part = cancelationOf({ amount: 2_500n, shipping: 500n, taxes: 600n })

interface Case {
  name: string
  order: Order
  debited?: bigint
  share: bigint
  released: bigint
  ordered: bigint
}

const cases: Case[] = [
  { name: 'one line', order: orderOf(), share: 10_000n, released: 0n, ordered: 10_000n },
  {
    name: 'taxes on top, shipping taxes too',
    order: orderOf({
      taxMode: 'excluded',
      lines: [lineOf({ taxes: 2_000n, shippingTaxes: 100n })],
    }),
    share: 12_100n,
    released: 0n,
    ordered: 12_100n,
  },
  {
    name: 'taxes inside',
    order: orderOf({
      taxMode: 'included',
      lines: [lineOf({ taxes: 2_000n, shippingTaxes: 100n })],
    }),
    share: 10_000n,
    released: 0n,
    ordered: 10_000n,
  },
  {
    name: 'a refused line, which keeps its amounts',
    order: orderOf({
      taxMode: 'excluded',
      lines: [lineOf({ taxes: 2_000n }), lineOf({ id: 'L2', state: 'REFUSED', taxes: 1_900n })],
    }),
    share: 12_000n,
    released: 11_900n,
    ordered: 23_900n,
  },
  {
    name: 'a canceled line, whose money sits in its cancelations, shipping and taxes included',
    order: orderOf({
      taxMode: 'excluded',
      lines: [
        lineOf(),
        lineOf({
          id: 'L2',
          state: 'CANCELED',
          total: 0n,
          commission: 0n,
          cancelations: [cancelationOf({ amount: 4_000n, shipping: 500n, taxes: 900n })],
        }),
      ],
    }),
    share: 10_000n,
    released: 5_400n,
    ordered: 15_400n,
  },
  {
    name: 'canceled in part, taxes inside, shown reduced',
    order: orderOf({ lines: [lineOf({ ...reduced, cancelations: [part] })] }),
    share: 7_000n,
    released: 3_000n,
    ordered: 10_000n,
  },
  {
    name: 'canceled in part, taxes on top, shown reduced',
    order: orderOf({ taxMode: 'excluded', lines: [lineOf({ ...reduced, cancelations: [part] })] }),
    share: 8_400n,
    released: 3_600n,
    ordered: 12_000n,
  },
  {
    name: 'canceled in part, taxes on top, shown as it was first: the total says so',
    order: orderOf({
      taxMode: 'excluded',
      total: 7_000n,
      lines: [lineOf({ ...unreduced, cancelations: [part] })],
    }),
    share: 8_400n,
    released: 3_600n,
    ordered: 12_000n,
  },
  {
    name: 'canceled in part, shown as it was first: the debit says so',
    order: orderOf({ total: 7_000n, lines: [lineOf({ ...unreduced, cancelations: [part] })] }),
    debited: 7_000n,
    share: 7_000n,
    released: 3_000n,
    ordered: 10_000n,
  },
  {
    name: 'canceled in part with funding of the operator: the debit is less by that',
    order: orderOf({
      total: 7_000n,
      lines: [lineOf({ ...unreduced, operatorFunding: 1_000n, cancelations: [part] })],
    }),
    debited: 6_000n,
    share: 7_000n,
    released: 3_000n,
    ordered: 10_000n,
  },
  {
    name: 'canceled in part, the operator pays as much as was canceled: the total says which',
    order: orderOf({
      lines: [lineOf({ ...reduced, operatorFunding: 3_000n, cancelations: [part] })],
    }),
    debited: 4_000n,
    share: 7_000n,
    released: 3_000n,
    ordered: 10_000n,
  },
  {
    name: 'canceled in part, a debit that fits no reading: what is shown, and a hold tells',
    order: orderOf({ lines: [lineOf({ ...reduced, cancelations: [part] })] }),
    debited: 5_000n,
    share: 7_000n,
    released: 3_000n,
    ordered: 10_000n,
  },
  {
    name: 'no line kept',
    order: orderOf({ state: 'REFUSED', lines: [lineOf({ state: 'REFUSED' })] }),
    share: 0n,
    released: 10_000n,
    ordered: 10_000n,
  },
  { name: 'no lines', order: orderOf({ lines: [] }), share: 0n, released: 0n, ordered: 0n },
]

describe('amounts of an order', () => {
  it.each(cases)('$name', ({ order, debited, share, released, ordered }) => {
    expect(customerShare(order, debited ?? null)).toBe(share)
    expect(releasedShare(order)).toBe(released)
    expect(orderedShare(order)).toBe(ordered)
  })

  it('takes taxes and funding of the kept lines only', () => {
    const extra = { taxes: 500n, shippingTaxes: 70n, operatorFunding: 30n }
    const lines = ['SHIPPED', 'REFUSED', 'CANCELED', 'SOMETHING_NEW'].map((state, index) =>
      lineOf({ id: `L${index}`, state, ...extra }),
    )
    const order = orderOf({ lines })
    expect(keptTaxes(order, null, 'goods')).toBe(1_000n)
    expect(keptTaxes(order, null, 'goods_and_shipping')).toBe(1_140n)
    expect(operatorFunding(order)).toBe(60n)
  })

  it('counts refunds once the marketplace shows them as paid, on whatever line', () => {
    const open = lineRefundOf({ id: 'R2', paid: false, amount: 999n })
    const paid = lineRefundOf({ shipping: 200n, taxes: 600n })
    const lines = [
      lineOf({ refunds: [paid, open] }),
      lineOf({ id: 'L2', refunds: [lineRefundOf({ id: 'R3', amount: 100n, commission: 1n })] }),
    ]
    expect(paidRefunds(orderOf({ lines }))).toEqual({ amount: 3_300n, commission: 301n })
    const onTop = orderOf({ lines, taxMode: 'excluded' })
    expect(paidRefunds(onTop)).toEqual({ amount: 3_900n, commission: 301n })
  })
})

describe('amounts of any order', () => {
  const each = (check: (basket: Basket) => void) =>
    fc.assert(fc.property(anyBasket, check), { numRuns: 300 })

  it('the share is what the customer pays for the kept lines', () => {
    each(({ orders }) => {
      for (const { order, kept } of orders) expect(customerShare(order, null)).toBe(kept)
    })
  })

  it('the debit leads to the same share, with and without funding of the operator', () => {
    each(({ orders }) => {
      for (const { order, kept } of orders) {
        expect(customerShare(order, kept)).toBe(kept)
        expect(customerShare(order, kept - operatorFunding(order))).toBe(kept)
      }
    })
  })

  it('share and released part are what was ordered', () => {
    each(({ orders }) => {
      for (const { order, ordered, kept } of orders) {
        expect(releasedShare(order)).toBe(ordered - kept)
        expect(orderedShare(order)).toBe(ordered)
      }
    })
  })
})
