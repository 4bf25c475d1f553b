import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, start } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
const eur = { currency: 'eur' } as const
/** No event ever arrives. */
const silent = { webhooks: false } as const

/** What was not asked for by Tributary: kind, amount, status. */
async function observed(lab: Laboratory) {
  const movements = (await lab.movements()).filter(each => each.origin === 'observed')
  return movements
    .map(each => [each.kind, each.amount, each.status])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

/** Lines of the books that belong to nothing: kind, net, remark. */
async function unmatched(lab: Laboratory) {
  const rows = await database.queries
    .selectFrom('book_entries')
    .select(['kind', 'net', 'remark'])
    .where('environment_id', '=', lab.environment.id)
    .where('movement_id', 'is', null)
    .where('payment_id', 'is', null)
    .where('dispute_id', 'is', null)
    .orderBy('at')
    .orderBy('net')
    .execute()
  return rows.map(row => [row.kind, row.net, row.remark])
}

async function chargeOf(lab: Laboratory, purchase: string): Promise<string> {
  const row = await database.queries
    .selectFrom('payments')
    .select('charge_id')
    .where('environment_id', '=', lab.environment.id)
    .where('purchase_id', '=', purchase)
    .executeTakeFirstOrThrow()
  return row.charge_id ?? ''
}

/** A seller with one order of 100.00 that is captured and split; the money is available. */
async function openSold(options: { webhooks?: boolean; audited?: boolean } = silent) {
  const { lab, shop } = await openShop(database, options)
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  await lab.clock.advance(3 * day)
  const account = await lab.accountOf(shop)
  return { lab, shop, order, account, charge: await chargeOf(lab, 'P-1') }
}

/** Everything that an operator can move in the dashboard, and banks can send back. */
async function moveByHand({ lab, account, charge }: Awaited<ReturnType<typeof openSold>>) {
  const { sdk, stripe, clock } = lab
  const asSeller = { stripeAccount: account }
  const topup = await sdk.topups.create({ ...eur, amount: 50_000 })
  const lost = await sdk.topups.create({ ...eur, amount: 800 })
  await clock.advance(2 * day)
  const transfer = await sdk.transfers.create({ ...eur, amount: 2_000, destination: account })
  await sdk.transfers.createReversal(transfer.id, { amount: 500 })
  await sdk.refunds.create({ charge, amount: 100 })
  const back = await sdk.refunds.create({ charge, amount: 70 })
  await sdk.payouts.create({ ...eur, amount: 600 })
  const bounced = await sdk.payouts.create({ ...eur, amount: 650 })
  await sdk.payouts.create({ ...eur, amount: 4_000 }, asSeller)
  const platform = stripe.platformAccountId
  await sdk.transfers.create({ ...eur, amount: 300, destination: platform }, asSeller)
  return { topup, lost, back, bounced }
}

const byHand = [
  ['collection', 300n, 'succeeded'],
  ['operator_payout', 600n, 'accepted'],
  ['operator_payout', 650n, 'accepted'],
  ['payout', 4_000n, 'accepted'],
  ['refund', 100n, 'succeeded'],
  ['refund', 70n, 'succeeded'],
  ['reversal', 500n, 'succeeded'],
  ['top_up', 50_000n, 'succeeded'],
  ['top_up', 800n, 'succeeded'],
  ['transfer', 2_000n, 'succeeded'],
]

describe('all events are lost', () => {
  test('the books tell of everything that was moved by hand', async () => {
    const sold = await openSold()
    const { lab, account, shop } = sold
    await moveByHand(sold)
    const report = await lab.run('read-books')
    expect(report).toMatchObject({ error: null, failed: 0 })
    expect(await observed(lab)).toEqual(byHand)
    expect(await unmatched(lab)).toEqual([])
    const sellers = (await lab.movements()).filter(each =>
      ['collection', 'payout', 'reversal', 'transfer'].includes(each.kind),
    )
    for (const each of sellers) {
      expect(each).toMatchObject({ account, parties: { sellerId: String(shop) } })
    }
  })

  test('and later of what landed, and of what banks sent back', async () => {
    const sold = await openSold()
    const { lab } = sold
    const { lost, back, bounced } = await moveByHand(sold)
    await lab.run('read-books')
    await lab.clock.advance(3 * day)
    await lab.run('read-books')
    const kinds = ['operator_payout', 'payout']
    const landed = (await observed(lab)).filter(([kind]) => kinds.includes(String(kind)))
    expect(landed.map(([, , status]) => status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
    lab.stripe.bouncePayout(bounced.id)
    lab.stripe.failRefund(back.id)
    lab.stripe.bounceTopup(lost.id)
    await lab.run('read-books')
    const returns = (await observed(lab)).filter(([kind]) => kind === 'return')
    expect(returns.map(([, amount]) => amount)).toEqual([650n, 70n, 800n])
    expect(await unmatched(lab)).toEqual([])
  })

  test('a payout of ours that bounced while it was under way has failed, with its return', async () => {
    const { lab, order } = await openSold()
    expect(order).not.toBe('')
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    const [payout] = await lab.movements('payout')
    expect(payout).toMatchObject({ status: 'accepted', origin: 'planned' })
    lab.stripe.bouncePayout(payout?.providerId ?? '')
    await lab.run('read-books')
    expect(await lab.movements('payout')).toMatchObject([
      { status: 'failed', reason: 'bank_refused' },
    ])
    expect(await observed(lab)).toEqual([])
    expect(await unmatched(lab)).toEqual([])
  })

  test('a dispute is booked with its fee, once', async () => {
    const { lab, charge } = await openSold()
    lab.stripe.dispute(charge, { amount: 3_000 })
    await lab.run('read-books')
    await lab.run('refund-payments')
    await lab.run('read-books')
    expect(await observed(lab)).toEqual([
      ['dispute_loss', 3_000n, 'succeeded'],
      ['provider_fee', 1_500n, 'succeeded'],
    ])
    expect(await unmatched(lab)).toEqual([])
  })

  test('a payment that was captured by hand becomes known', async () => {
    const { lab } = await openShop(database, silent)
    await lab.pay('P-9', 4_200, { capture_method: 'automatic' })
    await lab.run('read-books')
    expect(await chargeOf(lab, 'P-9')).toMatch(/^ch_/)
    expect(await unmatched(lab)).toEqual([])
  })
})

describe('the same object is never booked twice', () => {
  test('read again from the beginning, it gives nothing new', async () => {
    const sold = await openSold()
    const { lab } = sold
    await moveByHand(sold)
    await lab.run('read-books')
    await lab.run('read-books')
    await lab.run('read-books', { scope: { since: start } })
    expect(await observed(lab)).toEqual(byHand)
  })

  test('events first, then the books', async () => {
    const sold = await openSold({ webhooks: true })
    const { lab } = sold
    await moveByHand(sold)
    await lab.receive()
    await lab.run('read-books')
    expect(await observed(lab)).toEqual(byHand)
    expect(await unmatched(lab)).toEqual([])
  })

  test('the books first, then the events', async () => {
    const sold = await openSold({ webhooks: true })
    const { lab } = sold
    const { lost, back, bounced } = await moveByHand(sold)
    await lab.run('read-books')
    await lab.clock.advance(3 * day)
    lab.stripe.bouncePayout(bounced.id)
    lab.stripe.failRefund(back.id)
    lab.stripe.bounceTopup(lost.id)
    await lab.run('read-books')
    await lab.receive()
    await lab.run('read-books')
    const returns = (await observed(lab)).filter(([kind]) => kind === 'return')
    expect(returns.length + byHand.length).toBe((await observed(lab)).length)
    expect(await unmatched(lab)).toEqual([])
  })

  test('what Tributary moved is found as its own, and what the old connector moved is left', async () => {
    // The ledger knows of the old connector's transfers by their import alone.
    const { lab, order, account, charge } = await openSold({ ...silent, audited: false })
    lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    await lab.sdk.transfers.create({
      ...eur,
      amount: 500,
      destination: account,
      source_transaction: charge,
      metadata: { miraklId: 'P-1-A', pluginName: 'Mirakl' },
    })
    await lab.run('read-books')
    expect(await observed(lab)).toEqual([])
    const remark = 'made by the old connector, whose import books it'
    expect(await unmatched(lab)).toEqual([
      ['transfer', -500n, remark],
      // The other side of it.
      ['transfer', 500n, null],
    ])
  })
})

describe('a reading goes on where it was', () => {
  test('one that breaks off in the middle of a page leaves nothing behind and nothing out', async () => {
    const { lab, account, charge } = await openSold()
    // More than a page, so that the oldest of them are on the second.
    for (let count = 0; count < 60; count += 1) {
      await lab.sdk.transfers.create({
        ...eur,
        amount: 10,
        destination: account,
        source_transaction: charge,
      })
    }
    for (let count = 0; count < 60; count += 1) {
      await lab.sdk.refunds.create({ charge, amount: 1 })
    }
    const real = lab.provider.bookLines
    const broken = {
      ...lab.provider,
      bookLines: async (query: Parameters<NonNullable<typeof real>>[0]) => {
        const page = await real?.(query)
        if (page === undefined || query.after !== null) throw new Error('The line is cut.')
        return page
      },
    }
    const report = await lab.run('read-books', { provider: broken })
    expect(report.error).toBe('The line is cut.')
    expect(await observed(lab)).toEqual([])
    // Stopped between two lines: what was stored and not looked into is asked for again.
    let looks = 0
    const stopping = () => (looks += 1) > 40
    await lab.run('read-books', { stopping })
    const some = (await observed(lab)).length
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(120)
    await lab.run('read-books')
    const kinds = Map.groupBy(await observed(lab), ([kind]) => kind)
    expect([kinds.get('transfer')?.length, kinds.get('refund')?.length]).toEqual([60, 60])
    expect(await unmatched(lab)).toEqual([])
  })

  test('a line that cannot be applied is tried again, and stops none behind it', async () => {
    const { lab } = await openSold()
    await lab.sdk.payouts.create({ ...eur, amount: 10 })
    await lab.sdk.payouts.create({ ...eur, amount: 20 })
    let given = 0
    const names = {
      next: (prefix: string) => {
        if (prefix === 'mv') given += 1
        if (prefix === 'mv' && given === 1) throw new Error('names run out')
        return `${prefix}_books_${given}_${lab.environment.id}`
      },
    }
    expect(await lab.run('read-books', { names })).toMatchObject({ failed: 1 })
    expect(await observed(lab)).toHaveLength(1)
    await lab.clock.advance(3_600_000)
    await lab.run('read-books')
    expect(await observed(lab)).toEqual([
      ['operator_payout', 10n, 'accepted'],
      ['operator_payout', 20n, 'accepted'],
    ])
  })

  test('the checkpoint stays behind the clock of the provider', async () => {
    const { lab } = await openSold()
    await lab.run('read-books')
    const at = async () => {
      const row = await database.queries
        .selectFrom('checkpoints')
        .select('value')
        .where('environment_id', '=', lab.environment.id)
        .where('name', '=', 'books')
        .executeTakeFirstOrThrow()
      return new Date(String(row.value)).getTime() - lab.clock.now().getTime()
    }
    expect(await at()).toBe(-600_000)
    // Our clock runs a day before the provider's: what that one books meanwhile is still to come.
    const clock = { now: () => new Date(lab.clock.now().getTime() + day) }
    await lab.run('read-books', { clock })
    expect(await at()).toBe(-600_000)
  })

  test('a live environment without a start date reads nothing', async () => {
    const { lab } = await openShop(database, { ...silent, mode: 'live', audited: false })
    await lab.sdk.topups.create({ ...eur, amount: 9_000 })
    await lab.clock.advance(2 * day)
    await lab.run('read-books')
    expect(await observed(lab)).toEqual([])
  })
})

describe('fees', () => {
  test('one movement for each day and currency, once the day is over', async () => {
    const { lab, shop } = await openShop(database, silent)
    lab.stripe.configure({ fees: { eur: { basisPoints: 140, fixed: 25 } } })
    await sellOne(lab, shop, 'P-1')
    await sellOne(lab, shop, 'P-2')
    lab.stripe.takeFee({ ...eur, amount: 80, description: 'Connect' })
    await lab.run('read-books')
    expect(await observed(lab)).toEqual([])
    await lab.clock.advance(day)
    await lab.run('read-books')
    await lab.run('read-books')
    const fees = await lab.movements('provider_fee')
    expect(fees).toMatchObject([
      {
        amount: 165n + 165n + 80n,
        status: 'succeeded',
        account: null,
        facts: { day: '2026-11-02', lines: 3 },
        source: { type: 'provider', id: 'fees:2026-11-02', part: 'EUR' },
      },
    ])
    expect(await unmatched(lab)).toEqual([])
    await sellOne(lab, shop, 'P-3')
    await lab.clock.advance(2 * day)
    await lab.run('read-books')
    const all = await lab.movements('provider_fee')
    expect(all.map(each => each.amount)).toEqual([165n, 410n])
  })

  test("a fee on a seller's account is the seller's", async () => {
    const { lab, account, shop } = await openSold()
    await lab.sdk.payouts.create({ ...eur, amount: 400 }, { stripeAccount: account })
    lab.stripe.takeFee({ ...eur, amount: 20, description: 'Instant payout', account })
    await lab.run('read-books')
    await lab.clock.advance(2 * day)
    await lab.run('read-books')
    expect(await lab.movements('provider_fee')).toMatchObject([
      { amount: 20n, account, parties: { sellerId: String(shop) } },
    ])
  })
})
