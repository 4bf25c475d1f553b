import { expect, test } from 'vitest'
import { fetchOf } from '../http.ts'
import { openLaboratory, openSeller, pay } from './laboratory.ts'
import type { Laboratory } from './laboratory.ts'

async function post({ sandbox }: Laboratory, verb: string, body: object = {}) {
  const response = await fetchOf(sandbox.handler)(`http://s.test/_sandbox/stripe/${verb}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

test('the world is moved over HTTP', async () => {
  const lab = openLaboratory()
  const { stripe } = lab
  const account = await stripe.accounts.create({ type: 'express' })
  await post(lab, 'complete-onboarding', { account: account.id })
  expect((await stripe.accounts.retrieve(account.id)).payouts_enabled).toBe(true)
  await pay(lab, 1000)
  const moved = await post(lab, 'clock', { advanceSeconds: 2 * 86_400 })
  expect(moved.body).toEqual({ now: '2026-11-04T08:00:00.000Z' })
  const payout = await stripe.payouts.create({ amount: 500, currency: 'eur' })
  await post(lab, 'bounce-payout', { payout: payout.id, code: 'no_account' })
  expect((await stripe.payouts.retrieve(payout.id)).failure_code).toBe('no_account')
  await post(lab, 'configure', { accountsV1Refused: true })
  await expect(stripe.accounts.create({ type: 'express' })).rejects.toThrow('Accounts v1')
})

test('the books are read over HTTP', async () => {
  const lab = openLaboratory()
  await openSeller(lab)
  await pay(lab, 1000)
  const response = await fetchOf(lab.sandbox.handler)('http://s.test/_sandbox/stripe/books')
  expect(await response.json()).toEqual(lab.sandbox.books())
  expect(response.headers.get('date')).toBe(lab.clock.now().toUTCString())
})

test('what cannot be done says why', async () => {
  const lab = openLaboratory()
  const unknown = await post(lab, 'bounce-payout', { payout: 'po_none' })
  expect(unknown).toEqual({ status: 400, body: { error: 'No such payout: po_none' } })
  expect((await post(lab, 'bounce-payout', { payuot: 'po_none' })).status).toBe(400)
  expect((await post(lab, 'nothing')).status).toBe(404)
})
