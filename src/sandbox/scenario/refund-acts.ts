import { toText } from '../mirakl/decimal.ts'
import { unreachable } from './refund-purchases.ts'
import type { PlacedOrder } from './seller-acts.ts'
import type { Played, Stage } from './stage.ts'

/** Customers ask for their money; what was never paid for cannot be sent back. */
export function sendBack(stage: Stage, placed: readonly PlacedOrder[], day: number): Played {
  let refunds = 0
  for (const order of placed) {
    for (const refund of order.plan.refunds ?? []) {
      if (refund.day !== day || !isPaid(stage, order, refund.line)) continue
      const line = `${order.id}-${refund.line + 1}`
      const price = order.plan.lines[refund.line]?.price ?? 0
      const { currency } = order.purchase
      const { percent } = refund
      const part =
        percent === undefined
          ? {}
          : { amount: toText(BigInt(Math.floor((price * percent) / 100)), currency) }
      stage.mirakl.openRefund(line, part)
      refunds += 1
    }
  }
  return { told: `customers send ${refunds} things back, wholly or in part` }
}

function isPaid(stage: Stage, { id, purchase }: PlacedOrder, line: number): boolean {
  const order = stage.mirakl.orders(purchase.id).find(each => each.orderId === id)
  const state = order?.lines[line]?.state ?? ''
  return order?.customerDebited === true && !['REFUSED', 'CANCELED'].includes(state)
}

/** The bank of one customer cannot take the refund: the money is the platform's again. */
export async function failRefund(stage: Stage): Promise<Played> {
  const refunds = await stage.stripeApi.list('/v1/refunds')
  const refund = refunds.find(({ metadata, status }) => {
    const order = (metadata as Record<string, string> | undefined)?.['miraklOrderId']
    return status === 'succeeded' && order?.startsWith(unreachable) === true
  })
  if (typeof refund?.['id'] !== 'string') return { told: 'no refund to send back' }
  stage.stripe.failRefund(refund['id'])
  return { told: 'a customer’s bank cannot take a refund' }
}
