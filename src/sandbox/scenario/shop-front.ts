import { toText } from '../mirakl/decimal.ts'
import type { LineInput } from '../mirakl/purchases.ts'
import { customerOf } from './cast.ts'
import type { PlannedLine, PlannedPurchase } from './purchase-plan.ts'
import { totalOf } from './purchase-plan.ts'
import type { Stage } from './stage.ts'

/** The metadata key under which a payment names its purchase. */
export const purchaseKey = 'mirakl_commercial_order_id'

/**
 * A customer pays, then the front places the order: so does a shop front of Mirakl's. A declined
 * card leaves an order without money, as a front does that does not wait for the answer.
 * @returns the ids of the orders, in the order of the plan
 */
export async function buy(stage: Stage, purchase: PlannedPurchase): Promise<readonly string[]> {
  const total = totalOf(purchase)
  // Three-decimal amounts must end in 0 at Stripe: the front rounds the basket up.
  const amount = purchase.currency === 'KWD' ? Math.ceil(total / 10) * 10 : total
  const answer = await stage.stripeApi.post('/v1/payment_intents', {
    amount,
    currency: purchase.currency.toLowerCase(),
    payment_method: purchase.card,
    confirm: true,
    capture_method: purchase.upFront ? 'automatic' : 'manual',
    description: `Purchase ${purchase.id}`,
    metadata: { [purchaseKey]: purchase.id },
  })
  if (answer.status !== 200 && answer.status !== 402) {
    throw new Error(`The payment of ${purchase.id} was refused with ${answer.status}`)
  }
  if (purchase.orders.length === 0) return []
  const ids = stage.mirakl.placePurchase({
    commercialId: purchase.id,
    customer: customerOf(purchase.customer),
    currency: purchase.currency,
    taxMode: purchase.taxMode,
    orders: purchase.orders.map(order => ({
      shopId: order.shopId,
      lines: order.lines.map(line => lineInput(line, purchase.currency)),
    })),
  })
  const [first] = ids
  if (purchase.patch !== undefined && first !== undefined) {
    stage.mirakl.corruptOrder(first, { ...purchase.patch })
  }
  return ids
}

function lineInput(line: PlannedLine, currency: string): LineInput {
  const text = (minor: number): string => toText(BigInt(minor), currency)
  return {
    title: line.title,
    price: text(line.price),
    shipping: text(line.shipping),
    taxes: text(line.tax),
    shippingTaxes: text(line.shippingTax),
    commission: text(line.commission),
    commissionTax: text(line.commissionTax),
    fundingOperator: text(line.funding),
  }
}
