import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { answerMovement } from '../../src/workflows/answer-movement.ts'
import { retryMovement } from '../../src/workflows/change-movement.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, purchaseTotals, refundRows, sellOne, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const hour = 3_600_000

/** An order of 100.00 whose capture never reached the provider, and a refund of 30.00 that waits for it. */
async function refundBesideCapture(lab: Laboratory, shop: number) {
  lab.faults.add({ side: 'stripe', kind: 'cut_before', method: 'POST', path: '/capture' })
  const order = await sellOne(lab, shop, 'P-1')
  const refund = lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
  await lab.run('refund-payments')
  for (let day = 0; day < 2; day += 1) {
    await lab.clock.advance(30 * hour)
    await lab.run('validate-payments')
  }
  lab.faults.clear()
  const [capture] = await lab.movements('capture')
  expect(capture).toMatchObject({ status: 'submitted', needsReview: true, amount: 10_000n })
  expect(await refundRows(lab)).toEqual([
    ['refund', refund, 3_000n, 'on_hold', 'payment_not_captured'],
  ])
  return { refund, captureId: capture?.id ?? '' }
}

describe('a refund that waited for the answer of a capture', () => {
  test('is counted in the transfer, when the next capture leaves it out', async () => {
    const { lab, shop } = await openShop(database)
    const { refund, captureId } = await refundBesideCapture(lab, shop)
    expect(await answerMovement(lab.work(), captureId, { notThere: true })).toMatchObject({
      ok: true,
    })
    await lab.run('refund-payments')
    await lab.run('validate-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(purchaseTotals(lab)).toMatchObject({ captured: 7_000, refunded: 0, transferred: 6_300 })
    expect((await toldRefunds(lab)).map(([id, says]) => [id, says])).toEqual([[refund, 'paid']])
    expect(await refundRows(lab)).toEqual([
      ['refund', refund, 3_000n, 'canceled', 'amount_not_positive'],
    ])
    expect(await lab.openRefunds()).toEqual([])
  })

  test('is paid after all, when the capture goes again as it was decided', async () => {
    const { lab, shop } = await openShop(database)
    const { refund, captureId } = await refundBesideCapture(lab, shop)
    await answerMovement(lab.work(), captureId, { notThere: true })
    await retryMovement(lab.work(), captureId)
    await lab.run('refund-payments')
    // That run has told the marketplace that the refund is paid, and has sent the capture it found.
    expect(purchaseTotals(lab)).toMatchObject({ captured: 10_000 })
    await lab.run('refund-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 3_000, transferred: 6_300, reversed: 0 })
    expect((await toldRefunds(lab)).map(([id, says]) => [id, says])).toEqual([[refund, 'paid']])
    expect(await lab.openRefunds()).toEqual([])
  })
})
