import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { auditHistory } from '../amounts-audit.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'
import { openTaxShop } from './tax-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
const taxed = { taxes: '20.00' }
const thirty = { amount: '30.00', commission: '3.00' }

/** Two sold orders of 100.00, one refunded by 30.00, and the payout of their cycle. */
async function playWeek(): Promise<{ lab: Laboratory; order: string; refund: string }> {
  const { lab, shop } = await openTaxShop(database)
  const order = await sellOne(lab, shop, 'P-1', taxed)
  await sellOne(lab, shop, 'P-2', taxed)
  await lab.run('split-payments')
  const refund = lab.mirakl.openRefund(`${order}-1`, thirty)
  await lab.run('refund-payments')
  await lab.receive()
  await lab.run('refund-payments')
  await lab.clock.advance(3 * day)
  lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' })
  await lab.run('settle-sellers')
  await lab.clock.advance(3 * day)
  await lab.receive()
  await lab.run('settle-sellers')
  return { lab, order, refund }
}

/** Changes what is stored behind everybody's back. */
async function plant(lab: Laboratory, statement: string): Promise<void> {
  const planted = await database.pool.query(statement, [lab.environment.id])
  expect(planted.rowCount).toBeGreaterThan(0)
}

async function differences(lab: Laboratory) {
  const { lines } = await auditHistory(lab)
  return lines
    .map(({ what, order, refund, should, did, cause }) => [
      what,
      refund ?? order,
      should,
      did,
      cause,
    ])
    .toSorted((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1))
}

describe('the history of amounts', () => {
  test('an untouched week has no difference, and every order, refund and cycle is compared', async () => {
    const { lab } = await playWeek()
    const { counts, lines } = await auditHistory(lab)
    expect(lines).toEqual([])
    const compared = { orders: 2, refunds: 1, cycles: 1 }
    expect(counts).toEqual({ ...compared, waiting: 0, differing: 0, stopped: false })
  })

  test('finds what was planted, each with its cause', async () => {
    const { lab, order, refund } = await playWeek()
    const other = order.replace('P-1', 'P-2')
    // The commission that the transfer was made with is not the order's.
    await plant(
      lab,
      `update orders set body = jsonb_set(body, '{commission,$n}', '"1500"')
       where environment_id = $1 and id = '${other}'`,
    )
    await plant(
      lab,
      `update movements set sent_amount = 2500 where environment_id = $1 and kind = 'refund'`,
    )
    await plant(
      lab,
      `update movements set sent_amount = 300, amount = 300
       where environment_id = $1 and kind = 'tax_reversal'`,
    )
    await plant(
      lab,
      `update movements set sent_amount = sent_amount + 1, amount = amount + 1
       where environment_id = $1 and kind = 'payout'`,
    )
    expect(await differences(lab)).toEqual([
      ['payout', null, 11_900n, 11_901n, 'amount_differs'],
      ['refund', refund, 3_000n, 2_500n, 'amount_differs'],
      ['seller', other, 6_500n, 7_000n, 'commission_differs'],
      ['tax', order, 1_400n, 1_700n, 'reversal_differs'],
    ])
  })

  test('finds taxes that the seller kept, and a refund that was not taken back', async () => {
    const { lab, order } = await playWeek()
    const other = order.replace('P-1', 'P-2')
    await plant(
      lab,
      `update movements set sent_amount = 9000, amount = 9000
       where environment_id = $1 and kind = 'transfer' and order_id = '${other}'`,
    )
    await plant(
      lab,
      `update movements set status = 'canceled', reason = 'refund_refused'
       where environment_id = $1 and kind = 'reversal'`,
    )
    expect(await differences(lab)).toEqual([
      ['seller', order, 4_900n, 7_000n, 'refund_not_taken_back'],
      ['seller', other, 7_000n, 9_000n, 'tax_differs'],
    ])
  })

  test('finds a transfer that went twice, whoever sent the second one', async () => {
    const { lab, order } = await playWeek()
    await plant(
      lab,
      `insert into movements (environment_id, id, kind, origin, source_type, source_id, part, sequence,
         status, currency, amount, sent_amount, seller_id, order_id, purchase_id, provider, account,
         instruction, facts, created_at, updated_at)
       select environment_id, id || '-again', kind, origin, source_type, source_id, part, 2, status,
         currency, amount, sent_amount, seller_id, order_id, purchase_id, provider, account,
         instruction, facts, created_at, updated_at
       from movements where environment_id = $1 and kind = 'transfer' and order_id = '${order}'`,
    )
    expect(await differences(lab)).toEqual([['seller', order, 4_900n, 11_900n, 'moved_twice']])
    await plant(
      lab,
      `update movements set origin = 'observed', source_type = 'provider', source_id = 'tr_by_hand',
         order_id = null, sequence = 1 where environment_id = $1 and id like '%-again'`,
    )
    expect(await differences(lab)).toEqual([['seller', order, 4_900n, 11_900n, 'moved_by_hand']])
  })

  test('an order that was refused after all, an order that lost its movement', async () => {
    const { lab, order } = await playWeek()
    const other = order.replace('P-1', 'P-2')
    await plant(
      lab,
      `update orders set body = jsonb_set(body, '{state}', '"REFUSED"')
       where environment_id = $1 and id = '${order}'`,
    )
    await plant(
      lab,
      `update movements set order_id = null, source_id = id, kind = 'credit'
       where environment_id = $1 and kind in ('transfer', 'tax_transfer') and order_id = '${other}'`,
    )
    expect(await differences(lab)).toEqual([
      ['seller', order, 0n, 4_900n, 'moved_though_ended'],
      ['seller', other, 7_000n, 0n, 'not_moved'],
      ['tax', order, 0n, 1_400n, 'moved_though_ended'],
      ['tax', other, 2_000n, 0n, 'not_moved'],
    ])
  })

  test('what waits by its own row is counted and is no difference', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    expect((await auditHistory(lab)).counts).toMatchObject({ waiting: 1, differing: 0 })
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' })
    await lab.run('settle-sellers')
    // The seller has nothing left: the reversal is held, and says so itself.
    lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect((await auditHistory(lab)).counts).toMatchObject({ waiting: 1, differing: 0 })
    const held = (await lab.movements('reversal'))[0]
    expect(held?.status).toBe('on_hold')
  })

  test('looks at nothing older than it is asked for, and stops when it is told to', async () => {
    const { lab } = await playWeek()
    const later = { ...lab, since: new Date(lab.clock.now().getTime() + day) }
    expect((await auditHistory(later)).counts).toMatchObject({ orders: 0, refunds: 0, cycles: 0 })
    const stopped = await auditHistory({ ...lab, stopping: () => true })
    expect(stopped.counts).toMatchObject({ orders: 0, stopped: true })
  })
})
