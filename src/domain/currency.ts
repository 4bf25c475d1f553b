/**
 * Currencies and their number of decimals, from ISO 4217 (table A.1, "minor unit").
 * Providers that count otherwise (Stripe treats ISK and UGX as two-decimal, HUF payouts as whole
 * units ...) are dealt with in their adapter, not here.
 */

const zeroDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
const threeDecimals = 'BHD IQD JOD KWD LYD OMR TND'
const twoDecimals =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD ' +
  'CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD ' +
  'GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL ' +
  'MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK ' +
  'PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB ' +
  'TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'

const decimals = new Map<string, number>([
  ...zeroDecimals.split(' ').map(code => [code, 0] as const),
  ...twoDecimals.split(' ').map(code => [code, 2] as const),
  ...threeDecimals.split(' ').map(code => [code, 3] as const),
])

/** ISO 4217 code in upper case, for example `EUR`. */
export type Currency = string

/** Is this an ISO 4217 code that Tributary knows (upper case)? */
export function isCurrency(code: string): boolean {
  return decimals.has(code)
}

/**
 * Number of decimals of a currency: 0, 2 or 3.
 * @throws RangeError for a code that is not in the table; callers check with `isCurrency` first
 * when the code comes from outside.
 */
export function decimalsOf(currency: Currency): number {
  const found = decimals.get(currency)
  if (found === undefined) throw new RangeError(`unknown currency ${currency}`)
  return found
}

/** Every known code, for tests and for the documentation of the table. */
export function allCurrencies(): readonly Currency[] {
  return [...decimals.keys()]
}
