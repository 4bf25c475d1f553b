import { special } from './cast.ts'
import { plainLine } from './goods.ts'
import { plainOrder, plainPurchase as purchase } from './plain-purchase.ts'
import type { PlannedLine, PlannedOrder, PlannedPurchase, PlannedRefund } from './purchase-plan.ts'

/** Accepted on the day it was bought on, and sent back later. */
function sentBack(
  shopId: number,
  lines: readonly PlannedLine[],
  day: number,
  refunds: readonly PlannedRefund[],
): PlannedOrder {
  return { ...plainOrder(shopId, lines, day), refunds }
}

/** Its refund cannot reach the customer's bank. */
export const unreachable = 'REFUND-THAT-FAILS'

/** Purchases of which something goes back, by day; their names say when it does. */
export const refundPurchases: Readonly<Record<number, readonly PlannedPurchase[]>> = {
  1: [
    // The seller is ready on the third day: until then nothing is split.
    purchase('REFUND-BEFORE-SPLIT', [
      sentBack(2016, [plainLine(10_000, 1_000)], 1, [{ day: 2, line: 0, percent: 30 }]),
    ]),
    purchase('ALL-BACK-BEFORE-SPLIT', [
      sentBack(2016, [plainLine(3_300, 330)], 1, [{ day: 2, line: 0 }]),
    ]),
    purchase('REFUND-AFTER-PAYOUT', [
      sentBack(special.paidOut, [plainLine(12_000, 1_200)], 1, [{ day: 6, line: 0, percent: 50 }]),
    ]),
  ],
  2: [
    purchase('REFUND-AFTER-SPLIT', [
      sentBack(2005, [plainLine(10_000, 1_000)], 2, [{ day: 3, line: 0, percent: 30 }]),
    ]),
    purchase('REFUNDS-ON-A-LINE', [
      sentBack(2006, [plainLine(5_000, 500), plainLine(2_000, 200)], 2, [
        { day: 4, line: 0, percent: 20 },
        { day: 4, line: 0, percent: 10 },
        { day: 4, line: 1 },
      ]),
    ]),
    // The other order keeps its authorisation, and is answered only after the refund.
    purchase('REFUND-BEFORE-CAPTURE', [
      sentBack(2007, [plainLine(8_000, 800)], 2, [{ day: 3, line: 0, percent: 25 }]),
      plainOrder(2008, [plainLine(4_000, 400)], 3),
    ]),
    purchase(unreachable, [
      sentBack(2004, [plainLine(10_000, 1_000)], 2, [{ day: 3, line: 0, percent: 30 }]),
    ]),
    purchase('ALL-BACK-AFTER-SPLIT', [
      sentBack(2001, [plainLine(7_000, 700)], 2, [{ day: 4, line: 0 }]),
      sentBack(2003, [plainLine(6_000, 600)], 2, [{ day: 4, line: 0 }]),
    ]),
    purchase('PROMOTION-SENT-BACK', [
      sentBack(2007, [{ ...plainLine(10_000, 2_000), funding: 1_000 }], 2, [{ day: 4, line: 0 }]),
    ]),
    purchase(
      'YEN-SENT-BACK',
      [sentBack(2026, [plainLine(5_000, 500)], 2, [{ day: 4, line: 0, percent: 33 }])],
      { currency: 'JPY' },
    ),
    purchase(
      'DINARS-SENT-BACK',
      [sentBack(2034, [plainLine(10_001, 1_234)], 2, [{ day: 3, line: 0, percent: 33 }])],
      { currency: 'KWD' },
    ),
  ],
  // What the seller of REFUND-AFTER-PAYOUT gives back comes out of this.
  6: [purchase('SOLD-AFTER-PAYOUT', [plainOrder(special.paidOut, [plainLine(15_000, 1_500)], 6)])],
}
