import { toText } from '../mirakl/decimal.ts'
import type { PlannedPurchase, PlannedService } from './purchase-plan.ts'
import type { Played, Stage } from './stage.ts'

/** A service as it was ordered, with what becomes of it. */
export interface PlacedService {
  readonly id: string
  readonly purchase: PlannedPurchase
  readonly plan: PlannedService
}

/** Orders the services of a purchase that was paid. */
export function orderServices(stage: Stage, purchase: PlannedPurchase): PlacedService[] {
  const text = (minor: number): string => toText(BigInt(minor), purchase.currency)
  return (purchase.services ?? []).map(plan => {
    const id = stage.mirakl.placeServiceOrder({
      commercialId: purchase.id,
      shopId: plan.shopId,
      currency: purchase.currency,
      price: text(plan.price),
      tax: text(plan.tax),
      options: plan.option === 0 ? [] : [{ code: 'EXPRESS', amount: text(plan.option) }],
      commission: text(plan.commission),
      workflow: plan.consumedOn === undefined ? 'PAY_ON_ACCEPTANCE' : 'PAY_AFTER_CONSUMPTION',
    })
    return { id, purchase, plan }
  })
}

/** What happens to services on a day: answers, what is consumed, and what is asked back. */
export function serve(stage: Stage, placed: readonly PlacedService[], day: number): Played {
  const counts = { accepted: 0, refused: 0, consumed: 0, sentBack: 0 }
  for (const { id, purchase, plan } of placed) {
    if (plan.answeredOn === day && plan.refused) {
      stage.mirakl.refuseServiceOrder(id)
      counts.refused += 1
    }
    if (plan.answeredOn === day && !plan.refused) {
      stage.mirakl.acceptServiceOrder(id)
      counts.accepted += 1
    }
    if (plan.consumedOn === day) {
      stage.mirakl.consumeServiceOrder(id)
      counts.consumed += 1
    }
    const { refund } = plan
    if (refund?.day !== day || !isPaid(stage, id)) continue
    const text = (minor: number): string => toText(BigInt(minor), purchase.currency)
    stage.mirakl.openServiceRefund(id, {
      amount: text(refund.amount),
      commission: text(refund.commission),
    })
    counts.sentBack += 1
  }
  const { accepted, refused, consumed, sentBack } = counts
  return {
    told: `services: ${accepted} accepted, ${refused} refused, ${consumed} consumed, ${sentBack} partly refunded`,
  }
}

function isPaid(stage: Stage, id: string): boolean {
  return stage.mirakl.serviceOrders().some(each => each.orderId === id && each.customerDebited)
}
