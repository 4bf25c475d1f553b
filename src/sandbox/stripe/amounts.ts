import { invalidParameter, refused } from './failure.ts'

/** Smallest charges by currency, https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const smallest: Record<string, number> = {
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  jpy: 50,
  mxn: 1000,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  usd: 50,
}

/** Currencies whose API amounts are whole units; https://docs.stripe.com/currencies#zero-decimal */
const noDecimals = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ')

/** Currencies with three decimals: the API takes thousandths, but only whole hundredths. */
const threeDecimals = ['bhd', 'jod', 'kwd', 'omr', 'tnd']

/** Two decimals, but banks take whole units; https://docs.stripe.com/currencies#special-cases */
const wholePayouts = ['huf', 'twd']

/** Digits of the minor unit as the API counts them (ISK and UGX have two, both always 0). */
export function decimalsOf(currency: string): number {
  if (threeDecimals.includes(currency)) return 3
  return noDecimals.includes(currency) ? 0 : 2
}

/** Refuses an amount whose last digit the currency cannot pay; https://docs.stripe.com/currencies#three-decimal */
export function checkPayable(amount: number, currency: string, param = 'amount'): void {
  if (!threeDecimals.includes(currency) || amount % 10 === 0) return
  const message = `Invalid amount: ${currency} amounts must be evenly divisible by 10.`
  throw invalidParameter(message, param, 'parameter_invalid_integer')
}

/** Refuses what cannot be paid out: besides the above, parts of a forint or of a Taiwan dollar. */
export function checkBankable(amount: number, currency: string): void {
  checkPayable(amount, currency)
  if (!wholePayouts.includes(currency) || amount % 100 === 0) return
  const message = `Invalid amount: ${currency} payouts must be evenly divisible by 100.`
  throw invalidParameter(message, 'amount', 'parameter_invalid_integer')
}

/** Refuses an amount that cannot be charged to a card. */
export function checkChargeable(amount: number, currency: string, param = 'amount'): void {
  checkPayable(amount, currency, param)
  const least = smallest[currency] ?? 0
  if (amount >= least) return
  const message = `Amount must be no less than ${least} ${currency}`
  throw refused(message, { code: 'amount_too_small', param })
}
