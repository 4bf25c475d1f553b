import type { Currency } from '../../domain/currency.ts'
import type { TaxReading } from '../../domain/order.ts'
import { amountOf, at, type Field, isMissing, listOf, sumOf, Unreadable } from './fields.ts'
import { optionParts, quantityOf } from './service-price.ts'

/**
 * Taxes of the price of a service order (SOR11), with those of its options. Mirakl does not say
 * whether they are for one unit or for all: with a quantity above 1 every reading is given, with the
 * amount that it makes, and the debit decides. Those of a price without an amount (MULTI) count as
 * they stand. What cannot be read sets nothing aside, as nobody may ask: no reading is given then.
 * @returns `readings` null: there is only one
 */
export function priceTaxesOf(
  price: Field,
  currency: Currency,
): { readonly taxes: bigint; readonly readings: readonly TaxReading[] | null } {
  try {
    const taxes = taxesWithOptions(price, currency)
    const quantity = quantityOf(at(price, 'quantity'))
    const unit = at(price, 'amount')
    const isSure = taxes === 0n || quantity === 1n || quantity === null || isMissing(unit)
    if (isSure) return { taxes, readings: null }
    const goods = amountOf(unit, currency) * quantity
    return { taxes, readings: readingsOf(price, currency, { goods, quantity }) }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { taxes: 0n, readings: [] }
  }
}

function readingsOf(
  price: Field,
  currency: Currency,
  { goods, quantity }: { goods: bigint; quantity: bigint },
): TaxReading[] {
  const own = sumOf(at(price, 'taxes'), currency)
  const options = listOf(at(price, 'options')).flatMap(optionParts)
  const ofOptions = options.map(part => sumOf(at(part, 'taxes'), currency))
  const optionTaxes = ofOptions.reduce((left, right) => left + right, 0n)
  const optionNet = options
    .map(part => amountOf(at(part, 'amount'), currency))
    .reduce((left, right) => left + right, 0n)
  return [1n, quantity].flatMap(times =>
    [1n, quantity].map(each => {
      const taxes = own * times + optionTaxes * each
      return { taxes, amount: goods + taxes + optionNet * each }
    }),
  )
}

/** Taxes of a price or a refund as they stand, with those of its options. */
export function taxesWithOptions(part: Field, currency: Currency): bigint {
  const options = listOf(at(part, 'options')).flatMap(optionParts)
  return [part, ...options].reduce((sum, each) => sum + sumOf(at(each, 'taxes'), currency), 0n)
}
