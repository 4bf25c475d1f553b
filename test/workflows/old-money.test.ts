import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { acknowledge } from '../../src/workflows/acknowledge.ts'
import { readDigest } from '../../src/workflows/digest-facts.ts'
import { digestMail } from '../../src/workflows/digest-mail.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, start } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
const eur = { currency: 'eur' } as const

/** What the daily mail would name: whom, how much, and how many days old. */
async function named(lab: Laboratory) {
  const { oldMoney } = await readDigest(lab.work(), null)
  const now = lab.clock.now().getTime()
  return oldMoney.map(({ about, amount, at }) => [
    about,
    amount,
    Math.round((now - (at?.getTime() ?? 0)) / day),
  ])
}

test('money that waits for eighty days is named, first come first gone', async () => {
  const { lab, shop } = await openShop(database, { startDate: start })
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const account = await lab.accountOf(shop)
  await lab.clock.advance(79 * day)
  await lab.run('read-books')
  expect(await named(lab)).toEqual([])
  await lab.clock.advance(2 * day)
  await sellOne(lab, shop, 'P-2')
  await lab.run('split-payments')
  await lab.run('read-books')
  // The seller's 90.00 of the first order, and the commission on it that stayed here.
  const since = 81
  expect(await named(lab)).toEqual([
    [account, 9_000n, since],
    ['', 1_000n, 80],
  ])
  const mail = digestMail(lab.environment.settings, await readDigest(lab.work(), null))
  expect(mail.text).toContain('10.00 EUR  the platform’s own balance')
  await lab.sdk.payouts.create({ ...eur, amount: 5_000 }, { stripeAccount: account })
  await lab.sdk.payouts.create({ ...eur, amount: 400 })
  await lab.receive()
  await lab.run('read-books')
  expect(await named(lab)).toEqual([
    [account, 4_000n, since],
    ['', 600n, 80],
  ])
})

test('a balance that was acknowledged is not named again, until other money is old', async () => {
  const { lab, shop } = await openShop(database, { startDate: start })
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const account = await lab.accountOf(shop)
  await lab.clock.advance(5 * day)
  await sellOne(lab, shop, 'P-2')
  await lab.run('split-payments')
  await lab.clock.advance(76 * day)
  await lab.run('read-books')
  expect(await named(lab)).toHaveLength(2)
  for (const id of [`${account}:EUR`, 'platform:EUR']) {
    expect(await acknowledge(lab.work(), id)).toMatchObject({ ok: true })
  }
  await lab.clock.advance(5 * day)
  expect(await named(lab)).toEqual([])
  // The oldest goes; what came after it is old by now too.
  await lab.sdk.payouts.create({ ...eur, amount: 9_000 }, { stripeAccount: account })
  await lab.receive()
  expect(await named(lab)).toEqual([[account, 9_000n, 81]])
})

test('a payout that comes back never went', async () => {
  const { lab, shop } = await openShop(database)
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const account = await lab.accountOf(shop)
  await lab.clock.advance(3 * day)
  const stripeAccount = account
  const payout = await lab.sdk.payouts.create({ ...eur, amount: 9_000 }, { stripeAccount })
  await lab.clock.advance(79 * day)
  await lab.receive()
  expect(await named(lab)).toEqual([])
  lab.stripe.bouncePayout(payout.id)
  await lab.receive()
  expect(await named(lab)).toEqual([[account, 9_000n, 82]])
})

test('another country has another limit', async () => {
  const { lab, shop } = await openShop(database)
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const live = (country: string) =>
    database.queries
      .updateTable('accounts')
      .set({ country })
      .where('environment_id', '=', lab.environment.id)
      .execute()
  await lab.clock.advance(100 * day)
  await live('US')
  expect(await named(lab)).toEqual([])
  await live('TH')
  expect(await named(lab)).toMatchObject([[await lab.accountOf(shop), 9_000n, 100]])
})

test.each([
  ['en', '1 balance has money that must be paid out soon, 90.00 EUR'],
  ['fr', '1 solde contient de l’argent à verser bientôt, 90,00 EUR'],
  ['de', '1 Guthaben muss bald ausgezahlt werden, 90,00 EUR'],
] as const)('the mail says it in %s, with seller and age', async (language, title) => {
  const { lab, shop } = await openShop(database, { settings: { language } })
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  await lab.clock.advance(81 * day)
  const mail = digestMail(lab.environment.settings, await readDigest(lab.work(), null))
  expect(mail.text).toContain(title)
  expect(mail.text).toContain(await lab.accountOf(shop))
  expect(mail.text).toMatch(/2026/)
})
