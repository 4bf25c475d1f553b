import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { cancelationOf, lineOf, lineRefundOf, orderOf } from '../../test/builders/order.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { Order } from '../domain/order.ts'
import {
  closeOrders,
  openOrders,
  orderById,
  ordersOfPurchases,
  reopenOrder,
  saveOrders,
} from './orders.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 2 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => database.queries.deleteFrom('orders').execute())

const save = async (orders: Order[], now = at('10:00'), environment = own) =>
  (await saveOrders(database.queries, environment, orders, now)).changed
const read = (id = 'C1-A') => orderById(database.queries, own, id)
const open = async (change: Partial<Parameters<typeof openOrders>[2]> = {}) => {
  const query = { after: '', limit: 9, domains: ['product', 'service'], ...change }
  return (await openOrders(database.queries, own, query)).map(order => order.id)
}

describe('saving orders', () => {
  it('keeps every amount, moment and gap', async () => {
    const order = orderOf({
      debitedAt: null,
      commission: 12_345_678_901_234_567n,
      lines: [
        lineOf({ cancelations: [cancelationOf({ taxes: -1n })], refunds: [lineRefundOf()] }),
        lineOf({ id: 'L2', refunds: [lineRefundOf({ paid: false })] }),
      ],
    })
    expect(await save([order])).toBe(1)
    expect(await read()).toEqual(order)
  })

  it('writes nothing when an order did not change, but for its update date', async () => {
    await save([orderOf()])
    const row = () => database.queries.selectFrom('orders').selectAll().execute()
    await closeOrders(database.queries, own, [orderOf()])
    const before = await row()
    expect(await save([orderOf()], at('11:00'))).toBe(0)
    expect(await save([orderOf({ updatedAt: at('10:59') })], at('11:00'))).toBe(0)
    expect(await row()).toEqual(before)
  })

  it('opens an order that changed for the split again', async () => {
    await save([orderOf({ state: 'WAITING_ACCEPTANCE', debitedAt: null })])
    await closeOrders(database.queries, own, [orderOf()])
    expect(await open()).toEqual([])
    expect(await save([orderOf({ updatedAt: at('09:30') })])).toBe(1)
    expect(await open()).toEqual(['C1-A'])
    expect(await read()).toEqual(orderOf({ updatedAt: at('09:30') }))
  })

  it('never lets an older reading replace a newer one', async () => {
    await save([orderOf({ state: 'SHIPPED', updatedAt: at('09:30') })])
    expect(await save([orderOf({ updatedAt: at('09:29') })])).toBe(0)
    expect(await read()).toMatchObject({ state: 'SHIPPED' })
    expect(await save([orderOf({ updatedAt: at('09:30'), state: 'RECEIVED' })])).toBe(1)
  })

  it('takes the last of two readings of one page, and a page of none', async () => {
    expect(await save([orderOf({ state: 'SHIPPED' }), orderOf({ state: 'RECEIVED' })])).toBe(1)
    expect(await read()).toMatchObject({ state: 'RECEIVED' })
    expect(await save([])).toBe(0)
  })

  it('counts those that changed only', async () => {
    await save([orderOf(), orderOf({ id: 'C1-B' })])
    expect(
      await save([orderOf(), orderOf({ id: 'C1-B', total: 1n }), orderOf({ id: 'C1-C' })]),
    ).toBe(2)
  })
})

describe('finding orders', () => {
  it('that are open, page by page, by domain and seller', async () => {
    await save([
      orderOf(),
      orderOf({ id: 'C1-B', sellerId: '2002' }),
      orderOf({ id: 'C1-C', domain: 'service' }),
    ])
    expect(await open({ limit: 2 })).toEqual(['C1-A', 'C1-B'])
    expect(await open({ after: 'C1-B' })).toEqual(['C1-C'])
    expect(await open({ domains: ['service'] })).toEqual(['C1-C'])
    expect(await open({ sellerId: '2002' })).toEqual(['C1-B'])
    await closeOrders(database.queries, own, [orderOf(), orderOf({ id: 'C1-C' })])
    await closeOrders(database.queries, own, [])
    expect(await open()).toEqual(['C1-B'])
    await reopenOrder(database.queries, own, 'C1-C')
    expect(await open()).toEqual(['C1-B', 'C1-C'])
  })

  it('of a purchase, in one environment only', async () => {
    await save([orderOf({ id: 'C1-B' }), orderOf(), orderOf({ id: 'C2-A', purchaseId: 'C2' })])
    await save([orderOf({ id: 'C1-Z' })], at('10:00'), other)
    const ids = async (purchases: string[]) =>
      (await ordersOfPurchases(database.queries, own, purchases)).map(order => order.id)
    expect(await ids(['C1'])).toEqual(['C1-A', 'C1-B'])
    expect(await ids(['C2', 'C1'])).toEqual(['C1-A', 'C1-B', 'C2-A'])
    expect(await ids([])).toEqual([])
    expect(await read('C1-Z')).toBeNull()
  })
})
