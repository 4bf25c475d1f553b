import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/json.ts'
import type { Reading } from '../../workflows/ports.ts'
import { readBillingCycle } from './billing-cycles.ts'
import { readDebit } from './debits.ts'
import { readInvoice } from './invoices.ts'
import { readOrder } from './order-reading.ts'
import { readShop } from './shop-reading.ts'

const fields = { customFieldCode: 'pay-link', ignoredFieldCode: 'pay-ignored' }
const line = {
  order_line_id: 'L',
  total_price: '1.0',
  taxes: [{ amount: 1 }],
  refunds: [{ id: 'R', amount: 1 }],
  cancelations: [{ id: 'K', amount: 1 }],
}

const kinds: readonly (readonly [
  string,
  (raw: Json) => Reading<unknown>,
  { [key: string]: Json },
])[] = [
  [
    'order',
    readOrder,
    {
      order_id: 'O',
      commercial_id: 'P',
      created_date: '2026-03-01T00:00:00Z',
      order_state: 'SHIPPING',
      currency_iso_code: 'EUR',
      order_tax_mode: 'TAX_EXCLUDED',
      shop_id: 1,
      total_price: '1.0',
      total_commission: '0.1',
      customer: { customer_id: 'C' },
      order_lines: [line],
    },
  ],
  [
    'debit',
    raw => readDebit(raw),
    {
      order_id: 'O',
      order_commercial_id: 'P',
      customer_id: 'C',
      shop_id: '1',
      amount: 1,
      currency_iso_code: 'EUR',
      debit_entity: { id: 'O', type: 'ORDER' },
    },
  ],
  [
    'invoice',
    raw => readInvoice(raw),
    {
      invoice_id: 1,
      shop_id: 1,
      currency_iso_code: 'EUR',
      date_created: '2026-03-01',
      state: 'COMPLETE',
      payment: { state: 'PENDING' },
      summary: { amount_transferred: '1.5' },
    },
  ],
  [
    'billing cycle',
    raw => readBillingCycle(raw),
    {
      id: 'u',
      shop: { shop_id: 1 },
      currency_iso_code: 'EUR',
      date_created: '2026-03-01',
      amount_transferred_to_seller: '1.5',
      pay_out: { state: 'TO_PAY' },
    },
  ],
  [
    'shop',
    raw => readShop(raw, fields),
    {
      shop_id: 1,
      last_updated_date: '2026-03-01T00:00:00Z',
      contact_informations: { country: 'FRA' },
      kyc: { status: 'APPROVED' },
      shop_additional_fields: [{ code: 'pay-link', value: 'x' }],
    },
  ],
]

const anything = fc.jsonValue() as fc.Arbitrary<Json>

describe.each(kinds)('a reading of an %s', (_name, read, good) => {
  it('is read when it is good', () => {
    expect(read(good)).toMatchObject({ ok: true })
  })

  it('never throws: what is unreadable is set aside with a sentence', () => {
    const keys = Object.keys(good)
    const spoiled = fc
      .tuple(fc.constantFrom(...keys), anything)
      .map(([key, value]) => ({ ...good, [key]: value }) as Json)
    fc.assert(
      fc.property(fc.oneof(spoiled, anything), raw => {
        const reading = read(raw)
        expect(reading.raw).toBe(raw)
        if (!reading.ok) expect(reading.problem).toMatch(/.+: .+\.$/s)
      }),
    )
  })
})
