import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { sellOne } from './refund-shop.ts'
import { heldBy, openTaxShop } from './tax-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
/** An order of 100.00 with 20.00 of tax inside and a commission of 10.00: 70, 20 and 10. */
const taxed = { taxes: '20.00' }
const thirty = { amount: '30.00', commission: '3.00' }
const seventy = { amount: '70.00', commission: '7.00' }
const jobs = ['refund-payments', 'split-payments'] as const
type Jobs = readonly (typeof jobs)[number][]
const orders: Jobs[] = [jobs, jobs.toReversed()]

/** A paid order, on a platform with money enough that no refund waits. */
async function openPaid() {
  const opened = await openTaxShop(database)
  const { lab, shop, taxAccount, plain } = opened
  await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
  const order = await sellOne(lab, shop, 'P-1', taxed)
  const line = `${order}-1`
  /** A split that is decided and not sent: what is owed is known, and held. */
  const hold = (side: 'taxed' | 'plain') => {
    const { environment } = side === 'taxed' ? lab : plain
    return lab.run('split-payments', { environment: { ...environment, paused: true } })
  }
  const refund = async (part?: typeof thirty) => {
    const id = lab.mirakl.openRefund(line, part)
    await lab.run('refund-payments')
    await lab.receive()
    await lab.clock.advance(5 * minute)
    return id
  }
  const fail = async (id: string, after = 3 * day) => {
    const movement = (await lab.movements('refund')).find(each => each.source.id === id)
    await lab.clock.advance(after)
    lab.stripe.failRefund(movement?.providerId ?? '')
    await lab.receive()
  }
  /** Whatever is left to do, and then nothing any more. */
  const settle = async (order: Jobs) => {
    for (const job of [...order, ...order, ...order]) {
      expect(await lab.run(job)).toMatchObject({ error: null })
      await lab.clock.advance(day)
      await lab.receive()
    }
    for (const job of order) expect(await lab.run(job)).toMatchObject({ planned: 0, sent: 0 })
    expect(await lab.openRefunds()).toEqual([])
  }
  const held = async () => [heldBy(lab, await lab.accountOf(shop)), heldBy(lab, taxAccount)]
  /** What was paid to the seller and the tax account. */
  const paid = async () => {
    const kinds = ['transfer', 'tax_transfer', 'restitution']
    const done = (await lab.movements()).filter(
      each => each.status === 'succeeded' && kinds.includes(each.kind),
    )
    return done.map(each => `${each.kind} ${each.source.part}`.trim()).toSorted()
  }
  return { ...opened, hold, refund, fail, settle, held, paid }
}

describe.each(orders)('a refund of the whole order fails (%s first)', (...order) => {
  test('before a split is planned: both parts go by the split', async () => {
    const { lab, refund, fail, settle, held, paid } = await openPaid()
    await fail(await refund())
    await settle(order)
    expect([await held(), await paid()]).toEqual([
      [7_000, 2_000],
      ['tax_transfer', 'transfer'],
    ])
    expect(await lab.balances()).toMatchObject({ tax_account: 2_000n, commission: 1_000n })
  })

  test('after a split that found nothing to move: both parts go by the split', async () => {
    const { lab, refund, fail, settle, held, paid } = await openPaid()
    const id = await refund()
    await lab.run('split-payments')
    expect(await paid()).toEqual([])
    await fail(id)
    await settle(order)
    expect([await held(), await paid()]).toEqual([
      [7_000, 2_000],
      ['tax_transfer', 'transfer'],
    ])
  })

  test('while the split is held: both parts go by the split', async () => {
    const { hold, refund, fail, settle, held, paid } = await openPaid()
    await hold('taxed')
    await fail(await refund())
    await settle(order)
    expect([await held(), await paid()]).toEqual([
      [7_000, 2_000],
      ['tax_transfer', 'transfer'],
    ])
  })

  test('after it ended a held split: both parts are given back', async () => {
    const { lab, hold, refund, fail, settle, held, paid } = await openPaid()
    await hold('taxed')
    const id = await refund()
    await lab.run('split-payments')
    await fail(id)
    await settle(order)
    expect([await held(), await paid()]).toEqual([
      [7_000, 2_000],
      ['restitution', 'restitution tax'],
    ])
    expect(await lab.balances()).toMatchObject({ tax_account: 2_000n, commission: 1_000n })
    expect(await lab.openEscrows()).toEqual({ 'P-OWN': 50_000n })
  })

  test('after it ended a transfer that was held with the tax in it: the tax goes by the split', async () => {
    const { lab, hold, refund, fail, settle, held, paid } = await openPaid()
    await hold('plain')
    const id = await refund()
    await lab.run('split-payments')
    await fail(id)
    await settle(order)
    expect([await held(), await paid()]).toEqual([
      [7_000, 2_000],
      ['restitution', 'tax_transfer'],
    ])
  })
})

describe.each(orders)('of two refunds of one order (%s first)', (...order) => {
  test('the one that ended a held split fails: only its part is given back', async () => {
    const { lab, hold, refund, fail, settle, held } = await openPaid()
    await hold('taxed')
    const first = await refund(thirty)
    const second = await refund(seventy)
    await lab.run('split-payments')
    await fail(second)
    await settle(order)
    expect(await held()).toEqual([4_900, 1_400])
    await fail(first)
    await settle(order)
    expect(await held()).toEqual([7_000, 2_000])
    expect(await lab.balances()).toMatchObject({ tax_account: 2_000n, commission: 1_000n })
  })

  test('one fails before the split and one after it: each part once', async () => {
    const { lab, refund, fail, settle, held, paid } = await openPaid()
    const first = await refund(thirty)
    const second = await refund(seventy)
    await fail(second)
    await lab.run('split-payments')
    expect(await held()).toEqual([4_900, 1_400])
    await fail(first)
    await settle(order)
    expect(await held()).toEqual([7_000, 2_000])
    expect(await paid()).toEqual(['restitution', 'restitution tax', 'tax_transfer', 'transfer'])
  })
})

describe('a transfer net of a refund, without an answer when the refund fails', () => {
  test.each([
    ['is refused: it goes whole, and nothing is given back', true],
    ['was made: what it left out is given back', false],
  ])('%s', async (_, refused) => {
    const { lab, taxAccount, refund, fail, settle, held, paid, shop, complete } = await openPaid()
    const id = await refund(thirty)
    const lost = refused ? 'cut_before' : 'cut_after'
    lab.faults.add({ side: 'stripe', kind: lost, method: 'POST', path: '/v1/transfers' })
    await lab.run('split-payments')
    const asked = (await lab.movements()).filter(each => each.status === 'submitted')
    expect(new Set(asked.map(each => each.amount))).toEqual(new Set([1_400n, 4_900n]))
    lab.faults.clear()
    await fail(id, 0)
    await lab.run('refund-payments')
    // Its event tells of a transfer that was made.
    expect(await lab.movements('restitution')).toHaveLength(refused ? 0 : 2)
    const account = await lab.accountOf(shop)
    if (refused)
      for (const each of [account, taxAccount])
        lab.stripe.requireMore(each, ['external_account'], 'requirements.past_due')
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    lab.stripe.completeOnboarding(account)
    await complete()
    await settle(jobs)
    const given = ['restitution', 'restitution tax']
    expect(await held()).toEqual([7_000, 2_000])
    expect(await paid()).toEqual([...(refused ? [] : given), 'tax_transfer', 'transfer'])
  })
})
