import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { defaultRetention } from '../../src/domain/retention.ts'
import { replayNotifications } from '../../src/store/notifications.ts'
import { eraseCustomer, eraseSeller } from '../../src/workflows/erase-person.ts'
import { exportCustomer, exportSeller } from '../../src/workflows/export-person.ts'
import { auditHistory } from '../amounts-audit.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
const secrets = ['Jane Roe', 'jane@example.com', '203.0.113.7', 'Main Street']

/** An order that is done, one that is not, and everything that tells of people beside them. */
async function openCrowd() {
  const { lab, shop } = await openShop(database, { audited: false })
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const refund = lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
  await lab.run('refund-payments')
  await lab.receive()
  await lab.run('refund-payments')
  await lab.run('split-payments')
  const { queries } = database
  const environment_id = lab.environment.id
  const at = lab.clock.now()
  const names = { environment_id, seller_id: String(shop), at }
  await queries
    .insertInto('link_visits')
    .values({ ...names, id: 'visit', outcome: 'sent_on', visitor: '203.0.113.7' })
    .execute()
  await queries
    .insertInto('set_aside')
    .values({
      environment_id,
      kind: 'order',
      id: 'broken',
      field: 'total_price',
      problem: 'is missing',
      raw: JSON.stringify({ customer: { name: 'Jane Roe', customer_id: await customerOf(lab) } }),
      since: at,
      seen_at: at,
    })
    .execute()
  const body = { type: 'payout.failed', payload: { amount: 5, failedReason: 'Jane Roe' } }
  await queries
    .insertInto('notifications')
    .values({
      environment_id,
      id: 'told',
      type: 'payout.failed',
      body: JSON.stringify(body),
      seller_id: String(shop),
      movement_id: null,
      status: 'undelivered',
      created_at: at,
      updated_at: at,
    })
    .execute()
  // What the provider tells with a charge.
  await database.pool.query(
    `update inbound_events set body = jsonb_set(body, '{data,object,billing_details}',
       '{"name":"Jane Roe","email":"jane@example.com","address":{"line1":"Main Street"}}')
     where environment_id = $1 and type like 'charge.%'`,
    [environment_id],
  )
  return { lab, shop, order, refund }
}

async function customerOf(lab: Laboratory): Promise<string> {
  const { rows } = await database.pool.query<{ customer: string }>(
    `select body->>'customerId' as customer from orders where environment_id = $1`,
    [lab.environment.id],
  )
  return rows[0]?.customer ?? ''
}

/** Every table of this environment as text, but the sellers. */
async function everything(lab: Laboratory): Promise<string> {
  const tables = ['orders', 'debits', 'inbound_events', 'notifications', 'link_visits', 'set_aside']
  const texts = await Promise.all(
    tables.map(async table => {
      const found = await database.pool.query<{ text: string }>(
        `select row_to_json(t)::text as text from ${table} t where environment_id = $1`,
        [lab.environment.id],
      )
      return found.rows.map(row => row.text).join('\n')
    }),
  )
  return texts.join('\n')
}

async function moneyOf(lab: Laboratory): Promise<unknown> {
  const { lines, counts } = await auditHistory(lab)
  return [lines, counts, await lab.movements(), await lab.balances()]
}

describe('redact-payloads', () => {
  test('takes people out of what is older than its kind is kept, and nothing else', async () => {
    const { lab, order } = await openCrowd()
    const customer = await customerOf(lab)
    expect(customer).not.toBe('')
    const money = await moneyOf(lab)
    await lab.run('redact-payloads')
    for (const secret of secrets) expect(await everything(lab)).toContain(secret)
    await lab.clock.advance(31 * day)
    await lab.run('redact-payloads')
    const later = await everything(lab)
    expect(later).not.toContain('Main Street')
    expect(later).toContain('203.0.113.7')
    expect(later).toContain(customer)
    await lab.clock.advance(1095 * day)
    await lab.run('redact-payloads')
    const last = await everything(lab)
    for (const secret of [...secrets, `"${customer}"`]) expect(last).not.toContain(secret)
    expect(last).toContain(order)
    expect(await moneyOf(lab)).toEqual(money)
    // What the operator's URL was told cannot be told again without its words.
    const again = await replayNotifications(
      database.queries,
      lab.environment.id,
      null,
      lab.clock.now(),
    )
    expect(again).toBe(0)
    // Read again unchanged, the order stays redacted.
    await lab.run('split-payments', { scope: { since: new Date(0) } })
    expect(await customerOf(lab)).toBe('')
  })

  test('leaves alone what is still needed, and kinds that are kept for ever', async () => {
    const { lab } = await openCrowd()
    await database.pool.query(
      `update marketplace_refunds set open = true where environment_id = $1`,
      [lab.environment.id],
    )
    await database.pool.query(
      `update notifications set status = 'pending', next_try_at = created_at
       where environment_id = $1`,
      [lab.environment.id],
    )
    await lab.clock.advance(2000 * day)
    const retention = { ...defaultRetention, events: 0, unreadable: 0 }
    const settings = { ...lab.environment.settings, retention }
    await lab.run('redact-payloads', { environment: { ...lab.environment, settings } })
    const left = await everything(lab)
    expect(await customerOf(lab)).not.toBe('')
    expect(left).toContain('failedReason')
    expect(left).toContain('Main Street')
    expect(left).not.toContain('203.0.113.7')
  })
})

describe('on request', () => {
  test('a customer is exported whole, then erased at once; what is not finished is kept and named', async () => {
    const { lab, order } = await openCrowd()
    const customer = await customerOf(lab)
    const money = await moneyOf(lab)
    const exported = JSON.stringify(await exportCustomer(lab, customer), (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
    for (const part of [order, 'jane@example.com', 'Jane Roe', customer]) {
      expect(exported).toContain(part)
    }
    await database.pool.query(`update orders set open_for_split = true where environment_id = $1`, [
      lab.environment.id,
    ])
    const early = await eraseCustomer(lab, customer)
    expect(early).toMatchObject({ redacted: { orders: 0 }, kept: [`order ${order}`] })
    await database.pool.query(
      `update orders set open_for_split = false where environment_id = $1`,
      [lab.environment.id],
    )
    expect(await eraseCustomer(lab, customer)).toMatchObject({ redacted: { orders: 1 }, kept: [] })
    const left = await everything(lab)
    for (const gone of ['jane@example.com', `"${customer}"`]) expect(left).not.toContain(gone)
    expect(await moneyOf(lab)).toEqual(money)
    expect(await eraseCustomer(lab, customer)).toBeNull()
    expect(await exportCustomer(lab, customer)).toBeNull()
  })

  test('a seller is erased once nothing is open, and keeps the id, the account and every amount', async () => {
    const { lab, shop } = await openCrowd()
    const id = String(shop)
    const account = await lab.accountOf(shop)
    const found = await exportSeller(lab, id)
    expect(found).toMatchObject({
      seller: { id, account_id: account },
      visits: [{ visitor: '203.0.113.7' }],
    })
    await database.pool.query(
      `update movements set status = 'accepted' where environment_id = $1 and kind = 'transfer'`,
      [lab.environment.id],
    )
    expect(await eraseSeller(lab, id)).toMatchObject({
      redacted: {},
      kept: [expect.stringMatching(/^movement /)],
    })
    await database.pool.query(
      `update movements set status = 'succeeded' where environment_id = $1 and kind = 'transfer'`,
      [lab.environment.id],
    )
    const money = await moneyOf(lab)
    expect(await eraseSeller(lab, id)).toMatchObject({
      redacted: { sellers: 1, links: 1 },
      kept: [],
    })
    const after = await exportSeller(lab, id)
    expect(after?.seller).toMatchObject({
      name: 'erased',
      email: null,
      phone: null,
      account_id: account,
    })
    expect(after?.visits).toMatchObject([{ visitor: null }])
    expect(await moneyOf(lab)).toEqual(money)
    expect(await eraseSeller(lab, 'nobody')).toBeNull()
  })
})
