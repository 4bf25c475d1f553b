import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { chargeOf, type ImportLaboratory, openImportLaboratory } from './import-laboratory.ts'

let database: Database
let lab: ImportLaboratory
beforeAll(async () => {
  database = await openTestDatabase()
  lab = await openImportLaboratory(database)
})
afterAll(async () => {
  await lab.close()
  await database.close()
})

async function payments() {
  const rows = await database.queries
    .selectFrom('payments')
    .select(['purchase_id', 'status', 'open_for_capture'])
    .where('environment_id', '=', lab.environment.id)
    .orderBy('purchase_id')
    .execute()
  return rows.map(row => [row.purchase_id, row.status, row.open_for_capture])
}

test('payments of every status are taken as the provider shows them, and only once', async () => {
  const { shop } = await lab.mapped()
  const charges = new Map<string, string>()
  for (const purchase of ['P-1-CAPTURE', 'P-2-LATE', 'P-3-CANCELED']) {
    charges.set(purchase, (await lab.sell(shop, purchase)).charge)
  }
  const unnamed = await lab.pay('P-4-UNNAMED', 1_000, { metadata: {} })
  charges.set('P-4-UNNAMED', chargeOf(unnamed.latest_charge))
  const late = charges.get('P-2-LATE') ?? ''
  const intentOf = async (charge: string) => {
    const { payment_intent: intent } = await lab.sdk.charges.retrieve(charge)
    return typeof intent === 'string' ? intent : (intent?.id ?? '')
  }
  await lab.sdk.paymentIntents.capture(await intentOf(late))
  await lab.sdk.paymentIntents.cancel(await intentOf(charges.get('P-3-CANCELED') ?? ''))
  const statuses = { 'P-3-CANCELED': 'canceled', 'P-4-UNNAMED': 'captured' } as Record<
    string,
    string
  >
  for (const [purchase, charge] of charges) {
    const status = statuses[purchase] ?? 'to_capture'
    const row = { mirakl_commercial_order_id: purchase, stripe_charge_id: charge }
    await lab.old.add('payment_mapping', { ...row, status, stripe_amount: 10_000 })
  }
  const gone = { stripe_charge_id: 'ch_gone', status: 'failed', stripe_amount: 1 }
  await lab.old.add('payment_mapping', gone)

  const stopped = await lab.import(true, 'all', { stopping: () => true })
  expect(stopped).toMatchObject({ stopped: true, written: { sellers: 0, payments: 0 } })
  expect(await payments()).toEqual([])

  const report = await lab.import(true)
  expect(report.differences.map(each => [each.id, each.message])).toEqual([
    ['P-2-LATE', 'to_capture in the old connector, captured at the provider'],
    ['P-4-UNNAMED', 'captured in the old connector, authorized at the provider'],
  ])
  expect(report.lines).toMatchObject([{ reason: 'missing_at_provider', outcome: 'refused' }])
  expect(await payments()).toEqual([
    ['P-1-CAPTURE', 'authorized', true],
    ['P-2-LATE', 'captured', false],
    ['P-3-CANCELED', 'canceled', false],
    ['P-4-UNNAMED', 'authorized', true],
  ])
  expect((await lab.import(true)).written).toMatchObject({ sellers: 0, payments: 0 })
  expect(await lab.run('validate-payments')).toMatchObject({ error: null, failed: 0 })
  expect(await lab.movements('capture')).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ status: 'succeeded', sentAmount: 10_000n })]),
  )
})
