import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { listNotifications } from '../../src/store/notifications.ts'
import { openTestDatabase } from '../database.ts'
import { openShop, sellOne } from './refund-shop.ts'

const day = 24 * 3_600_000
const thirty = { amount: '30.00', commission: '3.00' }

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A shop whose operator is told, and what it was told about refunds. */
async function open() {
  const { lab, shop } = await openShop(database, { settings: { notifies: true } })
  const told = async () => {
    const stored = await listNotifications(database.queries, lab.environment.id, { limit: 100 })
    const bodies = stored.map(({ body }) => JSON.parse(body) as { type: string })
    return bodies.filter(({ type }) => type === 'refund.failed')
  }
  return { lab, shop, told }
}

describe('refund.failed', () => {
  test('of a refund that Stripe refuses has neither id', async () => {
    const { lab, shop, told } = await open()
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    // Somebody refunded 80.00 by hand: 30.00 exceed what is left of the charge.
    const [capture] = await lab.movements('capture')
    const intent = capture?.parties.paymentId ?? ''
    await lab.sdk.refunds.create({ payment_intent: intent, amount: 8_000 })
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect(await told()).toEqual([
      {
        type: 'refund.failed',
        payload: {
          internalId: expect.any(Number),
          miraklOrderId: order,
          miraklRefundId: id,
          stripeRefundId: null,
          stripeReversalId: null,
          amount: 3_000,
          status: 'REFUND_FAILED',
          failedReason: expect.stringContaining('greater than unrefunded amount'),
          currency: 'EUR',
        },
      },
    ])
  })

  test('of a refund that the customer’s bank sends back names refund and reversal', async () => {
    const { lab, shop, told } = await open()
    await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect(await told()).toEqual([])
    const [refund] = await lab.movements('refund')
    const [reversal] = await lab.movements('reversal')
    await lab.clock.advance(5 * day)
    lab.stripe.failRefund(refund?.providerId ?? '')
    await lab.receive()
    await lab.receive()
    expect(await told()).toMatchObject([
      {
        payload: {
          miraklRefundId: id,
          stripeRefundId: refund?.providerId,
          stripeReversalId: reversal?.providerId,
          amount: 3_000,
        },
      },
    ])
    expect(reversal?.providerId).toMatch(/^trr_/)
  })
})
