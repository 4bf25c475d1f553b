import { invalidParameter, refused } from './failure.ts'

/** Smallest charges by currency, https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const smallest: Record<string, number> = { eur: 50, gbp: 30, jpy: 50 }

/** Currencies with three decimals: the API takes thousandths, but only whole hundredths. */
const threeDecimals = ['kwd']

/** Refuses an amount whose last digit the currency cannot pay; https://docs.stripe.com/currencies#three-decimal */
export function checkPayable(amount: number, currency: string, param = 'amount'): void {
  if (!threeDecimals.includes(currency) || amount % 10 === 0) return
  const message = `Invalid amount: ${currency} amounts must be evenly divisible by 10.`
  throw invalidParameter(message, param, 'parameter_invalid_integer')
}

/** Refuses an amount that cannot be charged to a card. */
export function checkChargeable(amount: number, currency: string, param = 'amount'): void {
  checkPayable(amount, currency, param)
  const least = smallest[currency] ?? 0
  if (amount >= least) return
  const message = `Amount must be no less than ${least} ${currency}`
  throw refused(message, { code: 'amount_too_small', param })
}
