import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type ImportLaboratory, openImportLaboratory } from './import-laboratory.ts'

const day = 24 * 3600 * 1000
const cycle = { start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' }

let database: Database
let lab: ImportLaboratory
const cases = ['CREATED', 'TIMEOUT', 'LANDED', 'PENDING', 'BOUNCED', 'ON_HOLD', 'ABORTED'] as const
const invoices = new Map<string, string>()

beforeAll(async () => {
  database = await openTestDatabase()
  lab = await openImportLaboratory(database)
  await play(lab)
})
afterAll(async () => {
  await lab.close()
  await database.close()
})

/** A seller for each status of a payout, each with one order of 100.00, a credit and a subscription. */
async function play({ old, ...world }: ImportLaboratory): Promise<void> {
  const sellers = new Map<string, Awaited<ReturnType<ImportLaboratory['mapped']>>>()
  for (const name of cases) {
    const seller = await world.mapped()
    sellers.set(name, seller)
    const sold = await world.sell(seller.shop, `P-${name}`)
    await world.receive()
    await world.validateBefore()
    await old.add('stripe_transfer', {
      account_mapping_id: seller.mapping,
      mirakl_id: sold.order,
      type: 'TRANSFER_PRODUCT_ORDER',
      transfer_id: await world.transferBefore(seller.account, sold),
      transaction_id: sold.charge,
      amount: 9_000,
      currency: 'eur',
      status: 'TRANSFER_CREATED',
    })
    world.mirakl.setSubscription(seller.shop, { amount: '15.00', tax: '3.00' })
    world.mirakl.addManualDocument(seller.shop, { type: 'CREDIT', amount: '4.00', tax: '0.80' })
  }
  await world.clock.advance(3 * day)
  for (const closed of world.mirakl.closeCycle(cycle)) {
    const name = cases.find(each => sellers.get(each)?.shop === closed.shopId)
    if (name !== undefined) invoices.set(name, String(closed.invoiceId))
  }
  for (const name of cases) {
    const seller = sellers.get(name)
    if (seller !== undefined) await settleBefore({ old, ...world }, name, seller)
  }
}

async function settleBefore(
  world: ImportLaboratory,
  name: (typeof cases)[number],
  { account, mapping }: { account: string; mapping: number },
): Promise<void> {
  const invoice = invoices.get(name) ?? ''
  const { old, sdk, connector } = world
  const part = { account_mapping_id: mapping, mirakl_id: invoice, currency: 'eur' }
  const metadata = { miraklId: invoice, ...connector }
  const credit = await sdk.transfers.create({
    amount: 480,
    currency: 'eur',
    destination: account,
    metadata,
  })
  const stripeAccount = account
  const subscription = await sdk.transfers.create(
    { amount: 1_800, currency: 'eur', destination: world.stripe.platformAccountId, metadata },
    { stripeAccount },
  )
  const created = { status: 'TRANSFER_CREATED' }
  const credits = { ...part, type: 'TRANSFER_EXTRA_CREDITS', amount: 480 }
  await old.add('stripe_transfer', { ...credits, ...created, transfer_id: credit.id })
  const timeout = name === 'TIMEOUT'
  await old.add('stripe_transfer', {
    ...part,
    type: 'TRANSFER_SUBSCRIPTION',
    amount: 1_800,
    transfer_id: timeout ? null : subscription.id,
    status: timeout ? 'TRANSFER_FAILED' : 'TRANSFER_CREATED',
  })
  await old.add('stripe_transfer', {
    ...part,
    type: 'TRANSFER_EXTRA_INVOICES',
    amount: null,
    currency: null,
    status: 'TRANSFER_ABORTED',
    status_reason: 'Amount must be positive, input was: 0',
  })
  const moved = !['PENDING', 'ON_HOLD', 'ABORTED'].includes(name)
  const payout = moved
    ? await sdk.payouts.create(
        { amount: 7_680, currency: 'eur', metadata: { invoiceId: invoice, ...connector } },
        { stripeAccount },
      )
    : null
  if (payout !== null && name === 'BOUNCED') world.stripe.bouncePayout(payout.id, 'account_closed')
  if (name === 'LANDED') await world.clock.advance(3 * day)
  const status = { TIMEOUT: 'FAILED', LANDED: 'CREATED', BOUNCED: 'FAILED' } as Record<
    string,
    string
  >
  await old.add('stripe_payout', {
    account_mapping_id: mapping,
    amount: name === 'ON_HOLD' ? null : 7_680,
    currency: name === 'ON_HOLD' ? null : 'eur',
    mirakl_invoice_id: Number(invoice),
    payout_id: timeout ? null : (payout?.id ?? null),
    status: `PAYOUT_${status[name] ?? name}`,
    mirakl_created_date: '2026-11-05 00:00:00',
  })
}

async function payouts() {
  const found = await lab.movements('payout')
  const names = new Map([...invoices].map(([name, id]) => [id, name]))
  return Object.fromEntries(
    found.map(each => [names.get(each.source.id), `${each.origin} ${each.status}`]),
  )
}

describe('importing cycles of every status', () => {
  test('books each part of a cycle and its payout under the name of its plan', async () => {
    const report = await lab.import(true)
    expect(report.problems).toEqual([])
    expect(report.cells.filter(each => each.outcome === 'nothing_owed')).toMatchObject([
      { rows: 7, status: 'TRANSFER_ABORTED' },
    ])
    const collections = await lab.movements('collection')
    expect(new Set(collections.map(each => `${each.source.part} ${each.status}`))).toEqual(
      new Set(['subscription succeeded']),
    )
    expect(collections).toHaveLength(7)
    expect(await lab.movements('credit')).toHaveLength(7)
    expect(await payouts()).toEqual({
      CREATED: 'observed succeeded',
      TIMEOUT: 'observed succeeded',
      LANDED: 'observed succeeded',
      ABORTED: 'observed canceled',
    })
    const again = await lab.import(true)
    expect(again.written).toEqual({ sellers: 0, payments: 0, movements: 0, checkpoints: 0 })
  })

  test('the next settlement pays what was never paid, and nothing twice', async () => {
    const before = lab.stripe.books().totals['eur']
    const report = await lab.run('settle-sellers')
    expect(report).toMatchObject({ error: null, failed: 0, sent: 3 })
    expect(await payouts()).toEqual({
      CREATED: 'observed succeeded',
      TIMEOUT: 'observed succeeded',
      LANDED: 'observed succeeded',
      ABORTED: 'observed canceled',
      PENDING: 'planned accepted',
      BOUNCED: 'planned accepted',
      ON_HOLD: 'planned accepted',
    })
    const after = lab.stripe.books().totals['eur']
    expect((after?.transferred ?? 0) - (before?.transferred ?? 0)).toBe(0)
  })
})

describe('a payout that is under way', () => {
  test('is followed until it lands, and then told to the marketplace', async () => {
    const own = await openImportLaboratory(database)
    const seller = await own.mapped()
    const sold = await own.sell(seller.shop, 'P-1')
    await own.receive()
    await own.validateBefore()
    await own.transferBefore(seller.account, sold)
    await own.clock.advance(3 * day)
    const [closed] = own.mirakl.closeCycle(cycle)
    const invoice = String(closed?.invoiceId)
    const payout = await own.sdk.payouts.create(
      { amount: 9_000, currency: 'eur', metadata: { invoiceId: invoice } },
      { stripeAccount: seller.account },
    )
    await own.old.add('stripe_payout', {
      account_mapping_id: seller.mapping,
      amount: 9_000,
      currency: 'eur',
      mirakl_invoice_id: Number(invoice),
      payout_id: payout.id,
      status: 'PAYOUT_CREATED',
    })
    await own.import(true)
    expect(await own.movements('payout')).toMatchObject([{ status: 'accepted' }])
    await own.run('settle-sellers')
    await own.clock.advance(4 * day)
    await own.run('settle-sellers')
    await own.run('settle-sellers')
    expect(await own.movements('payout')).toMatchObject([{ status: 'succeeded', attempt: 0 }])
    expect(own.stripe.books().totals['eur']?.paidOut).toBe(9_000)
    await own.close()
  })
})
