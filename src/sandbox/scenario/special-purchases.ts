import { special } from './cast.ts'
import { plainLine } from './goods.ts'
import { accepted, plainOrder as order, plainPurchase as purchase } from './plain-purchase.ts'
import type { PlannedPurchase } from './purchase-plan.ts'

/** Purchases that every week must have, by day; their names say what they are about. */
export const specialPurchases: Readonly<Record<number, readonly PlannedPurchase[]>> = {
  1: [
    purchase('SLOW-SELLER', [
      order(2002, [plainLine(4_200, 420)], 1),
      // Answers on the eighth day, an hour before the authorisation ends.
      order(special.slow, [plainLine(6_450, 645)], 8, accepted, 9),
    ]),
    purchase('YEN', [order(2026, [plainLine(5_000, 500)], 1)], { currency: 'JPY' }),
    purchase(
      'THREE-DECIMALS',
      [1, 2, 3].map(() => order(2032, [plainLine(1_234, 0)], 1)),
      {
        currency: 'KWD',
      },
    ),
    purchase('DINAR-COMMISSION', [order(2034, [plainLine(10_000, 1_234)], 1)], {
      currency: 'KWD',
    }),
    purchase('SOLD-BEFORE-CHEAP', [order(special.cheap, [plainLine(9_900, 990)], 1)]),
  ],
  2: [
    purchase('DECLINED', [order(2001, [plainLine(3_500, 350)], 2)], {
      card: 'pm_card_chargeDeclined',
    }),
    purchase('UNREADABLE', [order(2004, [plainLine(1_008, 100)], 2)], {
      patch: { price: '10.075', total_price: '10.075' },
    }),
    purchase('OWN-GOODS', [order(2005, [plainLine(10_000, 1_000)], 2)], { ownGoods: 5_000 }),
    purchase(
      'PAID-UP-FRONT',
      [
        order(2006, [plainLine(8_000, 800)], 2),
        order(2011, [plainLine(4_500, 450)], 2, { seller: 'refuses' }),
      ],
      { upFront: true },
    ),
    purchase('PROMOTION', [
      order(
        2007,
        [
          { ...plainLine(6_000, 600), funding: 600 },
          { ...plainLine(3_000, 300), funding: 300 },
        ],
        2,
        { seller: 'accepts', refuses: [1] },
      ),
    ]),
    purchase('PARTLY-CANCELED', [
      order(2008, [{ ...plainLine(9_000, 900), shipping: 600 }], 2, {
        seller: 'accepts',
        trims: 0,
      }),
    ]),
  ],
  3: [
    purchase('ALL-REFUSED', [
      order(2013, [plainLine(2_500, 250)], 3, { seller: 'refuses' }),
      order(2014, [plainLine(3_500, 350)], 3, { seller: 'refuses' }),
    ]),
    purchase('GIVEN-UP', [order(2015, [plainLine(5_500, 550)], 3, { seller: 'canceled' })]),
  ],
  // The first cycle of this seller was negative: a part of what it owes comes out of this sale...
  5: [
    purchase('SMALL-SALE-OF-A-DEBTOR', [order(special.negative, [plainLine(4_000, 400)], 5)]),
    // The operator pays more of the price than its commission is: its balance adds the rest.
    purchase('PROMOTION-ABOVE-COMMISSION', [
      order(2001, [{ ...plainLine(6_000, 600), funding: 1_500 }], 5),
    ]),
  ],
  // ... and the rest out of this one.
  7: [purchase('SALE-OF-A-DEBTOR', [order(special.negative, [plainLine(10_000, 1_000)], 7)])],
  4: [purchase('COMMISSION-ABOVE-PRICE', [order(special.cheap, [plainLine(200, 300)], 4)])],
}
