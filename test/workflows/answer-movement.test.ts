import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { answerMovement } from '../../src/workflows/answer-movement.ts'
import { retryMovement } from '../../src/workflows/change-movement.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A transfer that was asked, never answered, and is found nowhere. */
async function inReview() {
  const lab = await openLaboratory(database)
  const shop = await lab.openSeller()
  await lab.pay('P-1', 1_000)
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  const cut = { side: 'stripe', kind: 'cut_before', method: 'POST', path: '/v1/transfers' } as const
  lab.faults.add(cut)
  await lab.run('split-payments')
  const [asked] = await lab.movements('transfer')
  const id = asked?.id ?? ''
  const early = await answerMovement(lab.work(), id, { notThere: true })
  expect(early).toMatchObject({ ok: false, problem: 'not_allowed' })
  for (let day = 0; day < 2; day += 1) {
    await lab.clock.advance(30 * 3600 * 1000)
    await lab.run('split-payments')
  }
  lab.faults.clear()
  expect(await lab.movements('transfer')).toMatchObject([{ needsReview: true }])
  return { lab, id }
}

test('a person who finds it at the provider ends the doubt', async () => {
  const { lab, id } = await inReview()
  const answered = await answerMovement(lab.work(), id, { providerId: 'tr_found' })
  expect(answered).toMatchObject({ ok: true })
  expect(await lab.movements('transfer')).toMatchObject([
    { status: 'succeeded', providerId: 'tr_found', needsReview: false },
  ])
})

test('a person who finds nothing makes it a refusal, which can be sent again under a new key', async () => {
  const { lab, id } = await inReview()
  await answerMovement(lab.work(), id, { notThere: true })
  expect(await lab.movements('transfer')).toMatchObject([{ status: 'failed', attempt: 1 }])
  expect(await retryMovement(lab.work(), id)).toMatchObject({ ok: true })
  await lab.run('split-payments')
  expect(await lab.movements('transfer')).toMatchObject([{ status: 'succeeded', attempt: 2 }])
  expect(lab.stripe.books().totals['eur']?.transferred).toBe(1_000)
})
