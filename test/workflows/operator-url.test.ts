import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { deliveriesOf, listNotifications } from '../../src/store/notifications.ts'
import { deliverNotifications, replay } from '../../src/workflows/deliver-notifications.ts'
import { openTestDatabase } from '../database.ts'
import { openNotificationEndpoint } from '../notification-endpoint.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

// What an operator who points OPERATOR_NOTIFICATION_URL at a server of its own sees of one bad week.

const hour = 3_600_000
const day = 24 * hour

/**
 * The keys of the connector before Tributary, in its order, and what their values are. `id`: an id of
 * the marketplace, a number where Mirakl's is one; `text?`: may be null.
 */
const documented: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'account.updated': { miraklShopId: 'integer', stripeUserId: 'text' },
  'transfer.failed': {
    internalId: 'integer',
    miraklId: 'id',
    type: 'text',
    stripeAccountId: 'text',
    miraklShopId: 'integer',
    transferId: 'text?',
    transactionId: 'text?',
    amount: 'integer',
    status: 'text',
    failedReason: 'text',
    currency: 'text',
  },
  'refund.failed': {
    internalId: 'integer',
    miraklOrderId: 'text',
    miraklRefundId: 'text',
    stripeRefundId: 'text?',
    stripeReversalId: 'text?',
    amount: 'integer',
    status: 'text',
    failedReason: 'text',
    currency: 'text',
  },
  'payout.failed': {
    internalId: 'integer',
    amount: 'integer',
    currency: 'text',
    miraklInvoiceId: 'integer',
    stripePayoutId: 'text?',
    status: 'text',
    failedReason: 'text',
  },
}

function isOf(kind: string, value: unknown): boolean {
  if (kind === 'integer') return Number.isSafeInteger(value)
  if (kind === 'text') return typeof value === 'string' && value !== ''
  if (kind === 'text?') return value === null || isOf('text', value)
  return isOf('integer', value) || isOf('text', value)
}

let database: Database
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 20 })
})
afterAll(() => database.close())
const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

async function open() {
  const { lab, shop } = await openShop(database, { settings: { notifies: true } })
  const endpoint = await openNotificationEndpoint()
  endings.push(() => endpoint.kill())
  const stored = () => listNotifications(database.queries, lab.environment.id, { limit: 1_000 })
  return {
    lab,
    shop,
    endpoint,
    stored,
    /** Lets virtual time pass, with deliveries whenever one is due. */
    async pass(milliseconds: number): Promise<void> {
      const end = lab.clock.now().getTime() + milliseconds
      for (;;) {
        const { nextDueAt } = await deliverNotifications(lab.work(), endpoint.notifier, null)
        const now = lab.clock.now().getTime()
        if (now >= end) return
        const next = Math.max(nextDueAt?.getTime() ?? end, now + 1)
        await lab.clock.moveTo(new Date(Math.min(next, end)))
      }
    },
  }
}

/** A refund, a transfer and a payout fail, and accounts are changed by their sellers. */
async function badWeek(lab: Laboratory, shop: number): Promise<void> {
  const refunded = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  await lab.clock.advance(3 * day)
  lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
  await lab.run('settle-sellers')
  const [payout] = await lab.movements('payout')
  lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
  await lab.receive()
  // Somebody refunded 80.00 by hand: 30.00 exceed what is left of the charge.
  const [capture] = await lab.movements('capture')
  const intent = capture?.parties.paymentId ?? ''
  await lab.sdk.refunds.create({ payment_intent: intent, amount: 8_000 })
  lab.mirakl.openRefund(`${refunded}-1`, { amount: '30.00', commission: '3.00' })
  await lab.run('refund-payments')
  const closed = await lab.openSeller()
  await sellOne(lab, closed, 'P-2')
  lab.stripe.rejectAccount(await lab.accountOf(closed))
  await lab.run('split-payments')
  await lab.receive()
}

describe('the operator’s own server', () => {
  test('that is down for an hour receives all four afterwards, each once, as documented', async () => {
    const { lab, shop, endpoint, stored, pass } = await open()
    await endpoint.kill()
    await badWeek(lab, shop)
    await pass(hour)
    expect(endpoint.received).toEqual([])
    await endpoint.start()
    await pass(day)
    const ids = (await stored()).map(each => each.id)
    expect(endpoint.received.map(each => each.id).toSorted()).toEqual(ids.toSorted())
    expect(endpoint.received.every(each => each.signed)).toBe(true)
    const told = endpoint.received.map(
      ({ body }) => JSON.parse(body) as { type: string; payload: Record<string, unknown> },
    )
    expect([...new Set(told.map(({ type }) => type))].toSorted()).toEqual(
      Object.keys(documented).toSorted(),
    )
    for (const { type, payload, ...rest } of told) {
      expect(rest).toEqual({})
      const keys = documented[type] ?? {}
      expect(Object.keys(payload)).toEqual(Object.keys(keys))
      const wrong = Object.entries(keys).filter(([key, kind]) => !isOf(kind, payload[key]))
      expect(wrong).toEqual([])
    }
    const of = (type: string) => told.find(each => each.type === type)?.payload
    expect(of('transfer.failed')).toMatchObject({ amount: 9_000, type: 'TRANSFER_ORDER' })
    expect(of('refund.failed')).toMatchObject({ amount: 3_000, status: 'REFUND_FAILED' })
    expect(of('payout.failed')).toMatchObject({ amount: 9_000, status: 'PAYOUT_FAILED' })
  })

  test('is tried eight times and more over a day, and again when it is asked for', async () => {
    const { lab, shop, endpoint, stored, pass } = await open()
    endpoint.answerWith(503)
    await badWeek(lab, shop)
    await pass(2 * day)
    for (const each of await stored()) {
      expect(each).toMatchObject({ status: 'undelivered' })
      expect(each.tries).toBeGreaterThanOrEqual(8)
      const tries = await deliveriesOf(database.queries, lab.environment.id, each.id)
      const moments = tries.map(({ at }) => at.getTime())
      expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThanOrEqual(day)
    }
    endpoint.answerWith(200)
    expect(await replay(lab.work(), null)).toBe((await stored()).length)
    await pass(hour)
    const ids = (await stored()).map(each => each.id)
    expect(endpoint.received.map(each => each.id).toSorted()).toEqual(ids.toSorted())
  })

  test('in a private network or behind a redirect is told nothing', async () => {
    const { lab, shop, endpoint, pass, stored } = await open()
    const secrets = await openNotificationEndpoint()
    endings.push(() => secrets.kill())
    endpoint.redirectTo(secrets.url)
    await badWeek(lab, shop)
    await pass(1_000)
    expect(secrets.received).toEqual([])
    const problems = new Set((await stored()).map(each => each.problem))
    expect([...problems].join()).toMatch(/redirect/)
    const inside = secrets.notifierAllowing([])
    await lab.clock.advance(day)
    await deliverNotifications(lab.work(), inside, null)
    expect(secrets.received).toEqual([])
    expect((await stored())[0]?.problem).toContain('TRIBUTARY_NOTIFICATION_ALLOW')
  })
})
