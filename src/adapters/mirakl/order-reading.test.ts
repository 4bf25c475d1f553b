import { describe, expect, it } from 'vitest'
import { parseJson } from './lossless-json.ts'
import { readOrder } from './order-reading.ts'

/** An order in Mirakl's shape; each argument is JSON text that replaces a field. */
function order(changes: Record<string, string> = {}, line: Record<string, string> = {}): string {
  const fields: Record<string, string> = {
    order_id: '"PUR-7-A"',
    commercial_id: '"PUR-7"',
    created_date: '"2026-03-01T09:00:00Z"',
    last_updated_date: '"2026-03-01T09:26:00.250Z"',
    order_state: '"SHIPPING"',
    currency_iso_code: '"EUR"',
    order_tax_mode: '"TAX_INCLUDED"',
    shop_id: '3001',
    total_price: '45.0',
    total_commission: '5.40',
    customer: '{"customer_id":"C-9"}',
    customer_debited_date: 'null',
    order_lines: `[${written({ ...plainLine, ...line })}]`,
    ...changes,
  }
  return written(fields)
}

const plainLine: Record<string, string> = {
  order_line_id: '"PUR-7-A-1"',
  order_line_state: '"SHIPPING"',
  total_price: '45.00',
  total_commission: '5.4',
  taxes: '[]',
  shipping_taxes: 'null',
  refunds: '[]',
  cancelations: '[]',
}

function written(fields: Record<string, string>): string {
  const rows = Object.entries(fields).filter(([, value]) => value !== '')
  return `{${rows.map(([key, value]) => `"${key}":${value}`).join(',')}}`
}

function read(text: string) {
  return readOrder(parseJson(text))
}

function valueOf(text: string) {
  const reading = read(text)
  if (!reading.ok) throw new Error(reading.problem)
  return reading.value
}

describe('reading an order', () => {
  it('reads what money needs and leaves the rest alone', () => {
    const value = valueOf(order({ x_new: '{"grams":1.5}', order_state: '"TELEPORTING"' }))
    expect(value).toMatchObject({
      id: 'PUR-7-A',
      purchaseId: 'PUR-7',
      sellerId: '3001',
      state: 'TELEPORTING',
      taxMode: 'included',
      total: 4500n,
      commission: 540n,
      customerId: 'C-9',
      payOutPspCode: 'NOT_SPECIFIED',
      debitedAt: null,
      workflow: null,
    })
    expect(value.updatedAt.toISOString()).toBe('2026-03-01T09:26:00.250Z')
  })

  it('defect 1: an amount of 10.075 EUR sets that one order aside and names the field', () => {
    expect(read(order({}, { total_price: '10.075' }))).toMatchObject({
      ok: false,
      id: 'PUR-7-A',
      field: 'order_lines[0].total_price',
      problem: 'order_lines[0].total_price: "10.075" has more decimals than EUR (2).',
    })
  })

  it('defect 2: JPY 5000 is 5000 yen and KWD 1.234 is 1234 fils', () => {
    const yen = order({
      currency_iso_code: '"JPY"',
      total_price: '5000',
      total_commission: '500.0',
    })
    const lessLine = yen.replace('"total_price":45.00', '"total_price":5000.00')
    expect(valueOf(lessLine.replace('5.4,"taxes"', '500,"taxes"'))).toMatchObject({
      total: 5000n,
      commission: 500n,
    })
    const fils = order({ currency_iso_code: '"KWD"', total_price: '1.234' })
    expect(valueOf(fils)).toMatchObject({ total: 1234n, commission: 5400n })
  })

  it.each([
    ['a word', { total_price: '"abc"' }, 'total_price'],
    ['nothing', { total_price: 'null' }, 'total_price'],
    ['no currency', { currency_iso_code: '' }, 'currency_iso_code'],
    ['an unknown currency', { currency_iso_code: '"XXQ"' }, 'currency_iso_code'],
    ['no date', { created_date: '"yesterday"' }, 'created_date'],
    ['no shop', { shop_id: 'null' }, 'shop_id'],
    ['lines that are no list', { order_lines: '{}' }, 'order_lines'],
  ])('sets an order with %s aside', (_name, changes, field) => {
    expect(read(order(changes))).toMatchObject({ ok: false, id: 'PUR-7-A', field })
  })

  it('takes amounts that are written as texts', () => {
    expect(valueOf(order({ total_price: '"54.00"' })).total).toBe(5400n)
  })

  it('sums the commissions of the lines when the order has none', () => {
    expect(valueOf(order({ total_commission: '' })).commission).toBe(540n)
    const parts = {
      total_commission: '',
      commission_fee: '4.5',
      commission_taxes: '[{"amount":0.9}]',
    }
    expect(valueOf(order({ total_commission: 'null' }, parts)).commission).toBe(540n)
    expect(read(order({ total_commission: '' }, { total_commission: '' }))).toMatchObject({
      ok: false,
      field: 'total_commission',
    })
  })

  it('falls back to price and shipping for a line without total', () => {
    const line = { total_price: '', price: '40.0', shipping_price: '5.0' }
    expect(valueOf(order({}, line)).lines[0]?.total).toBe(4500n)
  })

  it('reads taxes, funding, cancelations and refunds', () => {
    const [line] = valueOf(
      order(
        { order_tax_mode: '"TAX_EXCLUDED"' },
        {
          taxes: '[{"amount":8.0},{"amount":0.50}]',
          shipping_taxes: '[{"amount":1}]',
          funding: '{"operator":{"total_amount":2.5}}',
          cancelations:
            '[{"id":"11","amount":10.0,"shipping_amount":1.0,"taxes":[{"amount":2.0}],"shipping_taxes":[{"amount":0.2}],"commission_total_amount":1.2}]',
          refunds:
            '[{"id":"21","refund_state":"REFUNDED","amount":3.0,"commission_total_amount":0.3},{"id":22,"state":"REFUNDED","shipping_amount":1},{"id":"23","refund_state":"WAITING_REFUND","state":"REFUNDED"}]',
        },
      ),
    ).lines
    expect(line).toMatchObject({ taxes: 850n, shippingTaxes: 100n, operatorFunding: 250n })
    expect(line?.cancelations).toEqual([
      {
        id: '11',
        amount: 1000n,
        shipping: 100n,
        taxes: 220n,
        shippingTaxes: 20n,
        commission: 120n,
      },
    ])
    expect(line?.refunds.map(refund => [refund.id, refund.paid, refund.amount])).toEqual([
      ['21', true, 300n],
      ['22', true, 0n],
      ['23', false, 0n],
    ])
  })

  it('sets a taxed order with an unknown tax mode aside, and no other', () => {
    expect(valueOf(order({ order_tax_mode: 'null' })).taxMode).toBe('included')
    expect(read(order({ order_tax_mode: '"NEW"' }, { taxes: '[{"amount":1}]' }))).toMatchObject({
      ok: false,
      field: 'order_tax_mode',
    })
  })

  it.each([
    ['2026-03-01T12:00:00+0200', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T12:00:00.123+02:00', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ])('reads the date %s', (text, expected) => {
    const value = valueOf(order({ customer_debited_date: `"${text}"` }))
    expect(value.debitedAt?.toISOString()).toBe(expected)
  })

  it('names nothing for what is not even an object', () => {
    expect(readOrder('order')).toMatchObject({ ok: false, id: '' })
  })
})
