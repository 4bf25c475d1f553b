import type { Currency } from '../../domain/currency.ts'
import type { ServiceQuote } from '../../domain/order.ts'
import {
  amountOf,
  at,
  type Field,
  isMissing,
  listOf,
  sumOf,
  nameOrNull,
  Unreadable,
} from './fields.ts'

/**
 * What the price of a service order (SOR11) says, for an order that was given up before it had a
 * debit (SPA11); with a debit nobody asks. Mirakl does not say whether taxes and options beside a
 * unit price are for one unit or for all: with a quantity above 1 both readings are given. MULTI
 * prices show no taxes, so no amount; what cannot be read gives none either and sets nothing aside.
 */
export function quoteOf(price: Field, currency: Currency): ServiceQuote {
  const type = nameOrNull(at(price, 'type')) ?? ''
  const estimated = type.startsWith('ESTIMATED')
  try {
    return { amounts: readingsOf(price, currency), estimated }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { amounts: [], estimated }
  }
}

function readingsOf(price: Field, currency: Currency): bigint[] {
  const unit = at(price, 'amount')
  const quantity = quantityOf(at(price, 'quantity'))
  if (isMissing(unit) || quantity === null) return []
  const goods = amountOf(unit, currency) * quantity
  const taxes = sumOf(at(price, 'taxes'), currency)
  const options = listOf(at(price, 'options'))
    .flatMap(optionParts)
    .map(part => amountOf(at(part, 'amount'), currency) + sumOf(at(part, 'taxes'), currency))
    .reduce((left, right) => left + right, 0n)
  const sums = [1n, quantity].flatMap(times =>
    [1n, quantity].map(each => goods + taxes * times + options * each),
  )
  return [...new Set(sums)]
}

/** Whole units; half an hour is a quantity that no reading of a price is certain of. */
export function quantityOf(field: Field): bigint | null {
  const text = nameOrNull(field) ?? '1'
  return /^[1-9]\d*(\.0+)?$/.test(text) ? BigInt(text.split('.')[0] ?? '') : null
}

/** Where an option's amounts stand: in itself (BOOLEAN), or in each chosen value (VALUE_LIST). */
export function optionParts(option: Field): readonly Field[] {
  const values = at(option, 'values')
  if (!isMissing(values)) return listOf(values)
  return at(option, 'value').value === false ? [] : [option]
}
