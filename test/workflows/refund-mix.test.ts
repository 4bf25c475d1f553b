import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, purchaseTotals, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
type Shop = Awaited<ReturnType<typeof openShop>>

/** What may happen to a marketplace with refunds, in any order; drawn by the seed. */
async function anyEvent({ lab, shop }: Shop, random: () => number, orders: string[]) {
  const draw = (bound: number) => Math.floor(random() * bound)
  switch (draw(9)) {
    case 0:
      orders.push(await sellOne(lab, shop, `P-${orders.length + 1}`))
      return
    case 1:
    case 2: {
      const order = orders[draw(orders.length)] ?? ''
      // At most nine of these fit a line; Mirakl refuses what the line has not.
      const part = { amount: '10.00', commission: draw(2) === 0 ? '1.00' : '0' }
      if (refundsOf(lab, order).length < 9) lab.mirakl.openRefund(`${order}-1`, part)
      return
    }
    case 3:
      await lab.run('split-payments')
      return
    case 4:
    case 5:
      await lab.run('refund-payments')
      return
    case 6:
      await lab.receive()
      return
    case 7:
      return failSome(lab, random)
    default:
      return breakSome(lab, draw)
  }
}

function refundsOf(lab: Laboratory, order: string): string[] {
  const found = lab.mirakl.orders().find(each => each.orderId === order)
  return found?.lines.flatMap(line => line.refundIds) ?? []
}

/** A customer's bank takes a refund no more. */
async function failSome(lab: Laboratory, random: () => number): Promise<void> {
  const refunds = (await lab.sdk.refunds.list({ limit: 100 })).data
  const alive = refunds.filter(each => each.status === 'succeeded' || each.status === 'pending')
  const one = alive[Math.floor(random() * alive.length)]
  if (one !== undefined && random() < 0.5) lab.stripe.failRefund(one.id)
}

function breakSome(lab: Laboratory, draw: (bound: number) => number): void {
  const kind = (['cut_after', 'cut_before', 'error_html'] as const)[draw(3)] ?? 'cut_after'
  const path = ['/v1/refunds', '/v1/transfers', '/reversals', '/payment/refund'][draw(4)] ?? ''
  const side = path === '/payment/refund' ? 'mirakl' : 'stripe'
  // Stripe's own client tries three times: more than that reaches us.
  const method = side === 'mirakl' ? 'PUT' : 'POST'
  lab.faults.add({ side, kind, method, path, times: 4 })
}

/** Everything that is under way comes to its end. */
async function settle(lab: Laboratory): Promise<void> {
  lab.faults.clear()
  for (const pause of [minute, day, 2 * day, 2 * day, minute]) {
    await lab.clock.advance(pause)
    await lab.receive()
    for (const job of ['validate-payments', 'split-payments', 'refund-payments'] as const) {
      expect((await lab.run(job)).error).toBeNull()
    }
  }
}

describe('refunds in any order of events', () => {
  test.each([1, 2, 3, 4])('seed %i: the seller has exactly what is his', async seed => {
    const world = await openShop(database)
    const { lab, shop } = world
    await lab.pay('P-OWN', 20_000, { capture_method: 'automatic' })
    const random = createRandom(seed)
    const orders = [await sellOne(lab, shop, 'P-1')]
    for (let step = 0; step < 40; step += 1) await anyEvent(world, random, orders)
    await settle(lab)
    const moved = await lab.movements('refund')
    const returned = new Set((await lab.movements('return')).map(each => each.source.id))
    const standing = moved.filter(
      each => ['accepted', 'succeeded'].includes(each.status) && !returned.has(each.id),
    )
    const alive = (await lab.sdk.refunds.list({ limit: 100 })).data.filter(
      each => each.status === 'succeeded' || each.status === 'pending',
    )
    expect(standing.map(each => each.providerId).toSorted(byText)).toEqual(
      alive.map(each => each.id).toSorted(byText),
    )
    const commissions = await commissionsOf(lab)
    const owed = standing.map(each => (each.amount ?? 0n) - (commissions.get(each.source.id) ?? 0n))
    const expected = BigInt(orders.length) * 9_000n - owed.reduce((sum, each) => sum + each, 0n)
    const books = lab.stripe.books().accounts[await lab.accountOf(shop)]?.['eur']
    expect(BigInt((books?.available ?? 0) + (books?.pending ?? 0))).toBe(expected)
    expect(purchaseTotals(lab)?.refunded).toBe(standing.length * 1_000)
    const refused = moved.filter(each => each.status === 'failed').map(each => each.source.id)
    expect((await lab.openRefunds()).filter(id => !refused.includes(id))).toEqual([])
  })
})

const byText = (a: string | null, b: string | null) => ((a ?? '') < (b ?? '') ? -1 : 1)

async function commissionsOf(lab: Laboratory): Promise<Map<string, bigint>> {
  const rows = await database.queries
    .selectFrom('marketplace_refunds')
    .select(['id', 'commission'])
    .where('environment_id', '=', lab.environment.id)
    .execute()
  return new Map(rows.map(row => [row.id, row.commission ?? 0n]))
}
