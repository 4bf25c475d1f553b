import { expect, test } from 'vitest'
import { rootField } from './fields.ts'
import { parseJson } from './lossless-json.ts'
import { quoteOf } from './service-price.ts'

const vat = (amount: number) => [{ code: 'VAT20', amount }]
const express = { type: 'BOOLEAN', code: 'E', value: true, amount: 5, taxes: vat(1) }

test.each<[string, object, bigint[], boolean]>([
  [
    'price, tax and option of one unit',
    { type: 'FIXED_PRICE', amount: 80, quantity: 1, taxes: vat(16), options: [express] },
    [10_200n],
    false,
  ],
  ['no quantity is one', { type: 'FIXED_PRICE', amount: 80 }, [8_000n], false],
  [
    'three units without tax',
    { type: 'ESTIMATED_PRICE', amount: 80, quantity: 3 },
    [24_000n],
    true,
  ],
  [
    'three units and their tax: for one, or for all',
    { type: 'FIXED_PRICE', amount: 80, quantity: 3, taxes: vat(16) },
    [25_600n, 28_800n],
    false,
  ],
  [
    'an option that was not chosen',
    { type: 'FIXED_PRICE', amount: 80, quantity: 1, options: [{ ...express, value: false }] },
    [8_000n],
    false,
  ],
  [
    'the chosen values of a list',
    {
      type: 'FIXED_PRICE',
      amount: 80,
      quantity: 1,
      options: [{ type: 'VALUE_LIST', values: [{ amount: 20, taxes: vat(4) }] }],
    },
    [10_400n],
    false,
  ],
  ['half a unit', { type: 'FIXED_PRICE', amount: 80, quantity: 0.5 }, [], false],
  ['a tenth of a cent', { type: 'ESTIMATED_PRICE', amount: 80.001, quantity: 1 }, [], true],
  [
    'MULTI has neither amount nor taxes',
    { type: 'FIXED_PRICE_MULTI', ordered_service_units: [] },
    [],
    false,
  ],
])('%s', (_, price, amounts, estimated) => {
  const field = rootField(parseJson(JSON.stringify(price)))
  expect(quoteOf(field, 'EUR')).toEqual({ amounts, estimated })
})
