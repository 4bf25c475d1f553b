import { toText } from '../../src/sandbox/mirakl/decimal.ts'
import { type World, purchaseKey } from './world.ts'

/** A purchase as its customer made it; minor units. */
export interface Purchase {
  readonly id: string
  readonly authorised: number
  readonly ownGoods: number
  readonly upFront: boolean
  readonly declined: boolean
}

interface Line {
  price: number
  shipping: number
  commission: number
  tax: number
  funding: number
}

function drawLine(world: World): Line {
  const { dice } = world
  const price = dice.between(100, 9_000)
  // A commission above the price now and then: the seller owes the operator then.
  const percent = dice.chance(4) ? dice.between(90, 140) : dice.between(5, 20)
  return {
    price,
    shipping: dice.chance(40) ? dice.between(50, 900) : 0,
    commission: Math.round((price * percent) / 100),
    tax: dice.chance(40) ? Math.round(price / 6) : 0,
    funding: dice.chance(8) ? Math.round(price / 20) : 0,
  }
}

/** A customer buys from one to three sellers, with goods of the operator in the basket sometimes. */
export async function buy(
  world: World,
  shops: readonly number[],
  number: number,
): Promise<Purchase> {
  const { dice } = world
  const id = `P${String(number).padStart(3, '0')}`
  const chosen = [...new Set(Array.from({ length: dice.between(1, 3) }, () => dice.oneOf(shops)))]
  const orders = chosen.map(shopId => ({
    shopId,
    lines: Array.from({ length: dice.between(1, 3) }, () => drawLine(world)),
  }))
  const excluded = dice.chance(30)
  const ownGoods = dice.chance(20) ? dice.between(1, 40) * 100 : 0
  const owed = orders
    .flatMap(order => order.lines)
    .map(line => line.price + line.shipping + (excluded ? line.tax : 0) - line.funding)
  const authorised = owed.reduce((left, right) => left + right, ownGoods)
  const upFront = dice.chance(25)
  const declined = dice.chance(7)
  const pay = (card: string) =>
    world.stripeApi.post('/v1/payment_intents', {
      amount: authorised,
      currency: 'eur',
      payment_method: card,
      confirm: true,
      capture_method: upFront ? 'automatic' : 'manual',
      metadata: { [purchaseKey]: id },
    })
  const answer = await pay(declined ? 'pm_card_chargeDeclined' : 'pm_card_visa')
  if (answer.status !== 200 && answer.status !== 402) throw new Error(JSON.stringify(answer.body))
  // Half of those who were declined take another card, with a payment of its own.
  const again = declined && dice.chance(50)
  if (again) await pay('pm_card_visa')
  const text = (minor: number): string => toText(BigInt(minor), 'EUR')
  world.mirakl.placePurchase({
    commercialId: id,
    currency: 'EUR',
    taxMode: excluded ? 'TAX_EXCLUDED' : 'TAX_INCLUDED',
    orders: orders.map(order => ({
      shopId: order.shopId,
      lines: order.lines.map(line => ({
        price: text(line.price),
        shipping: text(line.shipping),
        commission: text(line.commission),
        taxes: text(line.tax),
        fundingOperator: text(line.funding),
      })),
    })),
  })
  return { id, authorised, ownGoods, upFront, declined: declined && !again }
}
