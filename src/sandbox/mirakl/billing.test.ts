import { beforeEach, describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import type { VirtualClock } from '../clock.ts'
import { createMiraklSandbox } from './sandbox.ts'
import type { MiraklSandbox } from './sandbox.ts'

let clock: VirtualClock
let mirakl: MiraklSandbox
let shopId: number

beforeEach(() => {
  clock = createClock(new Date('2025-11-03T09:00:00Z'))
  mirakl = createMiraklSandbox({ clock, seed: 3 })
  shopId = mirakl.addShop()
})

async function call(method: string, path: string, body?: unknown) {
  const response = await mirakl.handler(
    new Request(`https://tenant.example${path}`, {
      method,
      headers: { authorization: 'key', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Answer }
}

interface Answer {
  invoices?: Record<string, unknown>[]
  data?: Record<string, unknown>[]
  next_page_token?: string
  previous_page_token?: string
  errors?: unknown[]
  success?: unknown
}

async function paidOrder(line: object): Promise<string> {
  const lines = [line as { price: string }]
  const commercialId = `ORD-${mirakl.orders().length}`
  const [id = ''] = mirakl.placePurchase({ commercialId, orders: [{ shopId, lines }] })
  mirakl.acceptOrder(id)
  const [report] = mirakl.orders(commercialId)
  const amount = Number(report?.customerOwes)
  const element = { order_id: id, customer_id: 'CUST-42', payment_status: 'OK', amount }
  const { status } = await call('PUT', '/api/payment/debit', { orders: [element] })
  expect(status).toBe(204)
  return id
}

async function refund(lineId: string, part: { amount: string; commission?: string }) {
  const id = mirakl.openRefund(lineId, part)
  const element = { refund_id: id, payment_status: 'OK', amount: Number(part.amount) }
  const { status } = await call('PUT', '/api/payment/refund', { refunds: [element] })
  expect(status).toBe(204)
}

/** 127.20 - 30 - 15.26 + 3.60 - 36 + 12 - 6 = 55.54 for the seller, the rest of 97.20 for the operator. */
async function workedExample(): Promise<void> {
  const id = await paidOrder({
    price: '120',
    shipping: '7.20',
    taxes: '20',
    shippingTaxes: '1.20',
    commission: '12.72',
    commissionTax: '2.54',
  })
  const part = { amount: '30', commission: '3', commissionTax: '0.60', quantity: 0, taxes: '5' }
  await refund(`${id}-1`, part)
  mirakl.setSubscription(shopId, { amount: '30', tax: '6' })
  mirakl.addManualDocument(shopId, { type: 'CREDIT', amount: '10', tax: '2' })
  mirakl.addManualDocument(shopId, { type: 'INVOICE', amount: '5', tax: '1' })
  await clock.moveTo(new Date('2025-11-16T02:00:11Z'))
}

describe('a billing cycle', () => {
  test('adds up as in the worked example, in invoice, cycle and log', async () => {
    await workedExample()
    const [closed] = mirakl.closeCycle({ start: '2025-11-01', end: '2025-11-16' })
    expect(closed).toMatchObject({ shopId, toSeller: '55.54', toOperator: '41.66' })
    const invoices = await call('GET', '/api/invoices')
    expect(invoices.body.invoices).toHaveLength(1)
    expect(invoices.body.invoices?.[0]).toMatchObject({
      type: 'AUTO_INVOICE',
      start_time: '2025-11-01T00:00:00Z',
      payment: { state: 'PENDING' },
      total_amount_incl_taxes: 47.66,
      summary: {
        amount_transferred: 55.54,
        amount_transferred_to_operator: 41.66,
        total_payable_orders_excl_tax: 106,
        total_payable_orders_incl_tax: 127.2,
        total_refund_orders_incl_tax: -30,
        total_commissions_incl_tax: -15.26,
        total_refund_commissions_incl_tax: 3.6,
        total_subscription_incl_tax: -36,
        total_other_credits_incl_tax: 12,
        total_other_invoices_incl_tax: -6,
      },
    })
    const cycles = await call('GET', '/api/seller-billing-cycles?pay_out_state=TO_PAY')
    expect(cycles.body.data?.[0]).toMatchObject({
      amount_transferred_to_seller: 55.54,
      pay_out: { state: 'TO_PAY' },
    })
    const log = await call('GET', '/api/sellerpayment/transactions_logs?limit=2000')
    const cents = log.body.data?.map(line => Math.round(Number(line['amount']) * 100)) ?? []
    expect(cents.reduce((total, amount) => total + amount, 0)).toBe(5554)
    expect(log.body.data?.at(-1)).toMatchObject({ balance: 55.54, payment_state: 'PAYABLE' })
    expect((await call('GET', '/api/invoices?type=ALL')).body.invoices).toHaveLength(3)
  })

  test('bills nothing twice, and may be zero or negative', async () => {
    const id = await paidOrder({ price: '20', commission: '2' })
    await clock.advance(86_400_000)
    const window = { start: '2025-11-01', end: '2025-11-16' }
    const close = (): (string | undefined)[] =>
      mirakl.closeCycle({ shopIds: [shopId], ...window }).map(cycle => cycle.toSeller)
    expect(close()).toEqual(['18.00'])
    expect(close()).toEqual(['0.00'])
    await refund(`${id}-1`, { amount: '10', commission: '1' })
    expect(close()).toEqual(['-9.00'])
    expect(mirakl.closeCycle(window)).toEqual([])
    expect(mirakl.books().shops[shopId]?.['EUR']).toMatchObject({ billed: '9.00', sold: '20.00' })
  })

  test('is confirmed once by IV07, with its exact amount', async () => {
    await paidOrder({ price: '20', commission: '2' })
    const [closed] = mirakl.closeCycle({ start: '2025-11-01', end: '2025-11-16' })
    const confirm = (part: object) =>
      call('PUT', '/api/invoices/confirm', {
        accounting_documents: [{ invoice_id: closed?.invoiceId, amount: 18, ...part }],
      })
    const date = { transaction_date: '2025-11-17T08:00:00Z', reference: 'po_1' }
    expect((await confirm({})).status).toBe(400)
    expect((await confirm({ ...date, amount: 17.99 })).status).toBe(400)
    expect((await confirm({ failure_reason: 'INCOMPLETE_KYC' })).status).toBe(204)
    expect((await call('GET', '/api/invoices?payment_status=FAILED')).body.invoices).toHaveLength(1)
    expect((await confirm(date)).status).toBe(204)
    expect((await confirm(date)).status).toBe(400)
    const cycles = await call('GET', '/api/seller-billing-cycles')
    expect(cycles.body.data?.[0]?.['pay_out']).toEqual({
      state: 'PAID',
      reference: 'po_1',
      transaction_date: '2025-11-17T08:00:00Z',
    })
    expect(mirakl.books().shops[shopId]?.['EUR']?.paidOut).toBe('18.00')
  })

  test('cannot be confirmed where the tenant has no payment confirmation', async () => {
    mirakl.changeSettings({ paymentConfirmation: false })
    const body = { seller_billing_cycles: [] }
    expect((await call('PUT', '/api/seller-billing-cycles', body)).status).toBe(400)
  })
})

test('seek pages carry their filters in the token', async () => {
  mirakl.addShop()
  const shopIds = [shopId, shopId + 1]
  for (const end of ['2025-11-02', '2025-11-03', '2025-11-04']) {
    mirakl.closeCycle({ shopIds, start: '2025-11-01', end })
  }
  const path = '/api/seller-billing-cycles'
  const first = (await call('GET', `${path}?shop_id=${shopId}&limit=2`)).body
  expect(first.data).toHaveLength(2)
  expect(first).not.toHaveProperty('previous_page_token')
  const token = (value: string | undefined): string => encodeURIComponent(value ?? '')
  const second = (await call('GET', `${path}?limit=9&page_token=${token(first.next_page_token)}`))
    .body
  expect(second.data?.map(cycle => cycle['shop'])).toMatchObject([{ shop_id: shopId }])
  expect(second).not.toHaveProperty('next_page_token')
  const back = await call('GET', `${path}?page_token=${token(second.previous_page_token)}`)
  expect(back.body.data).toEqual(first.data)
  expect((await call('GET', `${path}?page_token=nonsense`)).status).toBe(400)
})

describe('service orders', () => {
  async function debit(): Promise<{ id: string; amount: number; state: string }> {
    const { body } = await call('GET', '/api/mms/debits?order_id=SRV-1')
    return body.data?.[0] as { id: string; amount: number; state: string }
  }

  test('are paid through SPA01, element by element, and stay listed', async () => {
    const options = [{ code: 'EXPRESS', amount: '5', tax: '1' }]
    const service = { commercialId: 'SRV', shopId, price: '80', tax: '16', options }
    expect(
      mirakl.placeServiceOrder({ ...service, commission: '8.50', commissionTax: '1.70' }),
    ).toBe('SRV-1')
    mirakl.acceptServiceOrder('SRV-1')
    const { id, amount } = await debit()
    expect(amount).toBe(102)
    const element = { id, order_id: 'SRV-1', amount, currency_code: 'EUR', state: 'OK' }
    const answer = await call('PUT', '/api/mms/debits', [
      element,
      { ...element, id: '0' },
      { ...element, amount: 1 },
    ])
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      errors: [{ debit_id: '0' }, { debit_id: id }],
      success: { debits: [{ id }] },
    })
    expect(await debit()).toMatchObject({ state: 'OK' })
    expect((await call('PUT', '/api/mms/debits', { orders: [element] })).status).toBe(400)
    const [closed] = mirakl.closeCycle({ start: '2025-11-01', end: '2025-11-16' })
    expect(closed?.toSeller).toBe('91.80')
  })

  test('are refunded through SPA02', async () => {
    mirakl.placeServiceOrder({ commercialId: 'SRV', shopId, price: '80' })
    mirakl.acceptServiceOrder('SRV-1')
    expect(() => mirakl.openServiceRefund('SRV-1', { amount: '1' })).toThrow(/not paid/)
    const { id } = await debit()
    const element = { order_id: 'SRV-1', currency_code: 'EUR', state: 'OK' }
    await call('PUT', '/api/mms/debits', [{ ...element, id, amount: 80 }])
    const refundId = mirakl.openServiceRefund('SRV-1', { amount: '12', tax: '2' })
    const waiting = await call('GET', '/api/mms/refunds')
    expect(waiting.body.data?.[0]).toMatchObject({ id: refundId, amount: 12, state: 'WAITING' })
    const body = [{ ...element, id: refundId, amount: 12, transaction_number: 're_1' }]
    const { body: answer } = await call('PUT', '/api/mms/refunds', body)
    expect(answer).toEqual({ errors: [], success: { refunds: [{ id: refundId }] } })
    const listed = await call('GET', '/api/mms/orders?refunded=PARTIAL')
    expect(listed.body.data?.[0]).toMatchObject({
      id: 'SRV-1',
      state: 'ORDER_PENDING',
      refunds: [{ amount: 10, state: 'OK', transaction_number: 're_1' }],
    })
  })
})
