import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, type LaboratoryOptions, openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
const cycle = { start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' }

interface Sale {
  readonly purchase: string
  readonly price: string
  readonly minor: number
  readonly commission?: string
  readonly currency?: string
}

/** Sells, validates, captures and splits; the money is available three days later. */
async function sell(lab: Laboratory, shopId: number, sales: readonly Sale[]): Promise<void> {
  for (const sale of sales) {
    const currency = sale.currency ?? 'EUR'
    await lab.pay(sale.purchase, sale.minor, { currency: currency.toLowerCase() })
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: sale.purchase,
      currency,
      orders: [{ shopId, lines: [{ price: sale.price, commission: sale.commission ?? '0' }] }],
    })
    lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
  await lab.run('validate-payments')
  await lab.run('split-payments')
  await lab.clock.advance(3 * day)
}

async function cycleRows(lab: Laboratory) {
  const movements = (await lab.movements()).filter(each => each.source.type === 'cycle')
  return movements
    .map(each => [
      each.kind,
      each.source.part,
      each.amount,
      each.sentAmount,
      each.status,
      each.reason,
    ])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

describe('settle-sellers', () => {
  test('moves credits, manual invoices and the subscription, then the payout of what is left', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await sell(lab, shop, [
      { purchase: 'P-1', price: '100.00', minor: 10_000, commission: '10.00' },
    ])
    // The platform's own money: its commission of 10.00 is available.
    lab.mirakl.setSubscription(shop, { amount: '15.00', tax: '3.00' })
    lab.mirakl.addManualDocument(shop, { type: 'CREDIT', amount: '4.00', tax: '0.80' })
    lab.mirakl.addManualDocument(shop, { type: 'INVOICE', amount: '2.00', tax: '0.40' })
    lab.mirakl.closeCycle(cycle)
    const report = await lab.run('settle-sellers')
    expect(report).toMatchObject({ error: null, failed: 0, planned: 4, sent: 4 })
    expect(await cycleRows(lab)).toEqual([
      ['collection', 'invoices', 240n, 240n, 'succeeded', null],
      ['collection', 'subscription', 1_800n, 1_800n, 'succeeded', null],
      ['credit', 'credits', 480n, 480n, 'succeeded', null],
      ['payout', '', 7_440n, 7_440n, 'accepted', null],
    ])
    await lab.clock.advance(3 * day)
    await lab.receive()
    await lab.run('settle-sellers')
    const account = await lab.accountOf(shop)
    const books = lab.stripe.books().accounts[account]
    expect(books?.['eur']).toEqual({ available: 0, pending: 0 })
    expect(await paymentStates(lab)).toEqual(['paid'])
  })

  test('three sales of 1.234 KWD: the remainder is credited and the cycle closes', async () => {
    const lab = await openLaboratory(database)
    // Stripe's fee would eat the 30 fils that the platform keeps.
    lab.stripe.configure({ fees: {} })
    const shop = await lab.openSeller({ currency: 'KWD', country: 'KWT' })
    await sell(
      lab,
      shop,
      ['P-1', 'P-2', 'P-3'].map(purchase => ({
        purchase,
        price: '1.234',
        minor: 1_240,
        currency: 'KWD',
      })),
    )
    // The operator's own 18 fils of the three baskets are available to the platform.
    lab.mirakl.closeCycle(cycle)
    const report = await lab.run('settle-sellers')
    expect(report).toMatchObject({ error: null, failed: 0 })
    expect(await cycleRows(lab)).toEqual([
      ['credit', 'remainder', 10n, 10n, 'succeeded', null],
      ['payout', '', 3_702n, 3_700n, 'accepted', null],
    ])
  })

  test('a negative cycle is shown and held for an operator, a zero cycle writes nothing', async () => {
    const lab = await openLaboratory(database)
    const negative = await lab.openSeller()
    lab.mirakl.setSubscription(negative, { amount: '20.00' })
    const zero = await lab.openSeller()
    lab.mirakl.closeCycle({ ...cycle, shopIds: [negative, zero] })
    const report = await lab.run('settle-sellers')
    expect(report).toMatchObject({ sent: 0, failed: 0 })
    expect(await cycleRows(lab)).toEqual([
      ['collection', 'subscription', 2_000n, null, 'on_hold', 'seller_balance_short'],
      ['payout', '', -2_000n, null, 'on_hold', 'negative_cycle'],
    ])
  })

  test('waits while the money is pending, and pays when it has become available', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    await lab.pay('P-2', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-2',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    lab.mirakl.closeCycle(cycle)
    expect(await lab.run('settle-sellers')).toMatchObject({
      sent: 0,
      holds: { balance_pending: 1 },
    })
    await lab.clock.advance(3 * day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 1, accepted: 1, onHold: 0 })
  })

  test('two cycles on one account are not planned on the same money', async () => {
    const lab = await openLaboratory(database)
    const first = await lab.openSeller()
    const second = await lab.openSeller()
    const account = await lab.accountOf(first)
    await database.queries
      .updateTable('sellers')
      .set({ account_id: account })
      .where('environment_id', '=', lab.environment.id)
      .where('id', '=', String(second))
      .execute()
    await sell(lab, first, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    await sell(lab, second, [{ purchase: 'P-2', price: '30.00', minor: 3_000 }])
    // The seller took 20.00 out by hand: only one of the two payouts can go.
    await lab.sdk.payouts.create({ amount: 2_000, currency: 'eur' }, { stripeAccount: account })
    lab.mirakl.closeCycle(cycle)
    const report = await lab.run('settle-sellers')
    expect(report).toMatchObject({ sent: 1, accepted: 1, failed: 0, holds: { balance_short: 1 } })
  })

  test('a confirmation that Mirakl refused is told again later', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    const [closed] = lab.mirakl.closeCycle(cycle)
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.receive()
    lab.mirakl.corrupt('invoice', String(closed?.invoiceId ?? ''), null)
    lab.faults.add({
      side: 'mirakl',
      kind: 'rate_limited',
      method: 'PUT',
      path: '/api/invoices',
      times: 9,
    })
    expect(await lab.run('settle-sellers')).toMatchObject({ confirmed: 0 })
    expect(await paymentStates(lab)).toEqual(['pending'])
    lab.faults.clear()
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ confirmed: 1 })
    expect(await paymentStates(lab)).toEqual(['paid'])
  })

  test('says which order is missing when the balance is short', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    lab.mirakl.addManualDocument(shop, { type: 'CREDIT', amount: '500.00' })
    lab.mirakl.closeCycle(cycle)
    const report = await lab.run('settle-sellers')
    expect(report.holds).toEqual({ platform_balance_short: 1, waits_for_movements: 1 })
    const payout = (await lab.movements('payout'))[0]
    expect(Object.values(payout?.facts['movements'] ?? {})).toEqual(['platform_balance_short'])
  })

  test.each([
    ['paid by hand', { paid: true }, 'already_paid'],
    ['routed to another provider', { psp: 'MANGOPAY' }, 'paid_elsewhere'],
    ['blocked in Mirakl', { blocked: true }, 'payment_blocked'],
  ] as const)('a cycle that is %s moves nothing', async (_, given, reason) => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller('psp' in given ? { payOutPspCode: given.psp } : {})
    await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    const [report] = lab.mirakl.closeCycle(cycle)
    if ('blocked' in given) {
      lab.mirakl.updateShop(shop, { paymentBlocked: true })
      await lab.run('onboard-sellers')
    }
    if ('paid' in given) await payByHand(lab, report?.invoiceId ?? 0)
    const settled = await lab.run('settle-sellers')
    expect(settled).toMatchObject({ sent: 0, failed: 0 })
    const payout = (await lab.movements('payout'))[0]
    expect(payout).toMatchObject({ reason, providerId: null })
    expect(lab.stripe.books().totals['eur']?.paidOut ?? 0).toBe(0)
  })

  test.each(['invoices', 'billing_cycles'] as const)('reads and confirms %s', async feed => {
    const lab = await openLaboratory(database, { settings: { settlementFeed: feed } })
    const shop = await lab.openSeller()
    await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    lab.mirakl.closeCycle(cycle)
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.receive()
    expect(await lab.run('settle-sellers')).toMatchObject({ confirmed: 1, failed: 0 })
    expect(await paymentStates(lab, feed)).toEqual(['paid'])
  })

  test('a confirmation whose answer is lost is read back, not repeated blindly', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
    lab.mirakl.closeCycle(cycle)
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.receive()
    lab.faults.add({
      side: 'mirakl',
      kind: 'cut_after',
      method: 'PUT',
      path: '/api/invoices',
      times: 1,
    })
    expect(await lab.run('settle-sellers')).toMatchObject({ confirmed: 1, failed: 0 })
    expect(lab.calls.mirakl.filter(call => call.startsWith('PUT /api/invoices'))).toHaveLength(1)
  })

  test('tells SBC07 that a payout bounced; IV07 cannot say it without a reason and is left pending', async () => {
    const bounced = async (options: LaboratoryOptions) => {
      const lab = await openLaboratory(database, options)
      const shop = await lab.openSeller()
      await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
      lab.mirakl.closeCycle(cycle)
      await lab.run('settle-sellers')
      const payout = (await lab.movements('payout'))[0]
      lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
      await lab.receive()
      await lab.run('settle-sellers')
      return lab
    }
    const cycles = await bounced({ settings: { settlementFeed: 'billing_cycles' } })
    expect(await paymentStates(cycles, 'billing_cycles')).toEqual(['failed'])
    const invoices = await bounced({})
    expect(await paymentStates(invoices)).toEqual(['pending'])
    const reasoned = await bounced({ settings: { invoiceFailureReason: 'INCOMPLETE_KYC' } })
    expect(await paymentStates(reasoned)).toEqual(['failed'])
  })
})

async function paymentStates(lab: Laboratory, feed: 'invoices' | 'billing_cycles' = 'invoices') {
  const states: string[] = []
  for await (const page of lab.marketplace.cycles({ feed })) {
    for (const reading of page.readings) if (reading.ok) states.push(reading.value.payState)
  }
  return states
}

async function payByHand(lab: Laboratory, invoiceId: number): Promise<void> {
  for await (const page of lab.marketplace.cycles({ feed: 'invoices' })) {
    for (const reading of page.readings) {
      if (!reading.ok || reading.value.id !== String(invoiceId)) continue
      const at = lab.clock.now()
      await lab.marketplace.confirmCycle({
        cycle: reading.value,
        paid: true,
        reference: 'bank',
        at,
      })
    }
  }
}

test('a cycle that turns out to be nothing gives its held payout up', async () => {
  const lab = await openLaboratory(database)
  const shop = await lab.openSeller()
  await sell(lab, shop, [{ purchase: 'P-1', price: '50.00', minor: 5_000 }])
  lab.mirakl.updateShop(shop, { paymentBlocked: true })
  const [closed] = lab.mirakl.closeCycle(cycle)
  expect(await lab.run('settle-sellers')).toMatchObject({ holds: { payment_blocked: 1 } })
  const patch = { summary: { amount_transferred: 0 } }
  lab.mirakl.corrupt('invoice', String(closed?.invoiceId ?? ''), patch)
  await lab.clock.advance(day)
  await lab.run('settle-sellers')
  expect(await lab.movements('payout')).toMatchObject([{ status: 'canceled' }])
})
