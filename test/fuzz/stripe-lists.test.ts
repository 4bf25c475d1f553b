import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { findDisputes } from '../../src/workflows/find-disputes.ts'
import { findPayments } from '../../src/workflows/find-payments.ts'
import { readProviderBooks } from '../../src/workflows/read-provider-books.ts'
import type { Work } from '../../src/workflows/work.ts'
import { chargeOf } from '../conformance/stripe-laboratory.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from '../workflows/laboratory.ts'
import { changes } from './changes.ts'
import { fuzzing } from './runs.ts'
import { serveStripe } from './stripe-server.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

type Table = 'payments' | 'disputes' | 'book_entries'
const lists: readonly (readonly [string, Table, string, (work: Work) => Promise<void>])[] = [
  ['/v1/charges', 'payments', 'payments', findPayments],
  ['/v1/disputes', 'disputes', 'disputes', findDisputes],
  ['/v1/balance_transactions', 'book_entries', 'books', readProviderBooks],
]

test.each(lists)(
  '%s: one bad row stops neither the others nor the checkpoint',
  async (path, table, checkpoint, read) => {
    const lab = await openLaboratory(database, { webhooks: false })
    const server = await serveStripe(lab.stripe.handler)
    const { id: environmentId } = lab.environment
    const count = async (name: Table | 'set_aside') => {
      const rows = await database.queries
        .selectFrom(name)
        .select('id')
        .where('environment_id', '=', environmentId)
        .execute()
      return rows.length
    }
    const reached = async () => {
      const row = await database.queries
        .selectFrom('checkpoints')
        .selectAll()
        .where('environment_id', '=', environmentId)
        .where('name', '=', checkpoint)
        .executeTakeFirst()
      return JSON.stringify(row?.value ?? null)
    }
    let purchases = 0
    const once = async (list: Parameters<typeof server.disturb>[0]) => {
      await database.queries.deleteFrom('set_aside').execute()
      for (const _ of ['first', 'second']) {
        purchases += 1
        const paid = await lab.pay(`P-${purchases}`, 1_000, { capture_method: 'automatic' })
        lab.stripe.dispute(chargeOf(paid))
      }
      const [rows, before] = [await count(table), await reached()]
      await lab.clock.advance(2 * 3600_000)
      server.disturb(list)
      await read(lab.work({ provider: server.provider }))
      expect(await reached()).not.toBe(before)
      const unread = await count('set_aside')
      // The changed row is stored as something else, set aside, or none of the marketplace's.
      expect(unread).toBeLessThanOrEqual(1)
      expect(await count(table)).toBeGreaterThan(rows)
    }
    try {
      const property = fc.asyncProperty(changes, each =>
        once({ method: 'GET', path, changes: each, firstRow: true }),
      )
      await fc.assert(property, fuzzing(5))
      await once(null)
      expect(await count('set_aside')).toBe(0)
    } finally {
      await server.close()
    }
  },
)
