import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOldDatabase, type OldDatabase } from '../builders/old-database.ts'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

let marketplace: CliMarketplace
let old: OldDatabase
beforeAll(async () => {
  marketplace = await openMarketplace()
  old = await createOldDatabase()
  const shop = marketplace.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
  const account = await marketplace.stripe.accounts.create({ type: 'express', country: 'FR' })
  const row = { mirakl_shop_id: shop, stripe_account_id: account.id }
  const mapping = await old.add('account_mapping', row)
  await old.add('stripe_transfer', {
    account_mapping_id: mapping,
    mirakl_id: 'P-1-A',
    type: 'TRANSFER_PRODUCT_ORDER',
    status: 'TRANSFER_ABORTED',
    status_reason: 'Order cannot be processed, status is REFUSED',
    amount: 900,
    currency: 'eur',
  })
})
afterAll(async () => {
  await old.close()
  await marketplace.close()
})

const name = 'stripe-mirakl-connector'

test('reports first, takes over with --apply, and changes nothing the second time', async () => {
  const dry = await marketplace.tributary(['import', name, '--from', old.url])
  expect(dry).toMatchObject({ code: 0, stderr: '' })
  expect(dry.stdout).toContain('dry run: nothing was written')
  expect(dry.stdout).toContain('1 sellers, 0 payments, 1 movements')
  const file = join(marketplace.home, 'import.json')
  const args = ['import', name, '--from', old.url, '--apply', '--json', '--report', file]
  const applied = await marketplace.tributary(args)
  expect(applied.code).toBe(0)
  const report: unknown = JSON.parse(applied.stdout)
  expect(report).toMatchObject({ mode: 'apply', written: { sellers: 1, movements: 1 } })
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(report)
  const again: unknown = JSON.parse((await marketplace.tributary(args)).stdout)
  expect(again).toMatchObject({ written: { sellers: 0, movements: 0 } })
  const listed = await marketplace.tributary(['movements', 'list', '--json'])
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { kind: 'transfer', status: 'canceled', orderId: 'P-1-A', reason: 'order_refused' },
  ])
})

test('refuses to report and to take over at once', async () => {
  const args = ['import', name, '--from', old.url, '--dry-run', '--apply']
  const ended = await marketplace.tributary(args)
  expect(ended).toMatchObject({ code: 2, stdout: '' })
  expect(ended.stderr).toMatch(/exclude/)
})
