import type { CastShop } from './cast.ts'
import type { Dice } from './dice.ts'
import type { PlannedLine, PlannedPurchase } from './purchase-plan.ts'

/** Prices that look like prices: minor units of the cheapest and the dearest thing. */
const ranges: Readonly<Record<CastShop['currency'], readonly [number, number]>> = {
  EUR: [790, 18_900],
  GBP: [650, 14_500],
  JPY: [980, 24_800],
  KWD: [1_234, 42_500],
}

/** Percent of the price that are tax, as the country has it. */
const taxRates: Readonly<Record<CastShop['currency'], number>> = {
  EUR: 20,
  GBP: 20,
  JPY: 10,
  KWD: 0,
}

const titles: Readonly<Record<CastShop['currency'], readonly string[]>> = {
  EUR: ['Lampe en chêne', 'Teeschale', 'Carnet relié', 'Wolldecke', 'Tazza blu', 'Jarrón'],
  GBP: ['Oak stool', 'Beeswax candle', 'Woollen throw', 'Letterpress print'],
  JPY: ['和紙ノート', '鉄瓶', '木の器', '毛糸の帽子'],
  KWD: ['عود', 'تمر', 'سجادة سدو', 'Incense burner'],
}

/** A line of the shop, with a commission of 8 to 16 percent and its tax. */
export function drawLine(
  dice: Dice,
  shop: CastShop,
  taxMode: PlannedPurchase['taxMode'],
): PlannedLine {
  const [least, most] = ranges[shop.currency]
  const price = dice.between(least, most)
  const shipping = dice.chance(60) ? dice.between(Math.round(least / 3), least) : 0
  const rate = taxRates[shop.currency]
  const commission = Math.round((price * dice.between(8, 16)) / 100)
  return {
    title: dice.oneOf(titles[shop.currency]),
    price,
    shipping,
    tax: taxIn(price, rate, taxMode),
    shippingTax: taxIn(shipping, rate, taxMode),
    commission,
    commissionTax: Math.round((commission * rate) / 100),
    funding: dice.chance(8) ? Math.round(price / 20) : 0,
  }
}

function taxIn(amount: number, rate: number, taxMode: PlannedPurchase['taxMode']): number {
  const base = taxMode === 'TAX_INCLUDED' ? 100 + rate : 100
  return Math.round((amount * rate) / base)
}

/** A line with nothing but a price and a commission. */
export function plainLine(price: number, commission: number): PlannedLine {
  return {
    title: 'Oak lamp',
    price,
    shipping: 0,
    tax: 0,
    shippingTax: 0,
    commission,
    commissionTax: 0,
    funding: 0,
  }
}
