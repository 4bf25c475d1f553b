import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** What an operator types to know whether everything matches. */

let market: CliMarketplace
beforeAll(async () => {
  market = await openMarketplace()
  market.mirakl.addShop({ name: 'Atelier Nord' })
  await market.tributary(['run', 'onboard-sellers'])
  const accounts = await market.stripe.accounts.list()
  market.stripeSandbox.completeOnboarding(accounts.data[0]?.id ?? '')
  await market.tributary(['run', 'onboard-sellers'])
})
afterAll(() => market.close())

/** Money of the operator's own, a part of which somebody gives to the seller in the dashboard. */
async function moveByHand(): Promise<void> {
  await market.stripe.paymentIntents.create({
    amount: 5_000,
    currency: 'eur',
    payment_method: 'pm_card_bypassPending',
    confirm: true,
  })
  const destination = (await market.stripe.accounts.list()).data[0]?.id ?? ''
  await market.stripe.transfers.create({ amount: 700, currency: 'eur', destination })
}

it('says that everything matches, and before the first comparison that nobody knows', async () => {
  const before = await market.tributary(['reconcile', '--stored'])
  expect(before).toMatchObject({ code: 1 })
  expect(before.stdout).toMatch(/^Nothing was compared yet/)
  const after = await market.tributary(['reconcile'])
  expect(after).toMatchObject({ code: 0 })
  expect(after.stdout).toContain('Everything matches.')
})

it('ends with 1 as long as a difference waits, and names the command that mends it', async () => {
  await moveByHand()
  const found = await market.tributary(['reconcile', '--since', '2020-01-01', '--json'])
  expect(found.code).toBe(1)
  const report = JSON.parse(found.stdout) as { differences: { id: string }[] }
  expect(report).toMatchObject({
    waiting: 1,
    differences: [{ cause: 'moved_by_hand', there: '700', currency: 'EUR' }],
  })
  const id = report.differences[0]?.id ?? ''
  const shown = await market.tributary(['reconcile', '--stored'])
  expect(shown.stdout).toContain(`tributary reconcile accept ${id} --note`)
  const csv = await market.tributary(['reconcile', '--stored', '--csv'])
  expect(csv).toMatchObject({ code: 1 })
  expect(csv.stdout.split('\r\n')).toHaveLength(3)
  expect((await market.tributary(['reconcile', 'accept', id])).code).toBe(2)
  const accepted = await market.tributary(['reconcile', 'accept', id, '--note', 'goodwill'])
  expect(accepted).toMatchObject({ code: 0 })
  const again = await market.tributary(['reconcile'])
  expect(again).toMatchObject({ code: 0 })
  expect(again.stdout).toContain('1 accepted.')
  expect((await market.tributary(['reconcile', 'accept', 'df_none', '--note', 'x'])).code).toBe(1)
})
