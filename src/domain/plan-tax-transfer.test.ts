import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyBasket } from '../../test/builders/any-basket.ts'
import { anyTransferFacts } from '../../test/builders/any-facts.ts'
import { decided } from '../../test/builders/mending.ts'
import { cancelationOf, lineRefundOf, orderWith } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { accountOf } from '../../test/builders/seller.ts'
import type { Order } from './order.ts'
import { withStandingRefunds } from './order-refunds.ts'
import { planTaxTransfer } from './plan-tax-transfer.ts'
import {
  planFundedTransfer,
  planOrderCollection,
  planTransfer,
  splitOf,
  type TransferFacts,
} from './plan-transfer.ts'
import type { Account } from './seller.ts'
import { type TaxSplit, taxOfRefund, taxScopeOf } from './tax-split.ts'
import { defaultSettings } from './settings.ts'

const account = accountOf({ id: 'acct_tax' })
const goods: TaxSplit = { scope: 'goods', accountId: 'acct_tax', account, promised: false }
const all: TaxSplit = { ...goods, scope: 'goods_and_shipping' }

/** 100.00 with 20.00 of tax inside and a commission of 10.00. */
const taxed = orderWith({ taxes: 2_000n })

const of = (order: Order, change: Partial<TransferFacts> = {}) =>
  transferFacts({ order, taxes: goods, ...change })

/** The seller's transfer and that of the taxes. */
function both(facts: TransferFacts, platform: bigint | null = null): [string, string] {
  const tax = planTaxTransfer(facts, platform, exact)
  return [decided(planTransfer(facts, exact)), tax === null ? 'none' : decided(tax)]
}

describe('taxes kept apart', () => {
  const refund = lineRefundOf({ taxes: 600n })
  it.each<[string, Order, TaxSplit, [string, string]]>([
    ['tax split 100 with tax 20', taxed, goods, ['move 7000', 'move 2000']],
    [
      'taxes beside the price',
      orderWith({ taxes: 2_000n }, { taxMode: 'excluded' }),
      goods,
      ['move 9000', 'move 2000'],
    ],
    [
      'shipping taxes stay with the seller',
      orderWith({ taxes: 2_000n, shippingTaxes: 100n }),
      goods,
      ['move 7000', 'move 2000'],
    ],
    [
      'or go too',
      orderWith({ taxes: 2_000n, shippingTaxes: 100n }),
      all,
      ['move 6900', 'move 2100'],
    ],
    [
      'a refund of 30 before the split',
      orderWith({ taxes: 2_000n, refunds: [refund] }),
      goods,
      ['move 4900', 'move 1400'],
    ],
    [
      'a refund with shipping taxes',
      orderWith({
        taxes: 2_000n,
        shippingTaxes: 100n,
        refunds: [{ ...refund, taxes: 650n, shippingTaxes: 50n }],
      }),
      goods,
      ['move 4900', 'move 1400'],
    ],
    [
      'a part that was canceled and is still shown',
      orderWith(
        {
          taxes: 2_000n,
          cancelations: [cancelationOf({ amount: 3_000n, taxes: 650n, shippingTaxes: 50n })],
        },
        { total: 7_000n },
      ),
      goods,
      ['move 4600', 'move 1400'],
    ],
    ['no taxes', orderWith({}), goods, ['move 9000', 'none']],
    [
      'a commission that leaves nothing beside the tax',
      orderWith({ taxes: 2_000n, commission: 8_000n }),
      goods,
      ['cancel amount_not_positive', 'move 2000'],
    ],
    [
      'a refused order',
      orderWith({ taxes: 2_000n }, { state: 'REFUSED' }),
      goods,
      ['cancel order_refused', 'none'],
    ],
  ])('%s', (_name, order, taxes, expected) => {
    expect(both(of(order, { taxes }))).toEqual(expected)
  })

  it('takes the rest from the seller when commission and tax exceed the share', () => {
    const facts = of(orderWith({ taxes: 2_000n, commission: 9_000n }))
    const collection = planOrderCollection(facts, 5_000n, exact)
    expect(collection && decided(collection)).toBe('move 1000')
  })

  it('says what was kept apart, for the reversals of later', () => {
    const facts = of(orderWith({ taxes: 2_000n, refunds: [refund] }))
    const kept = { tax: '1400', taxes: 'goods', netted: ['R1'] }
    expect(planTransfer(facts, exact).facts).toMatchObject(kept)
    expect(planTaxTransfer(facts, null, exact)).toMatchObject({
      facts: kept,
      account: 'acct_tax',
      parties: { sellerId: null, orderId: 'C1-A' },
      source: { type: 'order', id: 'C1-A', part: '', sequence: 1 },
      decision: { instruction: { destination: 'acct_tax', sourceCharge: 'ch_1' } },
    })
  })

  it.each<[string, Partial<TransferFacts>, string]>([
    ['as the transfer', { payment: paymentOf({ status: 'authorized' }) }, 'payment_not_captured'],
    ['no account', { taxes: { ...goods, accountId: null, account: null } }, 'tax_account_missing'],
    ['not known', { taxes: { ...goods, account: null } }, 'tax_account_unusable'],
    [
      'not ready',
      { taxes: { ...goods, account: { ...account, transfersActive: false } } },
      'tax_account_unusable',
    ],
    [
      'lost',
      { taxes: { ...goods, account: { ...account, standing: 'lost' } } },
      'tax_account_unusable',
    ],
  ])('waits: %s', (_name, change, reason) => {
    expect(both(of(taxed, change))[1]).toBe(`hold ${reason}`)
  })

  it('is not sent where the order was moved before, but where that was net of it', () => {
    expect(both(of(taxed, { movedBefore: true }))[1]).toBe('cancel already_moved')
    const promised = { ...goods, promised: true }
    expect(both(of(taxed, { movedBefore: true, taxes: promised }))[1]).toBe('move 2000')
  })

  it('comes from the platform where the customer paid less than the tax', () => {
    const facts = of(orderWith({ taxes: 2_000n, operatorFunding: 8_500n }), { debited: 1_500n })
    expect(both(facts)).toEqual(['move 1500', 'hold platform_balance_short'])
    expect(both(facts, 2_000n)).toEqual(['move 1500', 'move 2000'])
    expect(planTaxTransfer(facts, 2_000n, exact)?.decision).toMatchObject({
      instruction: { sourceCharge: null },
    })
    const more = of(orderWith({ taxes: 2_000n, operatorFunding: 4_000n }), { debited: 6_000n })
    expect(both(more)).toEqual(['move 4000', 'move 2000'])
    const funded = planFundedTransfer(more, 9_000n, exact)
    expect(funded && decided(funded)).toBe('move 3000')
  })

  const converted = paymentOf({
    status: 'captured',
    settled: { amount: 9_138n, currency: 'USD' },
  })
  const keeping = (change: Partial<Account>): Partial<TransferFacts> => ({
    payment: converted,
    taxes: { ...goods, account: { ...account, ...change } },
  })
  it.each<[string, Partial<TransferFacts>, string]>([
    ['its own currency', keeping({ currency: 'USD', banks: {} }), 'move 1827'],
    ['one that it has a bank for', keeping({ banks: { USD: 'ba_2' } }), 'move 1827'],
    ['another', keeping({ currency: 'GBP' }), 'hold tax_account_currency'],
    ['the order’s', keeping({}), 'hold tax_account_currency'],
    ['nothing is known', keeping({ currency: null, banks: null }), 'hold tax_account_currency'],
  ])('of a converted payment need an account that keeps what it brought: %s', (_, change, due) => {
    const facts = of(taxed, change)
    const plan = planTaxTransfer(facts, null, exact)
    expect(both(facts)).toEqual(['move 6396', due])
    // A fifth of what the payment brought, rounded down; both amounts are kept.
    expect(plan).toMatchObject({ currency: 'USD', original: { amount: 2_000n, currency: 'EUR' } })
    if (due === 'move 1827')
      expect(plan?.decision).toMatchObject({ instruction: { currency: 'USD', amount: 1_827n } })
  })

  it('wait until the order shows a refund that the customer has', () => {
    const known = { id: 'R9', amount: 3_000n, share: 3_000n, commission: 300n, stands: true }
    const order = withStandingRefunds(taxed, [known])
    expect(both(of(order))).toEqual(['hold amount_unreadable', 'hold amount_unreadable'])
    expect(both(of(order, { taxes: null }))).toEqual(['move 6300', 'none'])
    const refused = withStandingRefunds(taxed, [{ ...known, stands: false }])
    expect(both(of(refused))).toEqual(['move 7000', 'move 2000'])
  })

  it('shows the tax of a refund once the order shows the refund', () => {
    const order = orderWith({ refunds: [lineRefundOf({ taxes: 650n, shippingTaxes: 50n })] })
    expect(taxOfRefund(order, 'R1', 'goods')).toBe(600n)
    expect(taxOfRefund(order, 'R1', 'goods_and_shipping')).toBe(650n)
    expect(taxOfRefund(order, 'R2', 'goods')).toBe(0n)
    expect(taxOfRefund(null, 'R1', 'goods')).toBe(0n)
  })
})

describe('any order', () => {
  it('is shared out whole: seller, tax, commission', () => {
    fc.assert(
      fc.property(anyBasket, fc.constantFrom(goods, all), ({ orders }, taxes) => {
        for (const { order, kept } of orders) {
          const facts = transferFacts({ order, taxes })
          const parts = [
            planTransfer(facts, exact),
            planTaxTransfer(facts, 10n ** 20n, exact),
            planFundedTransfer(facts, 10n ** 20n, exact),
          ]
          const given = parts.map(part =>
            part?.decision.to === 'move' ? part.decision.amount : 0n,
          )
          const collection = planOrderCollection(facts, 10n ** 20n, exact)?.decision
          const taken = collection?.to === 'move' ? collection.amount : 0n
          const sent = given.reduce((sum, amount) => sum + amount, 0n)
          expect(sent - taken + splitOf(order, null).commission).toBe(kept)
        }
      }),
    )
  })

  it('is planned as if it had no taxes while the switch is off', () => {
    expect(taxScopeOf(defaultSettings)).toBeNull()
    expect(taxScopeOf({ ...defaultSettings, taxOnShipping: true, taxAccount: 'acct_1' })).toBeNull()
    const plans = (facts: TransferFacts) => [
      planTransfer(facts, exact),
      planTaxTransfer(facts, 10n ** 20n, exact),
      planFundedTransfer(facts, 10n ** 20n, exact),
      planOrderCollection(facts, 10n ** 20n, exact),
    ]
    fc.assert(
      fc.property(anyTransferFacts, facts => {
        const [transfer, tax, ...others] = plans(facts)
        expect(tax).toBeNull()
        expect(plans({ ...facts, order: withTaxesInPrices(facts.order) })).toEqual([
          transfer,
          tax,
          ...others,
        ])
      }),
      { numRuns: 500 },
    )
  })
})

/** The same order of a marketplace that knows no taxes: what it charges is its price. */
function withTaxesInPrices(order: Order): Order {
  const added = (taxes: bigint) => (order.taxMode === 'excluded' ? taxes : 0n)
  const kept = order.lines.filter(line => line.state !== 'REFUSED' && line.state !== 'CANCELED')
  const taxes = kept.reduce((sum, line) => sum + line.taxes + line.shippingTaxes, 0n)
  const first = splitOf(order, null)
  const shown = kept.reduce((sum, line) => sum + line.total, 0n) + added(taxes)
  const part = <T extends { readonly amount: bigint; readonly taxes: bigint }>(each: T): T => ({
    ...each,
    amount: each.amount + added(each.taxes),
    taxes: 0n,
  })
  return {
    ...order,
    taxMode: 'included',
    // `total_price` says which reading of canceled parts is right: it must say the same.
    total: first.share === shown ? shown : first.share,
    lines: order.lines.map(line => ({
      ...line,
      total: line.total + added(line.taxes + line.shippingTaxes),
      taxes: 0n,
      shippingTaxes: 0n,
      cancelations: line.cancelations.map(part),
      refunds: line.refunds.map(part),
    })),
  }
}
