import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStripe } from '../../src/adapters/stripe/provider.ts'
import { createBreaker } from '../../src/app/circuit-breaker.ts'
import { guardedFetch } from '../../src/app/guarded-calls.ts'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

/** A provider that takes every call and never answers: what was sent stays in doubt, the rest waits. */

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const purchases = 80

test('a provider that hangs is left alone, and what was sent to it is never called not sent', async () => {
  const lab = await openLaboratory(database)
  // What Stripe's books say of fees is another job's: nobody runs it here.
  lab.stripe.configure({ fees: {} })
  const shop = await lab.openSeller()
  for (let number = 1; number <= purchases; number += 1) {
    await lab.pay(`P-${number}`, 1000, { capture_method: 'automatic' })
    const lines = [{ price: '10', commission: '1' }]
    const input = { commercialId: `P-${number}`, orders: [{ shopId: shop, lines }] }
    for (const order of lab.mirakl.placePurchase(input)) lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
  await lab.run('validate-payments')

  // Every call arrives and is done; its answer never comes.
  let made = 0
  const hanging: typeof fetch = async (input, init) => {
    made += 1
    await lab.stripe.handler(new Request(input, init))
    const signal = new Request(input, init).signal
    return new Promise((_, reject) => {
      const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('stop'))
      signal.addEventListener('abort', stop, { once: true })
    })
  }
  const breaker = createBreaker({ name: 'stripe', clock: lab.clock })
  const provider = createStripe({
    secretKey: 'sk_test_1',
    fetch: guardedFetch(hanging, breaker),
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    platformAccountId: lab.stripe.platformAccountId,
    requestsPerSecond: null,
    totalPerSecond: null,
    timeoutSeconds: 0.2,
    networkRetries: 1,
    pluginVersion: '0.1.0',
  })
  await lab.run('split-payments', {
    provider: { ...provider, answers: () => breaker.admits() },
  })
  expect(breaker.state()).toMatchObject({ state: 'open' })
  // One call for each that may be under way at once, and not one for each movement.
  expect(made).toBeLessThanOrEqual(40)
  const asked = (await lab.movements('transfer')).map(each => each.status)
  expect(new Set(asked)).toEqual(new Set(['submitted', 'pending']))
  const moved = lab.stripe.books().totals['eur']?.transferred ?? 0
  expect(moved).toBeGreaterThan(0)

  await lab.clock.advance(3 * 60_000)
  await lab.run('split-payments')
  expect((await lab.movements('transfer')).map(each => each.status)).toEqual(
    Array.from({ length: purchases }, () => 'succeeded'),
  )
  expect(lab.stripe.books().totals['eur']).toMatchObject({ transferred: purchases * 900 })
  expect(await lab.auditLedger()).toEqual([])
})
