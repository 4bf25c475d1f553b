import type { Fate, PlannedLine, PlannedOrder, PlannedPurchase } from './purchase-plan.ts'

export const accepted: Fate = { seller: 'accepts' }

/** An order that its seller answers on `day`; it is accepted unless another fate is given. */
export function plainOrder(
  shopId: number,
  lines: readonly PlannedLine[],
  day: number,
  fate: Fate = accepted,
  hour = 15,
): PlannedOrder {
  return { shopId, lines, fate, answers: { day, hour } }
}

/** A purchase in EUR by card, authorised and with all taxes inside, unless `more` says otherwise. */
export function plainPurchase(
  id: string,
  orders: readonly PlannedOrder[],
  more: Partial<PlannedPurchase> = {},
): PlannedPurchase {
  return {
    id,
    customer: 7,
    currency: 'EUR',
    taxMode: 'TAX_INCLUDED',
    card: 'pm_card_visa',
    upFront: false,
    ownGoods: 0,
    orders,
    ...more,
  }
}
