import { describe, expect, it } from 'vitest'
import { parseJson } from './lossless-json.ts'
import { readServiceDebit } from './service-debits.ts'
import { readServiceOrder } from './service-order-reading.ts'

type Texts = Readonly<Record<string, string>>

function written(fields: Texts): string {
  const rows = Object.entries(fields).filter(([, value]) => value !== '')
  return `{${rows.map(([key, value]) => `"${key}":${value}`).join(',')}}`
}

/** A service order in Mirakl's shape; each argument is JSON text that replaces a field. */
function order(changes: Texts = {}) {
  const text = written({
    id: '"SRV-1-1"',
    commercial_order_id: '"SRV-1"',
    state: '"ORDER_ACCEPTED"',
    currency_code: '"EUR"',
    date_created: '"2026-03-01T09:00:00.123Z"',
    shop: '{"id":2002,"name":"Petit Atelier"}',
    customer: '{"id":"C-42"}',
    workflow: '{"type":"PAY_AFTER_CONSUMPTION"}',
    price: '{"type":"FIXED_PRICE","amount":80.005,"quantity":"many"}',
    commission: '{"amount_including_taxes":10.2}',
    ...changes,
  })
  return readServiceOrder(parseJson(text))
}

function debit(changes: Texts = {}) {
  const text = written({
    id: '"0b0b6cf2"',
    order_id: '"SRV-1-1"',
    customer_id: '"C-42"',
    amount: '102.0',
    currency_code: '"EUR"',
    state: '"OK"',
    date_created: '"2026-03-01T09:10:00Z"',
    date_updated: '"2026-03-01T09:20:00Z"',
    ...changes,
  })
  return readServiceDebit(parseJson(text))
}

describe('reading a service order', () => {
  it('never looks at the price', () => {
    expect(order()).toMatchObject({
      ok: true,
      value: { domain: 'service', total: 0n, commission: 1_020n, sellerId: '2002' },
    })
  })

  it.each([
    ['no price', '{}', 0n, undefined],
    ['one unit', '{"amount":80,"quantity":1,"taxes":[{"amount":16}]}', 1_600n, undefined],
    [
      'options',
      '{"amount":80,"taxes":[{"amount":16}],"options":[{"amount":5,"taxes":[{"amount":1}]}]}',
      1_700n,
      undefined,
    ],
    [
      'two units',
      '{"amount":80,"quantity":2,"taxes":[{"amount":16}]}',
      1_600n,
      [
        { taxes: 1_600n, amount: 17_600n },
        { taxes: 1_600n, amount: 17_600n },
        { taxes: 3_200n, amount: 19_200n },
        { taxes: 3_200n, amount: 19_200n },
      ],
    ],
    ['unreadable taxes', '{"amount":80,"taxes":[{"amount":"many"}]}', 0n, []],
  ])('reads the taxes of a price: %s', (_name, price, taxes, readings) => {
    const reading = order({ price })
    expect(reading).toMatchObject({ ok: true, value: { lines: [{ taxes }] } })
    if (reading.ok) expect(reading.value.taxReadings).toEqual(readings)
  })

  it('adds the commission taxes when only the net is given', () => {
    const commission = '{"amount_excluding_taxes":8.5,"commission_taxes":[{"amount":1.7}]}'
    expect(order({ commission })).toMatchObject({ value: { commission: 1_020n } })
  })

  it.each([
    ['WAITING_ACCEPTANCE', true],
    ['ORDER_REFUSED', true],
    ['ORDER_ACCEPTED', false],
    ['ORDER_CONSUMED', false],
  ])('a missing commission of an order in %s is readable: %s', (state, ok) => {
    expect(order({ commission: '', state: `"${state}"` })).toMatchObject({ ok })
  })

  it('adds up a refund as SPA12 does, its options too', () => {
    const options = `[
      {"type":"BOOLEAN","value":true,"amount":5.0,"taxes":[{"amount":1.0}]},
      {"type":"BOOLEAN","value":false,"amount":99.0},
      {"type":"VALUE_LIST","values":[{"amount":2.0,"taxes":[{"amount":0.4}]},{"amount":3.0}]}]`
    const refund = `{"id":"r-1","amount":10.0,"taxes":[{"amount":2.0}],"options":${options},
      "state":"OK","commission":{"amount_including_taxes":1.2}}`
    expect(order({ refunds: `[${refund}]` })).toMatchObject({
      value: { lines: [{ refunds: [{ paid: true, amount: 2_340n, commission: 120n }] }] },
    })
  })

  it('names the purchase of an order that it cannot read', () => {
    expect(order({ shop: 'null' })).toMatchObject({
      ok: false,
      id: 'SRV-1-1',
      purchaseId: 'SRV-1',
      field: 'shop.id',
    })
  })
})

describe('reading a service debit', () => {
  it('takes the last change for the day of payment when no date was told', () => {
    expect(debit()).toMatchObject({
      value: { state: 'paid', amount: 10_200n, paidAt: new Date('2026-03-01T09:20:00Z') },
    })
    expect(debit({ transaction_date: '"2026-03-01T09:15:00Z"' })).toMatchObject({
      value: { paidAt: new Date('2026-03-01T09:15:00Z') },
    })
  })

  it('does not take a state that it does not know for paid', () => {
    const changes = { state: '"SETTLING"', transaction_number: '"ch_1"' }
    expect(debit(changes)).toMatchObject({
      value: { state: 'waiting', paidAt: null, reference: null },
    })
  })

  it('is set aside under its order when its amount has too many digits', () => {
    expect(debit({ amount: '10.075' })).toMatchObject({
      ok: false,
      id: 'SRV-1-1',
      field: 'amount',
    })
  })
})
