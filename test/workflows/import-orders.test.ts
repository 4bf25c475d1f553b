import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type ImportLaboratory, openImportLaboratory } from './import-laboratory.ts'

let database: Database
let lab: ImportLaboratory
beforeAll(async () => {
  database = await openTestDatabase()
  lab = await openImportLaboratory(database)
  await play(lab)
})
afterAll(async () => {
  await lab.close()
  await database.close()
})

const orders = [
  'CREATED',
  'FAILED',
  'PENDING',
  'ON_HOLD',
  'IGNORED',
  'ABORTED',
  'TIMEOUT',
  'UNKNOWN',
  'NEW',
]

/** One order for each status; a call that timed out moved money and is FAILED there. */
async function play({ old, ...world }: ImportLaboratory): Promise<void> {
  const { shop, account, mapping } = await world.mapped()
  const sold = new Map<string, { order: string; charge: string }>()
  for (const name of orders) sold.set(name, await world.sell(shop, `P-${name}`))
  await world.receive()
  await world.validateBefore()
  for (const name of orders) {
    const { order, charge } = sold.get(name) ?? { order: '', charge: '' }
    const captured = { mirakl_commercial_order_id: `P-${name}`, stripe_charge_id: charge }
    await old.add('payment_mapping', { ...captured, status: 'captured', stripe_amount: 10_000 })
    if (name === 'NEW') continue
    const moved = name === 'CREATED' || name === 'TIMEOUT'
    const made = moved ? await world.transferBefore(account, { order, charge }) : null
    const known = name !== 'ON_HOLD' && name !== 'IGNORED' && name !== 'ABORTED'
    const statuses: Record<string, string> = { TIMEOUT: 'FAILED', UNKNOWN: 'SHIPPED' }
    await old.add('stripe_transfer', {
      account_mapping_id: mapping,
      mirakl_id: order,
      type: 'TRANSFER_PRODUCT_ORDER',
      transfer_id: name === 'CREATED' ? made : null,
      transaction_id: known ? charge : null,
      amount: known ? 9_000 : null,
      currency: known ? 'eur' : null,
      status: `TRANSFER_${statuses[name] ?? name}`,
      status_reason: name === 'CREATED' ? null : `because of ${name}`,
      mirakl_created_date: '2026-11-01 09:00:00',
    })
  }
  const checkpoint = '2026-11-02T08:30:00+00:00'
  await old.add('config', { key: 'product_payment_split_checkpoint', value: checkpoint })
  await old.add('config', { key: 'seller_settlement_checkpoint', value: checkpoint })
  await old.add('config', { key: 'something_else', value: '1' })
}

const outcomesOf = (report: Awaited<ReturnType<ImportLaboratory['import']>>) =>
  Object.fromEntries(
    report.cells.map(each => [`${each.table} ${each.status} ${each.outcome}`, each.rows]),
  )

const expected = {
  'accounts mapped recorded': 1,
  'payments captured recorded': 9,
  'transfers TRANSFER_ABORTED canceled': 1,
  'transfers TRANSFER_CREATED recorded': 1,
  'transfers TRANSFER_FAILED left': 1,
  'transfers TRANSFER_FAILED recorded': 1,
  'transfers TRANSFER_IGNORED left': 1,
  'transfers TRANSFER_ON_HOLD left': 1,
  'transfers TRANSFER_PENDING left': 1,
  'transfers TRANSFER_SHIPPED review': 1,
}

describe('importing orders of every status', () => {
  test('a dry run reports every row and writes nothing', async () => {
    const report = await lab.import(false)
    expect(outcomesOf(report)).toEqual(expected)
    expect(report.written).toEqual({ sellers: 1, payments: 9, movements: 4, checkpoints: 2 })
    expect(report).toMatchObject({ mode: 'dry_run', problems: [], stopped: false })
    expect(report.lines.map(line => `${line.status} ${line.reason}`).toSorted()).toEqual([
      'TRANSFER_FAILED not_at_provider',
      'TRANSFER_IGNORED not_at_provider',
      'TRANSFER_ON_HOLD not_at_provider',
      'TRANSFER_PENDING not_at_provider',
      'TRANSFER_SHIPPED unknown_status',
    ])
    expect(report.differences).toMatchObject([{ reason: 'found_at_provider' }])
    expect(report.oldestLeft).toBe('2026-11-01T09:00:00.000Z')
    expect(await lab.movements()).toEqual([])
  })

  test('an import books what was made, and a second one changes nothing', async () => {
    const report = await lab.import(true)
    expect(outcomesOf(report)).toEqual(expected)
    expect(report.written).toEqual({ sellers: 1, payments: 9, movements: 4, checkpoints: 2 })
    const before = await lab.movements()
    expect(before.map(each => [each.kind, each.status, each.origin, each.sentAmount])).toEqual(
      expect.arrayContaining([
        ['transfer', 'succeeded', 'observed', 9_000n],
        ['transfer', 'succeeded', 'observed', 9_000n],
        ['transfer', 'canceled', 'observed', null],
      ]),
    )
    const again = await lab.import(true)
    expect(outcomesOf(again)).toEqual(expected)
    expect(again.written).toEqual({ sellers: 0, payments: 0, movements: 0, checkpoints: 0 })
    expect(await lab.movements()).toEqual(before)
  })

  test('the next split sends what was never sent, and nothing else', async () => {
    // The row whose status nobody knows waits for a person; the one given up stays so.
    const report = await lab.run('split-payments')
    expect(report).toMatchObject({ error: null, failed: 0 })
    const sent = (await lab.movements('transfer')).filter(each => each.origin === 'planned')
    const purchases = sent.map(each => String(each.parties.purchaseId)).toSorted()
    expect(purchases).toEqual(['P-FAILED', 'P-IGNORED', 'P-NEW', 'P-ON_HOLD', 'P-PENDING'])
    expect(sent.every(each => each.status === 'succeeded')).toBe(true)
    expect(lab.stripe.books().totals['eur']?.transferred).toBe(7 * 9_000)
    expect(await lab.run('split-payments')).toMatchObject({ planned: 0, sent: 0 })
  })

  test('an import after the runs changes nothing and finds nothing new', async () => {
    const before = await lab.movements()
    const report = await lab.import(true)
    expect(report.written).toEqual({ sellers: 0, payments: 0, movements: 0, checkpoints: 0 })
    expect(await lab.movements()).toEqual(before)
  })
})
