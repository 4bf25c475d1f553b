import { plainLine } from './goods.ts'
import { plainOrder, plainPurchase as purchase } from './plain-purchase.ts'
import type { PlannedPurchase, PlannedService } from './purchase-plan.ts'

/** A service of 102.00 with a commission of 10.20: 80.00, its tax 16.00 and an option of 6.00. */
function service(shopId: number, answeredOn: number, more: Partial<PlannedService> = {}) {
  const price = { price: 8_000, tax: 1_600, option: 600, commission: 1_020 }
  return { shopId, answeredOn, refused: false, ...price, ...more }
}

/** Purchases with services in them, by day; their names say what they are about. */
export const servicePurchases: Readonly<Record<number, readonly PlannedPurchase[]>> = {
  1: [
    purchase('SERVICE', [], { services: [service(2001, 2)] }),
    purchase('SERVICE-CONSUMED-LATER', [], { services: [service(2008, 2, { consumedOn: 4 })] }),
  ],
  2: [
    purchase('SERVICE-PARTLY-REFUNDED', [], {
      services: [service(2003, 3, { refund: { day: 5, amount: 3_000, commission: 300 } })],
    }),
    purchase('SERVICE-WITH-GOODS', [plainOrder(2005, [plainLine(4_000, 400)], 2)], {
      services: [service(2006, 3)],
    }),
    // Captured up front: what its seller refuses goes back to the customer.
    purchase('SERVICES-UP-FRONT', [], {
      upFront: true,
      services: [service(2001, 3), service(2008, 3, { refused: true })],
    }),
    purchase('SERVICE-REFUSED', [], { services: [service(2003, 3, { refused: true })] }),
    purchase('SERVICE-IN-YEN', [], {
      currency: 'JPY',
      services: [service(2026, 3, { refund: { day: 5, amount: 2_000, commission: 200 } })],
    }),
  ],
}
