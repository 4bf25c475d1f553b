import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { deliveriesOf, listNotifications } from '../../src/store/notifications.ts'
import { deliverNotifications, replay } from '../../src/workflows/deliver-notifications.ts'
import type { Mailer } from '../../src/workflows/ports.ts'
import { recordOutcome } from '../../src/workflows/record-outcome.ts'
import { openTestDatabase } from '../database.ts'
import { openNotificationEndpoint } from '../notification-endpoint.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

let database: Database
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 20 })
})
afterAll(() => database.close())

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

/** A marketplace whose operator is told, the operator's endpoint, and a mailbox. */
async function open(settings: Partial<Settings> = {}) {
  const lab = await openLaboratory(database, { settings: { notifies: true, ...settings } })
  const endpoint = await openNotificationEndpoint()
  endings.push(() => endpoint.kill())
  const mails: Parameters<Mailer['send']>[0][] = []
  const mailer: Mailer = {
    send: async mail => {
      mails.push(mail)
      return { result: 'told' }
    },
  }
  const { id } = lab.environment
  return {
    lab,
    endpoint,
    mails,
    deliver: () => deliverNotifications(lab.work(), endpoint.notifier, mailer),
    /** Lets time pass, with the job running as its schedule and its own wishes say. */
    async pass(milliseconds: number): Promise<void> {
      const end = lab.clock.now().getTime() + milliseconds
      for (;;) {
        const { nextDueAt } = await deliverNotifications(lab.work(), endpoint.notifier, mailer)
        const now = lab.clock.now().getTime()
        if (now >= end) return
        const next = Math.max(nextDueAt?.getTime() ?? end, now + 1)
        await lab.clock.moveTo(new Date(Math.min(next, end)))
      }
    },
    stored: () => listNotifications(database.queries, id, { limit: 1000 }),
    log: (notification: string) => deliveriesOf(database.queries, id, notification),
  }
}

/** A transfer that Stripe refuses: the seller's account is closed and nobody has told us yet. */
async function failTransfers(lab: Laboratory, count = 1): Promise<number> {
  const shop = await lab.openSeller()
  // The news of its onboarding is not what these tests are about.
  await database.queries
    .deleteFrom('notifications')
    .where('environment_id', '=', lab.environment.id)
    .execute()
  for (let index = 1; index <= count; index += 1) {
    const purchase = `P-${index}`
    await lab.pay(purchase, 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: purchase,
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
  await lab.run('validate-payments')
  lab.stripe.rejectAccount(await lab.accountOf(shop))
  await lab.run('split-payments')
  return shop
}

const payloads = (received: readonly { body: string }[]) =>
  received.map(({ body }) => JSON.parse(body) as { type: string; payload: object })

describe('what is told', () => {
  test('a transfer that was refused, signed, with the documented keys', async () => {
    const { lab, endpoint, deliver } = await open()
    const shop = await failTransfers(lab)
    await deliver()
    expect(endpoint.received).toHaveLength(1)
    expect(endpoint.received[0]?.signed).toBe(true)
    const [told] = payloads(endpoint.received)
    expect(told).toEqual({
      type: 'transfer.failed',
      payload: {
        internalId: expect.any(Number),
        miraklId: 'P-1-A',
        type: 'TRANSFER_ORDER',
        stripeAccountId: await lab.accountOf(shop),
        miraklShopId: shop,
        transferId: null,
        transactionId: expect.stringMatching(/^ch_/),
        amount: 900,
        status: 'TRANSFER_FAILED',
        failedReason: expect.stringMatching(/./),
        currency: 'EUR',
      },
    })
  })

  test('a changed account, once for each change, whoever saw it first', async () => {
    const { lab, endpoint, deliver } = await open()
    const shop = await lab.openSeller()
    await lab.receive()
    await deliver()
    endpoint.received.length = 0
    const account = await lab.accountOf(shop)
    await lab.clock.advance(minute)
    lab.stripe.requireMore(account, ['external_account'])
    await lab.receive()
    await lab.receive()
    await deliver()
    expect(payloads(endpoint.received)).toEqual([
      { type: 'account.updated', payload: { miraklShopId: shop, stripeUserId: account } },
    ])
    // The seller ends the connection.
    await lab.clock.advance(minute)
    lab.stripe.deauthorize(account)
    await lab.receive()
    await deliver()
    expect(endpoint.received).toHaveLength(2)
  })

  test('a payout that bounced, and one that was taken back after it had landed', async () => {
    for (const landed of [false, true]) {
      const { lab, endpoint, deliver } = await open()
      const shop = await lab.openSeller()
      await lab.pay('P-1', 1_000)
      const [order = ''] = lab.mirakl.placePurchase({
        commercialId: 'P-1',
        currency: 'EUR',
        orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
      })
      lab.mirakl.acceptOrder(order)
      await lab.receive()
      await lab.run('validate-payments')
      await lab.run('split-payments')
      await lab.clock.advance(3 * day)
      lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' })
      await lab.run('settle-sellers')
      if (landed) {
        await lab.clock.advance(3 * day)
        await lab.receive()
      }
      const [payout] = await lab.movements('payout')
      lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
      await lab.receive()
      await deliver()
      const told = payloads(endpoint.received).filter(({ type }) => type === 'payout.failed')
      expect(told).toEqual([
        {
          type: 'payout.failed',
          payload: {
            internalId: expect.any(Number),
            amount: 900,
            currency: 'EUR',
            miraklInvoiceId: expect.any(Number),
            stripePayoutId: payout?.providerId,
            status: 'PAYOUT_FAILED',
            failedReason: expect.stringMatching(/^account_closed: /),
          },
        },
      ])
    }
  })

  test('internalId stays with its movement and rises', async () => {
    const { lab, stored } = await open()
    await failTransfers(lab, 2)
    await lab.clock.advance(hour)
    for (const movement of await lab.movements('transfer')) {
      const asked = { ...movement, status: 'submitted' as const, attempt: movement.attempt + 1 }
      await database.queries
        .updateTable('movements')
        .set({ status: 'submitted', attempt: asked.attempt })
        .where('id', '=', movement.id)
        .execute()
      await recordOutcome(lab.work(), asked, {
        result: 'rejected',
        reason: 'provider_refused',
        code: 'again',
        message: 'Again',
      })
    }
    const numbers = new Map<string, number[]>()
    for (const { movementId, body } of await stored()) {
      if (movementId === null) continue
      const { payload } = JSON.parse(body) as { payload: { internalId: number } }
      numbers.set(movementId, [...(numbers.get(movementId) ?? []), payload.internalId])
    }
    const pairs = [...numbers.values()]
    expect(pairs.map(pair => pair.length)).toEqual([2, 2])
    expect(pairs.every(([first, second]) => first === second)).toBe(true)
    expect(new Set(pairs.flat()).size).toBe(2)
  })

  test('nothing is written when no URL is configured', async () => {
    const { lab, stored } = await open({ notifies: false })
    await failTransfers(lab)
    expect(await stored()).toEqual([])
  })
})

describe('an endpoint that is killed for an hour', () => {
  test('receives everything afterwards, each once', async () => {
    const { lab, endpoint, pass, stored } = await open()
    await endpoint.kill()
    await failTransfers(lab, 3)
    await pass(hour)
    expect(endpoint.received).toEqual([])
    await endpoint.start()
    await pass(day)
    const ids = (await stored()).map(each => each.id)
    expect(ids.length).toBeGreaterThanOrEqual(3)
    expect(endpoint.received.map(each => each.id).toSorted()).toEqual(ids.toSorted())
    expect(endpoint.received.every(each => each.signed)).toBe(true)
    expect((await stored()).map(each => each.status)).toEqual(ids.map(() => 'delivered'))
  })

  test('is tried ten times in a day, each logged, then given up until it is replayed', async () => {
    const { lab, endpoint, pass, stored, log } = await open()
    await failTransfers(lab)
    endpoint.answerWith(500)
    const from = lab.clock.now().getTime()
    await pass(2 * day)
    const [given] = await stored()
    expect(given).toMatchObject({ status: 'undelivered', tries: 10, problem: 'HTTP 500' })
    const deliveries = await log(given?.id ?? '')
    expect(deliveries.map(({ at }) => Math.round((at.getTime() - from) / 1000))).toEqual([
      0, 1, 6, 31, 331, 2131, 9331, 27_331, 56_131, 92_131,
    ])
    expect(deliveries[0]).toMatchObject({ status: 500, answer: 'no room', number: 1 })
    endpoint.answerWith(204)
    await pass(day)
    expect(endpoint.received).toEqual([])
    expect(await replay(lab.work(), null)).toBe(1)
    await pass(minute)
    expect(endpoint.received.map(each => each.id)).toEqual([given?.id])
    // The receiver lost it: one by name goes again, with the same id.
    expect(await replay(lab.work(), [given?.id ?? '', 'unknown'])).toBe(1)
    await pass(minute)
    expect(endpoint.received.map(each => each.id)).toEqual([given?.id, given?.id])
  })

  test('holds up a run for a few of them only', async () => {
    const { lab, endpoint, deliver } = await open()
    await failTransfers(lab, 40)
    await endpoint.kill()
    const { failed } = await deliver()
    expect(failed).toBeGreaterThanOrEqual(24)
    expect(failed).toBeLessThan(40)
  })

  test('several workers deliver each notification once', async () => {
    const { lab, endpoint, deliver, stored } = await open()
    await failTransfers(lab, 20)
    await Promise.all([deliver(), deliver(), deliver()])
    const ids = (await stored()).map(each => each.id)
    expect(endpoint.received.map(each => each.id).toSorted()).toEqual(ids.toSorted())
  })
})

describe('the mail about an endpoint that is down', () => {
  const told = { alertEmail: 'tech@market.example', language: 'de' } as const

  test('comes after the quick tries, and not again within the cooldown', async () => {
    const { lab, endpoint, mails, pass } = await open(told)
    await failTransfers(lab, 3)
    await endpoint.kill()
    await pass(30_000)
    expect(mails).toEqual([])
    await pass(2 * minute)
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({
      to: 'tech@market.example',
      subject: 'Ihre Benachrichtigungs-URL nimmt keine Benachrichtigungen an',
    })
    expect(mails[0]?.text).toContain('ECONNREFUSED')
    expect(mails[0]?.html).toContain('transfer.failed')
    // The try after 5 minutes falls into the cooldown of 10, the one after 35 does not.
    await pass(8 * minute)
    expect(mails).toHaveLength(1)
    await pass(hour)
    expect(mails).toHaveLength(2)
  })

  test('does not come when it is switched off, and delivery goes on', async () => {
    const { lab, endpoint, mails, pass, stored } = await open({
      ...told,
      mailOnEndpointDown: false,
    })
    await failTransfers(lab)
    endpoint.answerWith(503)
    await pass(hour)
    endpoint.answerWith(200)
    await pass(day)
    expect(mails).toEqual([])
    expect(await stored()).toMatchObject([{ status: 'delivered' }])
  })
})
