import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/app/config.ts'
import { runNow } from '../../src/app/run-now.ts'
import { openApp } from '../../src/app/wiring.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import type { JobName } from '../../src/workflows/run-job.ts'
import { auditLedger } from '../ledger-audit.ts'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** A backup is taken, money moves, the backup is restored: nothing moves twice, nothing is lost. */

let market: CliMarketplace
let home: string
let shop: number
beforeAll(async () => {
  market = await openMarketplace()
  // Fees are booked when their day is over.
  market.stripeSandbox.configure({ fees: {} })
  home = mkdtempSync(join(tmpdir(), 'tributary-backup-'))
  // As root the server runs under another account, which has to get into the folder.
  chmodSync(home, 0o711)
  shop = market.mirakl.addShop({ name: 'Atelier Nord' })
})
afterAll(async () => {
  await market.close()
  rmSync(home, { recursive: true, force: true })
})

const embedded = () => ({
  DATABASE_URL: null,
  TRIBUTARY_HOME: home,
  ENABLE_PRODUCT_PAYMENT_REFUND: 'true',
})

async function tributary(...args: string[]) {
  const ended = await market.tributary(args, embedded())
  expect(ended).toMatchObject({ code: 0 })
  return ended.stdout
}

/** In this program: starting one for every job takes most of a minute. */
async function run(...jobs: JobName[]): Promise<void> {
  const variables = Object.entries({ ...market.variables, ...embedded() })
  const given = variables.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))
  const app = await openApp(readConfig(Object.fromEntries(given)))
  try {
    for (const job of jobs) {
      // The simulators' clock stands still by itself.
      await market.clock.advance(1000)
      const report = await runNow(app, { job, mode: 'move' })
      expect(report).toMatchObject({ error: null })
    }
  } finally {
    await app.close()
  }
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ home })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** What is captured at once is available at once; the rest is pending for days. */
type Capture = 'manual' | 'automatic'

async function sell(purchase: string, accepted: boolean, capture: Capture = 'automatic') {
  await market.stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'eur',
    capture_method: capture,
    payment_method: 'pm_card_bypassPending',
    confirm: true,
    metadata: { mirakl_commercial_order_id: purchase },
  })
  const [order = ''] = market.mirakl.placePurchase({
    commercialId: purchase,
    orders: [{ shopId: shop, lines: [{ price: '100.00', commission: '10.00' }] }],
  })
  if (accepted) market.mirakl.acceptOrder(order)
  return order
}

async function openShop(): Promise<void> {
  await run('onboard-sellers')
  for (const account of (await market.stripe.accounts.list()).data) {
    market.stripeSandbox.completeOnboarding(account.id)
  }
  await run('onboard-sellers')
}

/** An order is seen debited in the run after the one that told so. */
const split = ['validate-payments', 'validate-payments', 'split-payments'] as const

const money = () => market.stripeSandbox.books().totals['eur']

const statuses = () =>
  withDatabase(async ({ queries }) => {
    const rows = await queries
      .selectFrom('movements')
      .select(['kind', 'status', 'origin'])
      .orderBy('kind')
      .execute()
    return rows.map(row => `${row.origin} ${row.kind} ${row.status}`).toSorted()
  })

test('what moved since the backup is found before anything moves, and is never moved twice', async () => {
  await openShop()
  await sell('P-1', true)
  const waiting = await sell('P-2', false)
  await run('validate-payments', 'split-payments')
  await sell('P-3', true)
  await run('validate-payments', 'validate-payments')
  const file = join(home, 'night.backup')
  expect(await tributary('backup', file)).toContain('taken at')
  expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(false)

  // The day after: another shop, a new order, a refund with its reversal, and a payout.
  const second = market.mirakl.addShop({ name: 'Boutique Sud' })
  await openShop()
  market.mirakl.acceptOrder(waiting)
  await run(...split)
  const end = market.clock.now().toISOString()
  market.mirakl.closeCycle({ start: '2026-01-01T00:00:00Z', end })
  await run('settle-sellers')
  await sell('P-4', true, 'manual')
  await sell('P-5', true)
  await run(...split)
  const [first] = market.mirakl.orders('P-1')
  market.mirakl.openRefund(first?.lines[0]?.lineId ?? '', { amount: '30.00', commission: '3.00' })
  await run('refund-payments')
  const before = { money: money(), accounts: (await market.stripe.accounts.list()).data.length }
  expect(before).toMatchObject({
    accounts: 2,
    money: {
      captured: 50_000,
      transferred: 45_000,
      refunded: 3_000,
      reversed: 2_700,
    },
  })

  expect(await statuses()).toContain('planned payout accepted')

  expect(await tributary('restore', file)).toContain('Restored as of')
  expect(readdirSync(home)).toContain('postgres.before-restore-1')
  const jobs: JobName[] = [
    'onboard-sellers',
    'validate-payments',
    'split-payments',
    'refund-payments',
  ]
  await run(...jobs, 'settle-sellers', 'read-books')
  await run(...jobs, 'settle-sellers', 'read-books')
  const after = { money: money(), accounts: (await market.stripe.accounts.list()).data.length }
  expect(after).toEqual(before)
  const planned = (await statuses()).filter(each => each.startsWith('planned'))
  expect(planned.filter(each => each.includes('transfer'))).toEqual(
    Array.from({ length: 5 }, () => 'planned transfer succeeded'),
  )
  expect(planned.filter(each => each.includes('pending') || each.includes('submitted'))).toEqual([])
  expect(second).not.toBe(shop)

  // What no plan makes anew (a refund that the marketplace has seen paid) is booked after some days.
  await withDatabase(async ({ queries }) => {
    const past = new Date(Date.now() - 4 * 24 * 3600 * 1000)
    await queries.updateTable('environments').set({ restored_at: past }).execute()
  })
  await run('read-books')
  expect(money()).toEqual(before.money)
  await withDatabase(async ({ queries }) => {
    const books = market.stripeSandbox.books()
    expect(await auditLedger(queries, 'test', books, 'acct_platform')).toEqual([])
  })
}, 240_000)

test('refuses while a program uses the database, what is no backup, and to overwrite', async () => {
  const file = join(home, 'night.backup')
  const refused = (...args: string[]) => market.tributary(args, embedded())
  expect(await refused('backup', file)).toMatchObject({ code: 2 })
  writeFileSync(join(home, 'other'), 'not a backup')
  expect(await refused('restore', join(home, 'other'))).toMatchObject({ code: 2 })
  expect(await refused('restore')).toMatchObject({ code: 2 })
  await withDatabase(async () => {
    for (const args of [
      ['backup', join(home, 'second.backup')],
      ['restore', file],
    ]) {
      const ended = await refused(...args)
      expect(ended.code).toBe(2)
      expect(ended.stderr).toContain('stop them first')
    }
  })
  expect(await statuses()).not.toEqual([])
})

test('with DATABASE_URL says how, and marks what was restored by other means', async () => {
  const guided = await market.tributary(['backup', join(home, 'x')])
  expect(guided).toMatchObject({ code: 2, stdout: '' })
  expect(guided.stderr).toContain('pg_dump')
  await market.tributary(['run', 'onboard-sellers', '-q'])
  expect(await market.tributary(['restore', '--mark', '2026-01-01'])).toMatchObject({ code: 0 })
  const marked = () =>
    market.database.queries
      .selectFrom('environments')
      .select(['restored_from', 'restore_checked_at'])
      .executeTakeFirst()
  expect(await marked()).toEqual({
    restored_from: new Date('2026-01-01T00:00:00Z'),
    restore_checked_at: null,
  })
  await market.tributary(['run', 'split-payments', '-q'])
  expect((await marked())?.restore_checked_at).toBeInstanceOf(Date)
})
