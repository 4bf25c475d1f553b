import fc from 'fast-check'
import type { Order, OrderLine } from '../../src/domain/order.ts'
import { at } from './moments.ts'
import { lineOf, orderOf } from './order.ts'

/** An order and what is true of it, however Mirakl shows it. Minor units, taxes included. */
export interface KnownOrder {
  readonly order: Order
  /** What it cost when it was placed. */
  readonly ordered: bigint
  /** What is left of that behind refusals and cancelations. */
  readonly kept: bigint
  /** The operator's part of `ordered`, and of `kept`: the customer authorised the rest only. */
  readonly funded: bigint
  readonly keptFunded: bigint
}

/** A purchase of some orders, and goods of the operator that are in none of them. */
export interface Basket {
  readonly orders: readonly KnownOrder[]
  readonly ownGoods: bigint
}

/** Goods, their taxes, and the part of both that was canceled; net amounts. */
interface Sale {
  readonly net: bigint
  readonly taxes: bigint
  readonly shippingTaxes: bigint
  readonly canceledNet: bigint
  readonly canceledTaxes: bigint
  readonly state: string
  readonly funding: bigint
}

const sale: fc.Arbitrary<Sale> = fc
  .record({
    net: fc.bigInt({ min: 2n, max: 10n ** 9n }),
    taxes: fc.bigInt({ min: 0n, max: 10n ** 8n }),
    shippingTaxes: fc.bigInt({ min: 0n, max: 1000n }),
    fate: fc.constantFrom('whole', 'whole', 'part', 'refused', 'canceled'),
    percent: fc.bigInt({ min: 1n, max: 99n }),
    funding: fc.bigInt({ min: 0n, max: 100n }),
  })
  .map(({ fate, percent, ...raw }) => {
    // The operator pays no more than what is left of the goods.
    const left = raw.net - (fate === 'part' ? (raw.net * percent) / 100n || 1n : 0n)
    const goods = { ...raw, funding: raw.funding < left ? raw.funding : left }
    const some = (amount: bigint) => (amount * percent) / 100n
    // At least one unit of goods: nobody cancels taxes alone.
    const part = { canceledNet: some(goods.net) || 1n, canceledTaxes: some(goods.taxes) }
    const none = { canceledNet: 0n, canceledTaxes: 0n }
    if (fate === 'part') return { ...goods, ...part, state: 'SHIPPING' }
    if (fate === 'refused') return { ...goods, ...none, state: 'REFUSED' }
    if (fate === 'whole') return { ...goods, ...none, state: 'SHIPPING' }
    const whole = { canceledNet: goods.net, canceledTaxes: goods.taxes + goods.shippingTaxes }
    return { ...goods, ...whole, state: 'CANCELED' }
  })

function lineFrom(each: Sale, index: number, shown: 'reduced' | 'first'): OrderLine {
  const gone = each.state === 'CANCELED'
  const less = gone || shown === 'reduced'
  const canceled = each.canceledNet > 0n
  return lineOf({
    id: `L${index}`,
    state: each.state,
    total: each.net - (less ? each.canceledNet : 0n),
    taxes: gone ? 0n : each.taxes - (less ? each.canceledTaxes : 0n),
    shippingTaxes: gone ? 0n : each.shippingTaxes,
    commission: 0n,
    operatorFunding: gone ? 0n : each.funding,
    cancelations: canceled
      ? [
          {
            id: `X${index}`,
            amount: each.canceledNet,
            shipping: 0n,
            taxes: each.canceledTaxes,
            commission: 0n,
            operatorFunding: gone ? each.funding : 0n,
          },
        ]
      : [],
  })
}

const knownOrder: fc.Arbitrary<KnownOrder> = fc
  .record({
    sales: fc.array(sale, { minLength: 1, maxLength: 5 }),
    taxMode: fc.constantFrom('included' as const, 'excluded' as const),
    shown: fc.constantFrom('reduced' as const, 'first' as const),
    commission: fc.bigInt({ min: 0n, max: 10n ** 8n }),
  })
  .map(({ sales, taxMode, shown, commission }) => {
    const taxed = taxMode === 'excluded'
    const sold = sales.filter(each => each.state === 'SHIPPING')
    const sum = (list: readonly Sale[], of: (each: Sale) => bigint) =>
      list.reduce((total, each) => total + of(each), 0n)
    const paid = (each: Sale) => each.net + (taxed ? each.taxes + each.shippingTaxes : 0n)
    const canceled = (each: Sale) => each.canceledNet + (taxed ? each.canceledTaxes : 0n)
    const order = orderOf({
      taxMode,
      commission,
      total: sum(sold, each => each.net - each.canceledNet),
      lines: sales.map((each, index) => lineFrom(each, index, shown)),
    })
    return {
      order,
      ordered: sum(sales, paid),
      kept: sum(sold, each => paid(each) - canceled(each)),
      funded: sum(sales, each => each.funding),
      keptFunded: sum(sold, each => each.funding),
    }
  })

/**
 * Any purchase: refused lines, lines canceled wholly and in part (with their taxes), both tax modes,
 * both readings of a line that was canceled in part.
 */
export const anyBasket: fc.Arbitrary<Basket> = fc
  .record({
    orders: fc.array(knownOrder, { minLength: 1, maxLength: 4 }),
    ownGoods: fc.bigInt({ min: 0n, max: 10n ** 6n }),
  })
  .map(({ orders, ownGoods }) => ({
    ownGoods,
    orders: orders.map((known, index) => ({
      ...known,
      order: { ...known.order, id: `C1-${index}`, debitedAt: at('08:30') },
    })),
  }))
