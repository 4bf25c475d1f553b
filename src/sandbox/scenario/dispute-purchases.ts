import { plainLine } from './goods.ts'
import { plainOrder, plainPurchase as purchase } from './plain-purchase.ts'
import type { PlannedPurchase } from './purchase-plan.ts'

/** Purchases whose payments are disputed, by the end that it takes for the operator. */
export const disputed = { won: 'DISPUTE-WON', lost: 'DISPUTE-LOST' } as const

/** By day. */
export const disputePurchases: Readonly<Record<number, readonly PlannedPurchase[]>> = {
  1: [
    purchase(disputed.won, [plainOrder(2003, [plainLine(9_000, 900)], 1)]),
    purchase(disputed.lost, [
      plainOrder(2008, [plainLine(11_000, 1_100)], 1),
      // Asks the marketplace for money too, which Stripe refuses while the bank has all of it.
      {
        ...plainOrder(2006, [plainLine(5_000, 500)], 1),
        refunds: [{ day: 4, line: 0, percent: 20 }],
      },
    ]),
  ],
}
