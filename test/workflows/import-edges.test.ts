import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOldConnector } from '../../src/adapters/old-connector/old-connector.ts'
import type { Database } from '../../src/database/connection.ts'
import { createOldDatabase } from '../builders/old-database.ts'
import { openTestDatabase } from '../database.ts'
import { chargeOf, type ImportLaboratory, openImportLaboratory } from './import-laboratory.ts'

let database: Database
const opened: ImportLaboratory[] = []
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  for (const lab of opened) await lab.close()
  await database.close()
})

async function open(version: 'newest' | 'oldest' = 'newest'): Promise<ImportLaboratory> {
  const lab = await openImportLaboratory(database, version)
  opened.push(lab)
  return lab
}

describe('a database of the first versions', () => {
  test('is read under the names of then, reversals out of their refunds', async () => {
    const lab = await open('oldest')
    const seller = await lab.mapped()
    const sold = await lab.sell(seller.shop, 'P-1')
    await lab.receive()
    await lab.validateBefore()
    const transfer = await lab.transferBefore(seller.account, sold)
    const common = { mirakl_stripe_mapping_id: seller.mapping, currency: 'EUR' }
    const row = { ...common, mirakl_update_time: '2026-10-31 00:00:00' }
    await lab.old.add('stripe_transfer', {
      ...row,
      mirakl_id: sold.order,
      type: 'TRANSFER_ORDER',
      transfer_id: transfer,
      amount: 9_000,
      status: 'TRANSFER_CREATED',
    })
    await lab.old.add('stripe_transfer', {
      ...row,
      mirakl_id: 'GONE-A',
      type: 'TRANSFER_ORDER',
      amount: -100,
      status: 'TRANSFER_INVALID_AMOUNT',
    })
    await lab.old.add('stripe_payout', {
      ...row,
      mirakl_invoice_id: 4_000,
      amount: 0,
      status: 'PAYOUT_ABORTED',
      failed_reason: 'Amount must be positive, input was: 0',
    })
    const refund = await lab.sdk.refunds.create({ charge: sold.charge, amount: 3_000 })
    const reversal = await lab.sdk.transfers.createReversal(transfer, { amount: 2_700 })
    await lab.old.add('mirakl_refund', {
      amount: 3_000,
      commission: 300,
      currency: 'EUR',
      mirakl_refund_id: '77',
      mirakl_order_id: sold.order,
      stripe_refund_id: refund.id,
      stripe_reversal_id: reversal.id,
      status: 'REFUND_CREATED',
    })
    const report = await lab.import(true)
    expect(report).toMatchObject({ problems: [], checkpoints: [], lines: [], differences: [] })
    const rows = await lab.movements()
    expect(
      rows.map(each => `${each.kind} ${each.source.id} ${each.status} ${each.amount}`).toSorted(),
    ).toEqual([
      `refund 77 succeeded 3000`,
      `reversal 77 succeeded 2700`,
      `transfer GONE-A canceled -100`,
      `transfer ${sold.order} succeeded 9000`,
    ])
    expect((await lab.import(true)).written.movements).toBe(0)
  })

  test('a database of something else is refused, and nothing can be written into any', async () => {
    await expect(openOldConnector(database.connectionString)).rejects.toThrow(/stripe_transfer/)
    await expect(openOldConnector('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow(/--from/)
  })
})

describe('an import that cannot be certain', () => {
  test('reports without the provider, and does not take over without it', async () => {
    const lab = await open()
    const seller = await lab.mapped()
    const row = { account_mapping_id: seller.mapping, type: 'TRANSFER_PRODUCT_ORDER' }
    const money = { amount: 100, currency: 'eur' }
    const failed = { ...row, ...money, mirakl_id: 'A', status: 'TRANSFER_FAILED' }
    await lab.old.add('stripe_transfer', failed)
    const away = { side: 'stripe', kind: 'error_json', method: 'GET', times: 99 } as const
    lab.faults.add({ ...away, path: '/v1/balance' })
    const report = await lab.import(false)
    expect(report).toMatchObject({ provider: 'not_asked', problems: [expect.any(String)] })
    expect(report.lines).toMatchObject([{ reason: 'not_looked_up', outcome: 'left' }])
    await expect(lab.import(true)).rejects.toThrow(/Stripe/)
    expect(await lab.movements()).toEqual([])
  })

  test('a part of an invoice that may be this one or the other waits for a person', async () => {
    const lab = await open()
    const seller = await lab.mapped()
    const stripeAccount = seller.account
    const sold = await lab.sell(seller.shop, 'P-1')
    await lab.receive()
    await lab.validateBefore()
    await lab.transferBefore(seller.account, sold)
    await lab.clock.advance(3 * 24 * 3600 * 1000)
    await lab.sdk.transfers.create(
      {
        amount: 500,
        currency: 'eur',
        destination: lab.stripe.platformAccountId,
        metadata: { miraklId: '9001' },
      },
      { stripeAccount },
    )
    const row = { account_mapping_id: seller.mapping, mirakl_id: '9001', amount: null }
    const held = { ...row, currency: 'eur', status: 'TRANSFER_ON_HOLD' }
    await lab.old.add('stripe_transfer', { ...held, type: 'TRANSFER_SUBSCRIPTION' })
    const report = await lab.import(true)
    expect(report.lines).toMatchObject([{ reason: 'ambiguous_at_provider', outcome: 'review' }])
    expect(await lab.movements('collection')).toMatchObject([
      { status: 'submitted', needsReview: true, instruction: null },
    ])
    await lab.clock.advance(3 * 24 * 3600 * 1000)
    await lab.run('settle-sellers')
    expect(await lab.movements('collection')).toMatchObject([
      { status: 'submitted', needsReview: true, attempt: 0 },
    ])
  })

  test('a key that opens none of the accounts takes nothing over', async () => {
    const lab = await open()
    for (const account of ['acct_unknown1', 'acct_unknown2']) {
      const shop = lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
      const row = { mirakl_shop_id: shop, stripe_account_id: account }
      await lab.old.add('account_mapping', row)
    }
    await expect(lab.import(true)).rejects.toThrow(/STRIPE_CLIENT_SECRET/)
    const mapped = await database.queries
      .selectFrom('sellers')
      .select('id')
      .where('environment_id', '=', lab.environment.id)
      .where('account_id', 'is not', null)
      .execute()
    expect(mapped).toEqual([])
  })
})

describe('what Tributary did before the import', () => {
  test('a transfer that was planned and not sent is given up; a shop keeps its account', async () => {
    const lab = await open()
    const seller = await lab.mapped()
    const sold = await lab.sell(seller.shop, 'P-1')
    await lab.receive()
    await lab.validateBefore()
    // No account is known to this environment yet: the transfer is planned, and held.
    await lab.run('split-payments')
    expect(await lab.movements('transfer')).toMatchObject([{ status: 'on_hold' }])
    await lab.old.add('stripe_transfer', {
      account_mapping_id: seller.mapping,
      mirakl_id: sold.order,
      type: 'TRANSFER_PRODUCT_ORDER',
      transfer_id: await lab.transferBefore(seller.account, sold),
      amount: 8_000,
      currency: 'eur',
      status: 'TRANSFER_CREATED',
    })
    const report = await lab.import(true)
    expect(report.differences).toMatchObject([{ reason: 'planned_here', outcome: 'canceled' }])
    await lab.run('split-payments')
    expect(await lab.movements('transfer')).toMatchObject([
      { status: 'canceled', reason: 'already_moved' },
    ])
    expect(lab.stripe.books().totals['eur']?.transferred).toBe(9_000)
    expect((await lab.import(true)).written.movements).toBe(0)
  })

  test('the one transfer of an order bore the promotion of the operator too: none is added', async () => {
    const lab = await open()
    const seller = await lab.mapped()
    const lines = [{ price: '100.00', commission: '10.00', fundingOperator: '30.00' }]
    const shopId = seller.shop
    const intent = await lab.pay('P-1', 9_000)
    const [order = '', other = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [
        { shopId, lines },
        { shopId, lines: [{ price: '20.00' }] },
      ],
    })
    for (const each of [order, other]) lab.mirakl.acceptOrder(each)
    await lab.receive()
    await lab.validateBefore()
    const charge = chargeOf(intent.latest_charge)
    const row = { account_mapping_id: seller.mapping, type: 'TRANSFER_PRODUCT_ORDER' }
    await lab.old.add('stripe_transfer', {
      ...row,
      mirakl_id: order,
      transfer_id: await lab.transferBefore(seller.account, { order, charge }, 9_000),
      amount: 9_000,
      currency: 'eur',
      status: 'TRANSFER_CREATED',
    })
    await lab.import(true)
    await lab.run('split-payments')
    const ofOrder = (await lab.movements('transfer')).filter(each => each.source.id === order)
    expect(
      ofOrder.map(each => `${each.source.part} ${each.status} ${each.reason}`).toSorted(),
    ).toEqual([' succeeded null'])
  })

  test('an amount that the provider shows otherwise is taken from the provider', async () => {
    const lab = await open()
    const seller = await lab.mapped()
    const sold = await lab.sell(seller.shop, 'P-1')
    await lab.receive()
    await lab.validateBefore()
    const row = { account_mapping_id: seller.mapping, type: 'TRANSFER_PRODUCT_ORDER' }
    const created = { ...row, currency: 'eur', status: 'TRANSFER_CREATED' }
    const transfer = await lab.transferBefore(seller.account, sold)
    const made = { ...created, mirakl_id: sold.order, transfer_id: transfer, amount: 8_000 }
    await lab.old.add('stripe_transfer', made)
    const gone = { ...created, mirakl_id: 'X-A', transfer_id: 'tr_gone', amount: 700 }
    await lab.old.add('stripe_transfer', gone)
    const nowhere = { ...created, mirakl_id: 'Y-A', transfer_id: 'tr_none', amount: null }
    await lab.old.add('stripe_transfer', nowhere)
    const report = await lab.import(true)
    expect(report.differences.map(each => each.reason)).toEqual([
      'amount_differs',
      'missing_at_provider',
    ])
    expect(report.lines).toMatchObject([{ reason: 'no_amount', outcome: 'review' }])
    const amounts = (await lab.movements()).map(each => each.sentAmount)
    expect(new Set(amounts)).toEqual(new Set([9_000n, 700n, null]))
  })
})

test('two databases may be open at once, and a page follows another', async () => {
  const old = await createOldDatabase()
  await old.run(`insert into payment_mapping (stripe_charge_id, status, stripe_amount)
    select 'ch_' || n, 'captured', 100 from generate_series(1, 450) n`)
  const books = await openOldConnector(old.url)
  const sizes: number[] = []
  for await (const page of books.payments()) sizes.push(page.length)
  expect(sizes).toEqual([200, 200, 50])
  expect(await books.count('payments')).toBe(450)
  expect(await books.mainCurrency()).toBeNull()
  await books.close()
  await old.close()
})
