import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { cycleById } from '../../src/store/cycles.ts'
import { listDebts } from '../../src/store/debts.ts'
import { debtFacts } from '../../src/workflows/debt-facts.ts'
import { sellerStatement } from '../../src/workflows/seller-statement.ts'
import { statusOf } from '../../src/workflows/status.ts'
import { writeOffDebt } from '../../src/workflows/write-off-debt.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 3600_000

async function openDebtShop(settings: Partial<Settings> = {}) {
  const { lab, shop } = await openShop(database, { settings })
  await lab.sdk.topups.create({ amount: 50_000, currency: 'eur' })
  const account = await lab.accountOf(shop)
  return {
    lab,
    shop,
    /** Sells, splits, and waits until the money is available. */
    async sell(purchase: string, price = '100.00', commission = '10.00'): Promise<string> {
      const minor = Number(price.replace('.', ''))
      const order = await sellOne(lab, shop, purchase, { price, commission, minor })
      await lab.run('split-payments')
      await lab.clock.advance(3 * day)
      return order
    },
    /** Closes the cycle of everything that was sold until now, and settles it. */
    async settle(): Promise<void> {
      const now = lab.clock.now().getTime()
      lab.mirakl.closeCycle({
        start: '2026-11-01T00:00:00Z',
        end: new Date(now).toISOString(),
      })
      const report = await lab.run('settle-sellers')
      expect(report).toMatchObject({ error: null, failed: 0 })
      await lab.clock.advance(3 * day)
      await lab.receive()
      await lab.run('settle-sellers')
    },
    async lose(purchase: string): Promise<void> {
      lab.stripe.disputeLost(lab.stripe.dispute(await chargeOf(lab, purchase)))
      await lab.receive()
      expect(await lab.run('refund-payments')).toMatchObject({ error: null, failed: 0 })
    },
    balance: () => lab.stripe.books().accounts[account]?.['eur'],
    debts: () => listDebts(database.queries, lab.environment.id, { limit: 100 }),
    /** Payouts and the collections of debts: amount, status, reason, oldest first. */
    async paid() {
      const rows = (await lab.movements()).filter(
        ({ kind, source }) => kind === 'payout' || source.type === 'debt',
      )
      return rows
        .toReversed()
        .map(each => [each.kind, each.sentAmount ?? each.amount, each.status, each.reason])
    },
    /** What the marketplace was told of its cycles: amount and state. */
    async told() {
      const rows = await database.queries
        .selectFrom('confirmations')
        .select(['amount', 'says', 'status'])
        .where('environment_id', '=', lab.environment.id)
        .where('kind', '=', 'cycle')
        .orderBy('created_at')
        .execute()
      return rows.map(row => [row.amount, row.says, row.status])
    },
  }
}

async function chargeOf(lab: Laboratory, purchase: string) {
  const row = await lab.database.queries
    .selectFrom('payments')
    .select('charge_id')
    .where('environment_id', '=', lab.environment.id)
    .where('purchase_id', '=', purchase)
    .executeTakeFirstOrThrow()
  return row.charge_id ?? ''
}

describe('a dispute that is lost', () => {
  test('after the payout is a debt, and two later payouts are less by it', async () => {
    const market = await openDebtShop()
    await market.sell('P-1')
    await market.settle()
    await market.lose('P-1')
    expect(await market.debts()).toMatchObject([
      {
        original: 9_000n,
        collectable: 9_000n,
        openCollectable: 9_000n,
        source: { type: 'dispute' },
      },
    ])
    expect(await market.lab.movements('reversal')).toMatchObject([
      { status: 'canceled', reason: 'became_debt', amount: 9_000n },
    ])
    await market.sell('P-2', '60.00', '0')
    await market.settle()
    expect(await market.debts()).toMatchObject([{ openCollectable: 3_000n, setOff: 6_000n }])
    await market.sell('P-3', '100.00', '0')
    await market.settle()
    expect(await market.paid()).toEqual([
      ['payout', 9_000n, 'succeeded', null],
      ['collection', 6_000n, 'succeeded', null],
      ['payout', 6_000n, 'canceled', 'set_off_wholly'],
      ['collection', 3_000n, 'succeeded', null],
      ['payout', 7_000n, 'succeeded', null],
    ])
    expect(await market.debts()).toMatchObject([{ openCollectable: 0n, setOff: 9_000n }])
    // The marketplace hears of its own amounts.
    expect(await market.told()).toEqual([
      [9_000n, 'paid', 'succeeded'],
      [6_000n, 'paid', 'succeeded'],
      [10_000n, 'paid', 'succeeded'],
    ])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
    const [last] = await market.lab.movements('payout')
    expect(last).toMatchObject({ facts: { cycleAmount: '10000', setOff: '3000', withheld: '0' } })
  })

  test('is open for a second cycle only beyond what the first is about to take', async () => {
    const market = await openDebtShop()
    await market.sell('P-1')
    await market.settle()
    await market.lose('P-1')
    await market.sell('P-2', '60.00', '0')
    const { lab } = market
    lab.faults.add({ side: 'stripe', kind: 'cut_before', method: 'POST', times: 99 })
    const end = lab.clock.now().toISOString()
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end })
    await lab.run('settle-sellers')
    const [first] = await lab.movements('collection')
    expect(first).toMatchObject({ status: 'submitted', amount: 6_000n })
    const id = first?.parties.cycleId ?? ''
    const cycle = await cycleById(database.queries, lab.environment.id, id)
    if (cycle === null) throw new Error('no cycle was read')
    const next = { ...cycle, id: 'the next one' }
    const { open } = await debtFacts(database.queries, lab.environment, next)
    expect(open).toMatchObject([{ own: 'none', collectable: 3_000n }])
  })

  test('is set off by no more than the cap of each cycle', async () => {
    const market = await openDebtShop({ debtCapPercent: 50 })
    await market.sell('P-1')
    await market.settle()
    await market.lose('P-1')
    await market.sell('P-2', '60.01', '0')
    await market.settle()
    expect((await market.paid()).slice(1)).toEqual([
      ['collection', 3_000n, 'succeeded', null],
      ['payout', 3_001n, 'succeeded', null],
    ])
    expect(await market.debts()).toMatchObject([{ openCollectable: 6_000n }])
  })

  test('before the payout is taken back, and the payout is less by what is gone', async () => {
    const market = await openDebtShop()
    await market.sell('P-1')
    await market.lose('P-1')
    await market.sell('P-2', '60.00', '0')
    await market.settle()
    expect(await market.debts()).toEqual([])
    expect(await market.paid()).toEqual([['payout', 6_000n, 'succeeded', null]])
    expect(await market.told()).toEqual([[15_000n, 'paid', 'succeeded']])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
    // Each unit once.
    await market.sell('P-3', '10.00', '0')
    await market.settle()
    expect((await market.paid()).slice(1)).toEqual([['payout', 1_000n, 'succeeded', null]])
  })

  test('is not withheld from the cycle of other orders, whose money is there', async () => {
    const market = await openDebtShop()
    await market.sell('P-1', '50.00', '0')
    market.lab.mirakl.closeCycle({
      start: '2026-11-01T00:00:00Z',
      end: market.lab.clock.now().toISOString(),
    })
    await market.sell('P-2')
    await market.lose('P-2')
    await market.lab.run('settle-sellers')
    expect(await market.paid()).toEqual([['payout', 5_000n, 'accepted', null]])
    await market.settle()
    expect((await market.paid()).slice(1)).toEqual([
      ['payout', 9_000n, 'canceled', 'set_off_wholly'],
    ])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
  })
})

test('an order that is not split waits for its dispute; other orders are paid out meanwhile', async () => {
  const market = await openDebtShop()
  const { lab, shop } = market
  const order = await sellOne(lab, shop, 'P-1')
  const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'))
  await lab.receive()
  expect(await lab.run('split-payments')).toMatchObject({ holds: { payment_disputed: 1 } })
  await market.sell('P-2', '60.00', '0')
  // Mirakl pays both orders; only one of them has brought money.
  await market.settle()
  expect(await market.paid()).toEqual([['payout', 6_000n, 'succeeded', null]])
  lab.stripe.disputeWon(dispute)
  await lab.receive()
  await lab.run('split-payments')
  expect(await lab.movements('transfer')).toContainEqual(
    expect.objectContaining({ status: 'succeeded', sentAmount: 9_000n }),
  )
  expect(order).toBe('P-1-A')
  await market.sell('P-3', '10.00', '0')
  await market.settle()
  expect((await market.paid()).slice(1)).toEqual([['payout', 10_000n, 'succeeded', null]])
  expect(market.balance()).toEqual({ available: 0, pending: 0 })
})

test('a dispute that is won after the payout costs the seller nothing', async () => {
  const market = await openDebtShop({ disputes: 'reverse' })
  const { lab } = market
  await market.sell('P-1')
  await market.settle()
  const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'))
  await lab.receive()
  // The bank has not decided: no debt, and the reversal waits.
  expect(await lab.run('refund-payments')).toMatchObject({ holds: { seller_balance_short: 1 } })
  lab.stripe.disputeWon(dispute)
  await lab.receive()
  await lab.run('refund-payments')
  expect(await lab.movements('reversal')).toMatchObject([
    { status: 'canceled', reason: 'dispute_won' },
  ])
  expect(await market.debts()).toEqual([])
  await market.sell('P-2', '60.00', '0')
  await market.settle()
  expect((await market.paid()).slice(1)).toEqual([['payout', 6_000n, 'succeeded', null]])
})

describe('an operator', () => {
  test('writes a debt off, with a note, never more than is open; payouts are whole again', async () => {
    const market = await openDebtShop({ debtCapPercent: 50 })
    await market.sell('P-1')
    await market.settle()
    await market.lose('P-1')
    const [debt] = await market.debts()
    const off = (wanted: bigint | null, id = debt?.id ?? '') =>
      writeOffDebt(market.lab.work(), id, { wanted, note: 'goodwill' })
    expect(await off(9_001n)).toMatchObject({
      ok: false,
      message: expect.stringContaining('at most 9000'),
    })
    expect(await off(1n, 'debt_none')).toMatchObject({ ok: false, message: 'no debt debt_none' })
    expect(await off(2_000n)).toMatchObject({ ok: true, debt: { openCollectable: 7_000n } })
    await market.sell('P-2', '60.00', '0')
    await market.settle()
    expect(await off(null)).toMatchObject({ ok: true, amount: 4_000n })
    expect(await off(null)).toMatchObject({ ok: false })
    expect(await market.debts()).toMatchObject([
      { openCollectable: 0n, setOff: 3_000n, writtenOff: 6_000n },
    ])
    await market.sell('P-3', '10.00', '0')
    await market.settle()
    expect((await market.paid()).at(-1)).toEqual(['payout', 1_000n, 'succeeded', null])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
    const written = database.queries.updateTable('debt_entries').set({ amount: 1n })
    await expect(written.execute()).rejects.toThrow(/only ever added to/)
  })

  test("reads a seller's statement, with what is owed and the running balance", async () => {
    const market = await openDebtShop({ debtCapPercent: 50 })
    const { lab, shop } = market
    await market.sell('P-1')
    await market.settle()
    await market.lose('P-1')
    await market.sell('P-2', '60.00', '0')
    await market.settle()
    const [statement, ...others] = await sellerStatement(lab.work(), String(shop))
    expect(others).toEqual([])
    expect(statement?.lines.map(each => [each.kind, each.amount, each.balance])).toEqual([
      ['transfer', '9000', '9000'],
      ['payout', '-9000', '0'],
      ['transfer', '6000', '6000'],
      ['collection', '-3000', '3000'],
      ['payout', '-3000', '0'],
    ])
    expect(statement).toMatchObject({
      currency: 'EUR',
      balance: '0',
      openDebts: [{ original: '9000', open: '6000', setOff: '3000' }],
    })
    expect(statement?.lines.at(-1)).toMatchObject({ cycleAmount: '6000' })
    const { debts } = await statusOf({ ...lab.work(), jobStates: async () => [] })
    expect(debts).toEqual([{ currency: 'EUR', count: 1, open: '6000' }])
  })
})

test('a share that was taken at once is withheld, and paid with a later cycle when it is won', async () => {
  const market = await openDebtShop({ disputes: 'reverse' })
  await market.sell('P-1')
  const dispute = market.lab.stripe.dispute(await chargeOf(market.lab, 'P-1'))
  await market.lab.receive()
  await market.lab.run('refund-payments')
  await market.sell('P-2', '60.00', '0')
  await market.settle()
  market.lab.stripe.disputeWon(dispute)
  await market.lab.receive()
  await market.lab.run('refund-payments')
  expect(await market.lab.movements('restitution')).toMatchObject([
    { amount: 9_000n, status: 'succeeded' },
  ])
  await market.sell('P-3', '20.00', '0')
  await market.settle()
  expect(await market.paid()).toEqual([
    ['payout', 6_000n, 'succeeded', null],
    ['payout', 11_000n, 'succeeded', null],
  ])
  expect(market.balance()).toEqual({ available: 0, pending: 0 })
})

describe('a negative cycle that Tributary carries', () => {
  test('is a debt for its collections, less what its own sales bear', async () => {
    const market = await openDebtShop({ negativeCycles: 'tributary' })
    const { lab, shop } = market
    await market.sell('P-1', '10.00', '0')
    lab.mirakl.setSubscription(shop, { amount: '30.00' })
    await market.settle()
    expect(await market.debts()).toMatchObject([
      {
        original: 2_000n,
        collectable: 2_000n,
        source: { type: 'cycle' },
        facts: { invoices: '0', subscription: '2000' },
      },
    ])
    expect(await lab.movements('collection')).toMatchObject([
      { amount: 1_000n, status: 'succeeded' },
    ])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
    lab.mirakl.setSubscription(shop, { amount: '0.00' })
    await market.sell('P-2', '50.00', '0')
    await market.settle()
    expect(await market.paid()).toEqual([
      ['payout', -2_000n, 'canceled', 'became_debt'],
      ['collection', 2_000n, 'succeeded', null],
      ['payout', 3_000n, 'succeeded', null],
    ])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
  })

  test('for a refund takes the money by its held reversal, and the payout once', async () => {
    const market = await openDebtShop({ negativeCycles: 'tributary' })
    const { lab } = market
    const order = await market.sell('P-1')
    await market.settle()
    lab.mirakl.openRefund(`${order}-1`, { amount: '100.00', commission: '10.00' })
    await lab.run('refund-payments')
    await lab.receive()
    await lab.run('refund-payments')
    await lab.clock.advance(day)
    await market.settle()
    expect(await market.debts()).toMatchObject([
      { original: 9_000n, collectable: 0n, openElsewhere: 9_000n },
    ])
    await market.sell('P-2', '100.00', '0')
    await market.settle()
    expect(await lab.movements('reversal')).toMatchObject([{ amount: 9_000n, status: 'succeeded' }])
    expect((await market.paid()).slice(1)).toEqual([
      ['payout', -9_000n, 'canceled', 'became_debt'],
      ['payout', 1_000n, 'succeeded', null],
    ])
    expect(await market.debts()).toMatchObject([{ openElsewhere: 0n, setOff: 9_000n }])
    expect(market.balance()).toEqual({ available: 0, pending: 0 })
  })
})
