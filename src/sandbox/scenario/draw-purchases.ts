import { cast, special } from './cast.ts'
import type { CastShop } from './cast.ts'
import type { Dice } from './dice.ts'
import { drawLine } from './goods.ts'
import type { Fate, PlannedOrder, PlannedPurchase, PlannedRefund } from './purchase-plan.ts'

/** How many customers buy on each day: the weekend is busy. */
export const purchasesPerDay: readonly number[] = [34, 30, 32, 36, 42, 54, 46]

/** The purchases of one day, every one of them an everyday one. */
export function drawPurchases(dice: Dice, day: number): PlannedPurchase[] {
  const count = purchasesPerDay[day - 1] ?? 0
  return Array.from({ length: count }, (_, at) => drawPurchase(dice, day, at + 1))
}

function drawPurchase(dice: Dice, day: number, number: number): PlannedPurchase {
  const open = cast.filter(shop => shop.soldByChance && (shop.id !== special.shares || day > 2))
  const first = dice.oneOf(open)
  const currency = first.currency
  const neighbours = open.filter(shop => shop.currency === currency && shop !== first)
  const taxMode = currency === 'GBP' || dice.chance(20) ? 'TAX_EXCLUDED' : 'TAX_INCLUDED'
  const shops = [first]
  if (dice.chance(30)) shops.push(dice.oneOf(neighbours))
  if (dice.chance(6)) shops.push(dice.oneOf(neighbours))
  return {
    id: `P${day}${String(number).padStart(3, '0')}`,
    customer: dice.between(0, 400),
    currency,
    taxMode,
    card: dice.oneOf(['pm_card_visa', 'pm_card_mastercard', 'pm_card_cartesBancaires']),
    upFront: dice.chance(5),
    ownGoods: dice.chance(7) ? dice.between(10, 60) * 100 : 0,
    orders: [...new Set(shops)].map(shop => drawOrder(dice, shop, taxMode, day)),
  }
}

function drawOrder(
  dice: Dice,
  shop: CastShop,
  taxMode: PlannedPurchase['taxMode'],
  day: number,
): PlannedOrder {
  const count = dice.chance(35) ? dice.between(2, 3) : 1
  const lines = Array.from({ length: count }, () => drawLine(dice, shop, taxMode))
  const fate = drawFate(dice, count)
  const answers = { day: dice.chance(15) ? day + 1 : day, hour: 15 }
  const refunds = fate.seller === 'accepts' ? drawRefunds(dice, answers.day) : []
  return { shopId: shop.id, lines, fate, answers, refunds }
}

/** A few customers send something back in the days after; some of them twice. */
function drawRefunds(dice: Dice, accepted: number): PlannedRefund[] {
  if (!dice.chance(6)) return []
  const day = accepted + dice.between(1, 3)
  if (dice.chance(40)) return [{ day, line: 0 }]
  const first: PlannedRefund = { day, line: 0, percent: dice.between(5, 40) }
  return dice.chance(25) ? [first, { day: day + 1, line: 0, percent: 12 }] : [first]
}

function drawFate(dice: Dice, lines: number): Fate {
  const roll = dice.between(1, 100)
  if (roll <= 5) return { seller: 'refuses' }
  if (roll <= 8) return { seller: 'canceled' }
  if (roll <= 15 && lines > 1) return { seller: 'accepts', refuses: [lines - 1] }
  if (roll <= 20) return { seller: 'accepts', trims: 0 }
  return { seller: 'accepts' }
}
