import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import type { CauseCode } from '../../src/domain/reconcile-causes.ts'
import { openDifferences } from '../../src/store/differences.ts'
import { acceptOpenDifference, reconciliationReport } from '../../src/workflows/reconcile-report.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { type Month, openMonth, silently } from './reconcile-month.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
const eur = { currency: 'eur' } as const

function open(lab: Laboratory) {
  return openDifferences(database.queries, lab.environment.id, { accepted: true, limit: 100 })
}

/** Compares and says what was found: cause, here, there. */
async function compare(lab: Laboratory) {
  expect(await lab.run('reconcile')).toMatchObject({ error: null, failed: 0 })
  return (await open(lab)).map(each => [each.cause, each.here, each.there])
}

/** What somebody does on one of the sides, and what is found of it two days later. */
interface Planted {
  readonly what: string
  readonly plant: (month: Month) => Promise<unknown>
  readonly finds: readonly [CauseCode, bigint | null, bigint | null]
}

const planted: readonly Planted[] = [
  {
    what: 'a transfer that was deleted here',
    plant: ({ forget }) => forget('transfer'),
    finds: ['movement_unknown', null, 9_000n],
  },
  {
    what: 'a transfer that was made by hand, and whose event was lost',
    plant: async ({ lab, account, topUp }) => {
      await topUp()
      await lab.sdk.transfers.create({ ...eur, amount: 700, destination: account })
    },
    finds: ['moved_by_hand', null, 700n],
  },
  {
    what: 'a transfer that somebody made by hand after Tributary had',
    plant: async ({ lab, account, topUp }) => {
      await topUp()
      await lab.sdk.transfers.create({ ...eur, amount: 9_000, destination: account })
    },
    finds: ['moved_twice', null, 9_000n],
  },
  {
    what: 'two transfers under the name of one movement',
    plant: async ({ lab, account, topUp, transfer }) => {
      await topUp()
      const metadata = { tributary_movement: transfer.id }
      await lab.sdk.transfers.create({ ...eur, amount: 9_000, destination: account, metadata })
    },
    finds: ['moved_twice', 9_000n, 18_000n],
  },
  {
    what: 'an amount that was changed here',
    plant: ({ edit }) =>
      edit(`update movements set amount = 9999, sent_amount = 9999
        where environment_id = $1 and kind = 'transfer'`),
    finds: ['moved_amount_differs', 9_999n, 9_000n],
  },
  {
    what: 'a transfer that only Tributary has',
    plant: ({ unbook, transfer }) => unbook(transfer),
    finds: ['never_moved', 9_000n, null],
  },
  {
    what: 'a reversal that is not known here',
    plant: ({ forget }) => forget('reversal'),
    finds: ['movement_unknown', null, 2_700n],
  },
  {
    what: 'a transfer that failed here and moved there',
    plant: ({ edit }) =>
      edit(`update movements set status = 'failed', reason = 'provider_refused'
        where environment_id = $1 and kind = 'transfer'`),
    finds: ['moved_there_only', 9_000n, 9_000n],
  },
  {
    what: 'a payout that came back after it had landed',
    plant: async ({ lab, payout }) => lab.stripe.bouncePayout(payout.providerId ?? ''),
    finds: ['payout_returned', 6_300n, 6_300n],
  },
  {
    what: 'a payout that came back, and the return was lost here',
    plant: async ({ lab, payout, forget }) => {
      lab.stripe.bouncePayout(payout.providerId ?? '')
      await lab.run('read-books')
      await forget('return')
    },
    finds: ['return_unknown', null, 6_300n],
  },
  {
    what: 'a payment that was captured there and not here',
    plant: ({ edit }) =>
      edit(`update payments set captured = 0, status = 'authorized' where environment_id = $1`),
    finds: ['captured_there_only', 0n, 10_000n],
  },
  {
    what: 'a payment that nobody here knows',
    plant: ({ edit }) => edit('delete from payments where environment_id = $1'),
    finds: ['payment_unknown', null, 10_000n],
  },
  {
    what: 'fees that are not booked',
    plant: ({ forget }) => forget('provider_fee'),
    finds: ['fee_not_booked', null, 80n],
  },
  {
    what: 'fees that are booked with another amount',
    plant: ({ edit }) =>
      edit(`update movements set amount = 1 where environment_id = $1 and kind = 'provider_fee'`),
    finds: ['fee_amount_differs', 1n, 80n],
  },
  {
    what: 'a refund that failed at the bank and counts as done here',
    plant: async ({ lab, refund }) => lab.stripe.failRefund(refund.providerId ?? ''),
    finds: ['refund_returned', 3_000n, 3_000n],
  },
  {
    what: 'a refund that the marketplace shows as paid and nobody paid here',
    plant: async ({ unbook, forget, refund }) => {
      await unbook(refund)
      await forget('refund')
    },
    finds: ['refund_missing', null, 3_000n],
  },
  {
    what: 'a confirmation that the marketplace never took',
    plant: async ({ lab, edit, shop }) => {
      await lab.pay('P-9', 5_000)
      const [order = ''] = lab.mirakl.placePurchase({
        commercialId: 'P-9',
        currency: 'EUR',
        orders: [{ shopId: shop, lines: [{ price: '50.00' }] }],
      })
      lab.mirakl.acceptOrder(order)
      await edit(`insert into confirmations (environment_id, kind, target_id, sequence, status,
          says, order_id, purchase_id, amount, currency, facts, created_at, updated_at)
        select environment_id, kind, '${order}', 1, status, says, '${order}', 'P-9', 5000, currency,
          facts, updated_at, updated_at
        from confirmations where environment_id = $1 and kind = 'debit'`)
    },
    finds: ['debit_confirmation_lost', 5_000n, null],
  },
  {
    what: 'a cycle that is paid at the marketplace and has no payout here',
    plant: async ({ unbook, forget, payout }) => {
      await unbook(payout)
      await forget('payout')
    },
    finds: ['cycle_paid_without_payout', null, 6_300n],
  },
]

describe('a planted difference is found, and its cause', () => {
  test.each(planted)('$what', async ({ plant, finds }) => {
    const month = await openMonth(database, silently)
    await plant(month)
    await month.lab.clock.advance(2 * day)
    expect(await compare(month.lab)).toEqual([finds])
  })
})

test('a month that nobody touched shows no difference, with events and without', async () => {
  const { lab } = await openMonth(database)
  expect(await compare(lab)).toEqual([])
  const quiet = await openMonth(database, silently)
  expect(await compare(quiet.lab)).toEqual([])
})

describe('a difference that stays', () => {
  test('is the same one, first seen when it was first seen, and closed once it is mended', async () => {
    const { lab, edit } = await openMonth(database, silently)
    const captured = `update payments set captured = 0 where environment_id = $1`
    await edit(captured)
    await lab.run('reconcile')
    const [first] = await open(lab)
    await lab.clock.advance(day)
    await lab.run('reconcile')
    const [again, ...more] = await open(lab)
    expect(more).toEqual([])
    expect([again?.id, again?.firstSeenAt]).toEqual([first?.id, first?.firstSeenAt])
    expect(again?.lastSeenAt).not.toEqual(first?.lastSeenAt)
    await edit('update payments set captured = 10000 where environment_id = $1')
    await lab.run('reconcile')
    expect(await open(lab)).toEqual([])
  })

  test('waits for nobody once it is accepted, until its amount changes', async () => {
    const { lab, edit } = await openMonth(database, silently)
    const change = (amount: number) =>
      edit(`update payments set captured = ${amount} where environment_id = $1`)
    await change(9_000)
    await lab.run('reconcile')
    const [first] = await open(lab)
    expect(await acceptOpenDifference(lab.work(), first?.id ?? '', 'the bank rounded')).toBe(true)
    const waiting = async () => {
      await lab.run('reconcile')
      const report = await reconciliationReport(lab.work(), { limit: 9, language: 'de' })
      return [report.waiting, report.accepted]
    }
    expect(await waiting()).toEqual([0, 1])
    await change(8_000)
    expect(await waiting()).toEqual([1, 0])
    expect(await acceptOpenDifference(lab.work(), 'df_none', '')).toBe(false)
  })
})

test('one that is broken off goes on behind its last batch, and finds the same', async () => {
  const { lab, edit } = await openMonth(database, silently)
  await edit(`update movements set amount = 1, sent_amount = 1
    where environment_id = $1 and kind in ('transfer', 'payout')`)
  const runs = () =>
    database.queries
      .selectFrom('reconciliations')
      .selectAll()
      .where('environment_id', '=', lab.environment.id)
      .execute()
  // Killed while it writes its next batch, again and again, one batch further each time.
  for (let batches = 1; batches < 40; batches += 1) {
    let begun = 0
    const broken: Database = {
      ...database,
      inTransaction: async work => {
        begun += 1
        if (begun > batches) throw new Error('killed')
        return database.inTransaction(work)
      },
    }
    const report = await lab.run('reconcile', { database: broken })
    if (report.error === null) break
    expect(report.error).toBe('killed')
    expect(await runs()).toMatchObject([{ ended_at: null }])
  }
  expect(await runs()).toMatchObject([{ ended_at: lab.clock.now() }])
  expect((await open(lab)).map(each => [each.cause, each.here, each.there])).toEqual(
    expect.arrayContaining([
      ['moved_amount_differs', 1n, 9_000n],
      ['moved_amount_differs', 1n, 6_300n],
    ]),
  )
})

test('what is younger than a day is not judged yet', async () => {
  const { lab, topUp, forget } = await openMonth(database, silently)
  await topUp()
  await lab.sdk.payouts.create({ ...eur, amount: 100 })
  await lab.run('read-books')
  await forget('operator_payout')
  expect(await compare(lab)).toEqual([])
  await lab.clock.advance(2 * day)
  expect(await compare(lab)).toEqual([['movement_unknown', null, 100n]])
})
