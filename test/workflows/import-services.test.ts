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

/** A paid service of 96.00 with a commission of 9.60. */
async function serve(shopId: number, purchase: string) {
  const intent = await lab.pay(purchase, 9_600, { capture_method: 'automatic' })
  const service = { commercialId: purchase, shopId, price: '80', tax: '16', commission: '9.60' }
  const order = lab.mirakl.placeServiceOrder(service)
  lab.mirakl.acceptServiceOrder(order)
  for await (const page of lab.marketplace.serviceDebits([order])) {
    for (const reading of page.readings) {
      if (!reading.ok) throw new Error(reading.problem)
      const row = { id: reading.value.id, order_id: order, amount: 96, currency_code: 'EUR' }
      const told = await lab.mirakl.handler(
        new Request('https://tenant.example/api/mms/debits', {
          method: 'PUT',
          headers: { authorization: 'front-key', 'content-type': 'application/json' },
          body: JSON.stringify([{ ...row, state: 'OK' }]),
        }),
      )
      expect(told.status).toBe(200)
    }
  }
  return { order, charge: chargeOf(intent.latest_charge) }
}

test('services that were made stay made; one that was held is read by its id and paid', async () => {
  const { shop, account, mapping } = await lab.mapped()
  const made = await serve(shop, 'SRV-1')
  const held = await serve(shop, 'SRV-2')
  await lab.receive()
  const row = { account_mapping_id: mapping, type: 'TRANSFER_SERVICE_ORDER', currency: 'eur' }
  await lab.old.add('stripe_transfer', {
    ...row,
    mirakl_id: made.order,
    transfer_id: await lab.transferBefore(account, made, 8_640),
    transaction_id: made.charge,
    amount: 8_640,
    status: 'TRANSFER_CREATED',
  })
  const open = { ...row, mirakl_id: held.order, amount: null, status: 'TRANSFER_ON_HOLD' }
  await lab.old.add('stripe_transfer', open)
  // The reading goes on behind both orders: only its id brings the one that is left.
  const checkpoint = new Date(lab.clock.now().getTime() + 2 * 24 * 3600 * 1000).toISOString()
  const key = 'service_payment_split_checkpoint'
  await lab.old.add('config', { key, value: checkpoint })
  const report = await lab.import(true)
  expect(report).toMatchObject({ problems: [], checkpoints: [{ outcome: 'taken' }] })
  expect(await lab.run('split-payments')).toMatchObject({ error: null, sent: 1, failed: 0 })
  const rows = (await lab.movements('transfer')).map(each => [each.source.id, each.origin])
  expect(new Map(rows as [string, string][])).toEqual(
    new Map([
      [made.order, 'observed'],
      [held.order, 'planned'],
    ]),
  )
  expect(lab.stripe.books().totals['eur']?.transferred).toBe(2 * 8_640)
})
