import type { Database } from '../../src/database/connection.ts'
import type { Movement } from '../../src/domain/movement.ts'
import type { LaboratoryOptions } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

const day = 24 * 60 * 60_000
export const silently = { webhooks: false } as const

/**
 * Everything that a marketplace does, done once and finished: an order of 100.00 with a commission of
 * 10.00, split; a refund of 30.00, with 3.00 of the commission given back; a fee; a cycle of 63.00,
 * paid out, landed and told.
 */
export async function openMonth(database: Database, options: LaboratoryOptions = {}) {
  const { lab, shop } = await openShop(database, { ...options, audited: false })
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  lab.stripe.takeFee({ currency: 'eur', amount: 80, description: 'Connect' })
  await lab.clock.advance(3 * day)
  lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
  await lab.run('refund-payments')
  await lab.clock.advance(day)
  lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-06T12:00:00Z' })
  await lab.run('settle-sellers')
  await lab.clock.advance(4 * day)
  await lab.receive()
  await lab.run('settle-sellers')
  await lab.run('read-books')
  await lab.clock.advance(2 * day)
  const only = async (kind: string): Promise<Movement> => {
    const [movement] = await lab.movements(kind)
    if (movement === undefined) throw new Error(`no ${kind}`)
    return movement
  }
  const [transfer, refund, payout] = await Promise.all(['transfer', 'refund', 'payout'].map(only))
  if (transfer === undefined || refund === undefined || payout === undefined) throw new Error()
  return {
    lab,
    shop,
    order,
    account: await lab.accountOf(shop),
    transfer,
    refund,
    payout,
    /** Somebody works in the database by hand; `$1` is the environment. */
    edit: (statement: string) => database.pool.query(statement, [lab.environment.id]),
    /** A movement is lost here, with its journal. */
    async forget(kind: string): Promise<void> {
      const rows = `environment_id = $1 and movement_id in
        (select id from movements where environment_id = $1 and kind = '${kind}')`
      const own = [lab.environment.id]
      await database.pool.query(`delete from movement_journal where ${rows}`, own)
      const lost = `delete from movements where environment_id = $1 and kind = '${kind}'`
      await database.pool.query(lost, own)
    },
    /** The provider's books never had a line of it. */
    async unbook(movement: Movement): Promise<void> {
      const line = 'delete from book_entries where environment_id = $1 and movement_id = $2'
      await database.pool.query(line, [lab.environment.id, movement.id])
    },
    /** Money of the operator's own on the platform, with which something can be moved by hand. */
    async topUp(): Promise<void> {
      await lab.sdk.topups.create({ currency: 'eur', amount: 50_000 })
      await lab.clock.advance(2 * day)
    },
  }
}

export type Month = Awaited<ReturnType<typeof openMonth>>
