import { afterAll, beforeAll, expect, it } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import { entriesOf, flow } from '../domain/ledger.ts'
import { appendPostings, ledgerBalances, ledgerEntries, trialBalance } from './ledger.ts'
import { amendPayment, savePayments } from './payments.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 4 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())

const parties = {
  movementId: 'mv_1',
  paymentId: null,
  orderId: 'C1-A',
  purchaseId: 'C1',
  sellerId: '2001',
  cycleId: null,
}

function append(key: string, amount: bigint, environmentId = own, currency = 'EUR') {
  const entries = entriesOf([flow('escrow:C1', 'seller:2001', amount)])
  const booking = { environmentId, provider: 'stripe', at: at('09:00') }
  const made = { key, event: 'transfer', currency, parties, entries } as const
  return appendPostings(database.queries, booking, [made])
}

const balances = async (environmentId = own, prefix = '') =>
  (await ledgerBalances(database.queries, environmentId, { prefix })).map(
    each => `${each.account} ${each.amount} ${each.currency}`,
  )

it('keeps a posting once, whoever books it and how often, in its own environment', async () => {
  await Promise.all([append('a', 90n), append('a', 90n), append('a', 91n)])
  await append('b', 10n)
  await append('c', 7n, own, 'JPY')
  const sums = await balances()
  expect(sums).toHaveLength(4)
  expect(sums).toContain('seller:2001 7 JPY')
  expect(await balances(own, 'seller:')).toHaveLength(2)
  expect(await balances(other)).toEqual([])
  expect(await trialBalance(database.queries, own)).toMatchObject([
    { provider: 'stripe', currency: 'EUR', total: 0n, entries: 4, unbalanced: [] },
    { provider: 'stripe', currency: 'JPY', total: 0n, entries: 2 },
  ])
})

it('shows the entries of an account or an order page by page', async () => {
  const query = { account: 'seller:2001', limit: 2 }
  const first = await ledgerEntries(database.queries, own, query)
  expect(first.map(each => each.key)).toEqual(['a', 'b'])
  const after = first.at(-1)?.number ?? 0n
  const rest = await ledgerEntries(database.queries, own, { ...query, after })
  expect(rest.map(each => each.key)).toEqual(['c'])
  const ofOrder = await ledgerEntries(database.queries, own, { orderId: 'C1-A', limit: 9 })
  expect(ofOrder).toHaveLength(6)
  expect(await ledgerEntries(database.queries, other, { orderId: 'C1-A', limit: 9 })).toEqual([])
})

it.each([
  'update ledger_entries set amount = 1',
  'delete from ledger_entries',
  'truncate ledger_entries',
])('refuses: %s', async statement => {
  await expect(database.pool.query(statement)).rejects.toThrow('added, never changed')
})

it('names a posting that does not add up', async () => {
  await database.pool.query(
    `insert into ledger_entries
      (environment_id, posting_key, at, event, provider, currency, account, amount)
     values ($1, 'bad', $2, 'transfer', 'stripe', 'EUR', 'commission', 5)`,
    [other, at('09:00')],
  )
  expect(await trialBalance(database.queries, other)).toMatchObject([
    { currency: 'EUR', total: 5n, unbalanced: ['bad'] },
  ])
})

it('books what is captured once, whoever says it first, and only what is more', async () => {
  const told = paymentOf({ id: 'pi_9', purchaseId: 'C9', status: 'captured', captured: 6_000n })
  const save = (captured: bigint, time: string) =>
    savePayments(database.queries, own, 'stripe', [{ ...told, captured }], at(time))
  await Promise.all([save(6_000n, '09:00'), save(6_000n, '09:00')])
  const amend = { status: 'captured', captured: 6_000n } as const
  await amendPayment(database.queries, own, 'pi_9', amend, at('09:01'))
  expect(await balances(own, 'escrow:C9')).toEqual(['escrow:C9 6000 EUR'])
  await save(8_000n, '09:02')
  expect(await balances(own, 'escrow:C9')).toEqual(['escrow:C9 8000 EUR'])
})
