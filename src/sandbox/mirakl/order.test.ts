import { beforeEach, describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import type { VirtualClock } from '../clock.ts'
import { createFaultPlan } from '../faults.ts'
import { ConnectionCut, withFaults } from '../http.ts'
import { createMiraklSandbox } from './sandbox.ts'
import type { MiraklSandbox } from './sandbox.ts'

interface Line {
  order_line_id: string
  order_line_state: string
  total_price: number
  cancelations: { amount: number; commission_total_amount: number }[]
  refunds: { refund_state: string }[]
}

interface Order {
  order_id: string
  order_state: string
  total_price: number
  total_commission: number
  price: number
  customer_debited_date: string | null
  transaction_number: string | null
  order_lines: Line[]
}

interface Debit {
  amount: number
  order_id: string
  shop_id: string
  debit_entity: { id: string; type: string }
}

let clock: VirtualClock
let mirakl: MiraklSandbox
let shop: number

beforeEach(() => {
  clock = createClock(new Date('2026-01-05T09:00:00.250Z'))
  mirakl = createMiraklSandbox({ clock, seed: 7, apiKey: 'key' })
  shop = mirakl.addShop({ name: 'Atelier Nord' })
})

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  return mirakl.handler(
    new Request(`https://tenant.example${path}`, {
      method,
      headers: { authorization: 'key', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
}

async function order(id: string): Promise<Order> {
  const response = await call('GET', `/api/orders?order_ids=${id}`)
  const body = (await response.json()) as { orders: [Order] }
  return body.orders[0]
}

async function debits(): Promise<Debit[]> {
  const body = (await (await call('GET', '/api/payment/debit')).json()) as {
    orders: { order?: Debit[] }
  }
  return body.orders.order ?? []
}

async function pay(debit: Debit, extra: object = {}): Promise<Response> {
  const element = {
    order_id: debit.order_id,
    customer_id: 'CUST-42',
    payment_status: 'OK',
    amount: debit.amount,
    transaction_number: 'ch_1',
    debit_entity: debit.debit_entity,
    ...extra,
  }
  return call('PUT', '/api/payment/debit', { orders: [element] })
}

function place(lines: object[], extra: object = {}): string {
  const orders = [{ shopId: shop, lines: lines as { price: string }[] }]
  const [id = ''] = mirakl.placePurchase({ commercialId: 'ORD-1', orders, ...extra })
  return id
}

describe('an order paid on acceptance', () => {
  test('goes from acceptance through its debit to the seller', async () => {
    const id = place([
      { price: '120', shipping: '7.20', commission: '12.72', commissionTax: '2.54' },
    ])
    expect((await order(id)).order_state).toBe('WAITING_ACCEPTANCE')
    mirakl.acceptOrder(id)
    const [debit] = await debits()
    expect(debit).toMatchObject({ amount: 127.2, shop_id: String(shop), order_id: id })
    if (debit === undefined) return
    expect((await pay(debit)).status).toBe(204)
    expect(await debits()).toEqual([])
    expect(await order(id)).toMatchObject({
      order_state: 'SHIPPING',
      customer_debited_date: '2026-01-05T09:00:00.250Z',
      transaction_number: 'ch_1',
      total_commission: 15.26,
    })
    const again = await pay(debit)
    expect(again.status).toBe(400)
    expect(await again.json()).toEqual({
      status: 400,
      message: `Cannot update the order with id '${id}' to status 'SHIPPING'. The order does not have the expected status 'WAITING_DEBIT_PAYMENT'.`,
    })
  })

  test('a refused line keeps its price and leaves the totals', async () => {
    const id = place([{ price: '30' }, { price: '20', commission: '2' }])
    mirakl.acceptOrder(id, { refuseLines: [`${id}-2`] })
    const view = await order(id)
    expect(view).toMatchObject({ total_price: 30, price: 30, total_commission: 0 })
    expect(view.order_lines[1]).toMatchObject({ order_line_state: 'REFUSED', total_price: 20 })
    expect((await debits())[0]?.amount).toBe(30)
  })

  test('a canceled line goes to zero and the money sits in its cancelations', async () => {
    const id = place(
      [
        { price: '40', taxes: '8' },
        { price: '10', taxes: '2', commission: '1' },
      ],
      {
        taxMode: 'TAX_EXCLUDED',
      },
    )
    mirakl.acceptOrder(id)
    mirakl.cancelLine(`${id}-2`)
    const view = await order(id)
    expect(view.order_lines[1]).toMatchObject({
      order_line_state: 'CANCELED',
      total_price: 0,
      cancelations: [{ amount: 10, commission_total_amount: 1 }],
    })
    expect(view.total_price).toBe(40)
    expect((await debits())[0]?.amount).toBe(48)
  })

  test('a part of a line can be canceled, taxes and commission in proportion', async () => {
    const id = place([{ price: '30', quantity: 3, commission: '3', commissionTax: '0.60' }])
    mirakl.acceptOrder(id)
    mirakl.cancelLine(`${id}-1`, { amount: '10', quantity: 1 })
    expect(await order(id)).toMatchObject({ total_price: 20, total_commission: 2.4 })
    expect((await debits())[0]?.amount).toBe(20)
  })

  test('is canceled when the payment is refused, refused when all lines are', async () => {
    const id = place([{ price: '30' }])
    mirakl.acceptOrder(id)
    const [debit] = await debits()
    if (debit !== undefined) await pay(debit, { payment_status: 'REFUSED', amount: undefined })
    expect(await order(id)).toMatchObject({ order_state: 'CANCELED', total_price: 0 })
    const other = place([{ price: '30' }])
    mirakl.refuseOrder(other)
    expect(other).toBe('ORD-1-B')
    expect(await order(other)).toMatchObject({ order_state: 'REFUSED' })
    expect(await debits()).toEqual([])
  })

  test('refuses a wrong amount, a wrong customer and unknown keys, and changes nothing', async () => {
    const id = place([{ price: '30' }])
    mirakl.acceptOrder(id)
    const [debit] = await debits()
    if (debit === undefined) throw new Error('no debit')
    expect((await pay(debit, { amount: 30.01 })).status).toBe(400)
    expect((await pay(debit, { amount: 30.001 })).status).toBe(400)
    expect((await pay(debit, { customer_id: 'X' })).status).toBe(400)
    expect((await pay(debit, { psp: 'stripe' })).status).toBe(400)
    expect(await debits()).toHaveLength(1)
    mirakl.changeSettings({ wrongAmountRefused: false })
    expect((await pay(debit, { amount: 30.01 })).status).toBe(204)
  })
})

test('an operator-funded part is not asked of the customer', async () => {
  const id = place([{ price: '100', fundingOperator: '15' }])
  mirakl.acceptOrder(id)
  expect((await debits())[0]?.amount).toBe(85)
  expect((await order(id)).total_price).toBe(100)
})

test('payment on shipment has a debit per shipment', async () => {
  const id = place([{ price: '30' }, { price: '20' }], { paymentWorkflow: 'PAY_ON_SHIPMENT' })
  mirakl.acceptOrder(id)
  expect(await debits()).toEqual([])
  mirakl.shipOrder(id, { lineIds: [`${id}-1`] })
  mirakl.shipOrder(id, { lineIds: [`${id}-2`] })
  const [first, second] = await debits()
  if (first === undefined || second === undefined) throw new Error('no debits')
  expect([first.amount, second.amount]).toEqual([30, 20])
  expect((await pay(first, { debit_entity: undefined })).status).toBe(400)
  expect((await pay(first)).status).toBe(204)
  expect((await order(id)).customer_debited_date).toBeNull()
  expect((await pay(second)).status).toBe(204)
  expect(await order(id)).toMatchObject({ order_state: 'SHIPPED', transaction_number: 'ch_1' })
  expect((await order(id)).customer_debited_date).not.toBeNull()
})

test('payment on delivery asks for the debit once received', async () => {
  const id = place([{ price: '30' }], { paymentWorkflow: 'PAY_ON_DELIVERY' })
  mirakl.acceptOrder(id)
  mirakl.shipOrder(id)
  expect(await order(id)).toMatchObject({ order_state: 'SHIPPED', customer_debited_date: null })
  mirakl.receiveOrder(id)
  const [debit] = await debits()
  if (debit !== undefined) await pay(debit)
  expect((await order(id)).order_state).toBe('RECEIVED')
})

test('refunds wait for PA02, several on a line, one without quantity', async () => {
  const id = place([{ price: '30', commission: '3' }])
  mirakl.acceptOrder(id)
  expect(() => mirakl.openRefund(`${id}-1`)).toThrow(/cannot be refunded/)
  const [debit] = await debits()
  if (debit !== undefined) await pay(debit)
  const first = mirakl.openRefund(`${id}-1`, { amount: '10', quantity: 0 })
  const second = mirakl.openRefund(`${id}-1`, { amount: '20' })
  expect(() => mirakl.openRefund(`${id}-1`, { amount: '0.01' })).toThrow(/not so much left/)
  const list = await (await call('GET', '/api/payment/refund')).json()
  expect(list).toMatchObject({ total_count: 1, orders: { order: [{ amount: 30, order_id: id }] } })
  const confirm = (refund: string, amount: number): Promise<Response> =>
    call('PUT', '/api/payment/refund', {
      refunds: [{ refund_id: refund, payment_status: 'OK', amount, transaction_number: 're_1' }],
    })
  expect((await confirm(first, 10)).status).toBe(204)
  expect((await confirm(first, 10)).status).toBe(400)
  expect((await confirm(second, 20)).status).toBe(204)
  const [line] = (await order(id)).order_lines
  expect(line).toMatchObject({ order_line_state: 'REFUNDED', total_price: 30 })
  expect(line?.refunds.map(refund => refund.refund_state)).toEqual(['REFUNDED', 'REFUNDED'])
  expect(mirakl.books().customers['EUR']).toEqual({
    owed: '0.00',
    paid: '30.00',
    refundsWaiting: '0.00',
    refunded: '30.00',
  })
})

test('amounts keep the digits of their currency', async () => {
  const kwd = place([{ price: '1.234' }, { price: '1.100' }], { currency: 'KWD' })
  const text = await (await call('GET', `/api/orders?order_ids=${kwd}`)).text()
  expect(text).toContain('"total_price":2.334')
  const jpy = place([{ price: '5400' }], { currency: 'JPY' })
  expect(await (await call('GET', `/api/orders?order_ids=${jpy}`)).text()).toContain(
    '"total_price":5400}',
  )
  expect(() => place([{ price: '10.075' }])).toThrow(/more digits/)
  mirakl.corruptOrder(jpy, { total_price: 10.075, order_lines: [{ total_price: 'ten' }] })
  expect(await order(jpy)).toMatchObject({
    total_price: 10.075,
    order_lines: [{ total_price: 'ten' }],
  })
})

test('an empty list has two shapes, and a cut connection may hide a confirmation', async () => {
  const empty = async (): Promise<unknown> => (await call('GET', '/api/payment/debit')).json()
  expect(await empty()).toEqual({ orders: { order: [] }, total_count: 0 })
  mirakl.changeSettings({ emptyListVariant: 'no_key' })
  expect(await empty()).toEqual({ orders: {}, total_count: 0 })
  const id = place([{ price: '30' }])
  mirakl.acceptOrder(id)
  const plan = createFaultPlan(1)
  plan.add({ side: 'mirakl', kind: 'cut_after', method: 'PUT', times: 1 })
  const unreliable = withFaults('mirakl', mirakl.handler, plan)
  const orders = [{ order_id: id, customer_id: 'CUST-42', payment_status: 'OK', amount: 30 }]
  const headers = { authorization: 'key', 'content-type': 'application/json' }
  const body = JSON.stringify({ orders })
  const url = 'https://tenant.example/api/payment/debit'
  const sent = unreliable(new Request(url, { method: 'PUT', headers, body }))
  await expect(sent).rejects.toThrow(ConnectionCut)
  expect((await order(id)).order_state).toBe('SHIPPING')
})

test('a purchase has an order per shop, and staging ones wait for the fraud check', async () => {
  const other = mirakl.addShop({ currency: 'EUR', professional: false })
  const orders = [shop, other].map(shopId => ({ shopId, lines: [{ price: '5' }] }))
  const placed = mirakl.placePurchase({ commercialId: 'BASKET', orders, staging: true })
  expect(placed).toEqual(['BASKET-A', 'BASKET-B'])
  expect(() => mirakl.acceptOrder('BASKET-A')).toThrow(/expected status 'WAITING_ACCEPTANCE'/)
  mirakl.confirmStaging('BASKET-A')
  mirakl.acceptOrder('BASKET-A')
  expect(mirakl.orders('BASKET').map(one => one.state)).toEqual([
    'WAITING_DEBIT_PAYMENT',
    'STAGING',
  ])
})

test('OR11 shows taxes inside the prices or beside them, as asked', async () => {
  const id = place([{ price: '40', shipping: '5', taxes: '8', shippingTaxes: '1' }], {
    taxMode: 'TAX_EXCLUDED',
  })
  expect(await order(id)).toMatchObject({ total_price: 45 })
  expect(await order(`${id}&order_tax_mode=TAX_INCLUDED`)).toMatchObject({
    order_tax_mode: 'TAX_INCLUDED',
    price: 48,
    total_price: 54,
  })
})

test('OR28 and OR30 take what is left and no more', async () => {
  const id = place([{ price: '10', taxes: '1', commission: '1' }, { price: '7' }])
  mirakl.acceptOrder(id)
  const ask = (path: string, name: string, line: number, amount: number): Promise<Response> =>
    call('PUT', `/api/orders/${path}`, {
      order_tax_mode: 'TAX_INCLUDED',
      [name]: [
        {
          order_line_id: `${id}-${line}`,
          amount,
          shipping_amount: 0,
          quantity: 0,
          reason_code: '1',
        },
      ],
    })
  expect((await ask('cancel', 'cancelations', 2, 7)).status).toBe(200)
  const [debit] = await debits()
  if (debit !== undefined) await pay(debit)
  for (const amount of [3.33, 3.33, 3.34]) {
    expect((await ask('refund', 'refunds', 1, amount)).status).toBe(200)
  }
  expect((await ask('refund', 'refunds', 1, 0.01)).status).toBe(400)
  const refunds = (await order(id)).order_lines[0]?.refunds as unknown as {
    commission_total_amount: number
  }[]
  expect(refunds.map(refund => refund.commission_total_amount)).toEqual([0.33, 0.33, 0.34])
})
