import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { environmentBySlug } from '../../src/store/environments.ts'
import { markRestored } from '../../src/store/restores.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const transfersMade = (calls: readonly string[]) =>
  calls.filter(call => call === 'POST /v1/transfers').length

test('after a restore nothing moves before all that was open is looked up, and then not twice', async () => {
  const lab = await openLaboratory(database)
  lab.stripe.configure({ fees: {} })
  const shop = await lab.openSeller()
  await lab.pay('P-1', 1000)
  const lines = [{ price: '10', commission: '1' }]
  const input = { commercialId: 'P-1', orders: [{ shopId: shop, lines }] }
  for (const order of lab.mirakl.placePurchase(input)) lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  const from = lab.clock.now()
  lab.faults.add({ side: 'stripe', kind: 'cut_after', method: 'POST', path: '/v1/transfers' })
  await lab.run('split-payments')
  lab.faults.clear()
  // What the backup has of it: decided, and not asked yet.
  await database.queries
    .updateTable('movements')
    .set({ status: 'pending', attempt: 0, attempted_at: null, lease_until: null })
    .where('environment_id', '=', lab.environment.id)
    .where('kind', '=', 'transfer')
    .execute()
  // Longer than Stripe keeps keys: only a look-up can tell.
  await lab.clock.advance(30 * 3600 * 1000)
  await markRestored(database.queries, { from, at: lab.clock.now() })
  const restored = async () => {
    const environment = await environmentBySlug(database.queries, lab.environment.slug)
    return environment ?? lab.environment
  }
  const made = transfersMade(lab.calls.stripe)

  lab.faults.add({ side: 'stripe', kind: 'error_json', method: 'GET', path: '/v1/transfers' })
  const blocked = await lab.run('split-payments', { environment: await restored() })
  expect(blocked.error).toContain('The database was restored')
  expect((await lab.movements('transfer')).map(each => each.status)).toEqual(['pending'])
  expect((await restored()).restore?.checkedAt).toBeNull()

  lab.faults.clear()
  await lab.run('split-payments', { environment: await restored() })
  expect((await lab.movements('transfer')).map(each => each.status)).toEqual(['succeeded'])
  expect((await restored()).restore?.checkedAt).toBeInstanceOf(Date)
  expect(transfersMade(lab.calls.stripe)).toBe(made)
  expect(lab.stripe.books().totals['eur']).toMatchObject({ transferred: 900 })
  expect(await lab.auditLedger()).toEqual([])
})
