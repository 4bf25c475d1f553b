import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'

const eur = { currency: 'eur' } as const

test('a transfer from a charge becomes available with its source and moves the totals', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox, clock } = lab
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000, { transfer_group: 'purchase-1' })
  const transfer = await stripe.transfers.create({
    ...eur,
    amount: 9000,
    destination,
    source_transaction: charge.id,
    metadata: { movement: 'm1' },
    expand: ['destination_payment.balance_transaction'],
  })
  expect(transfer).toMatchObject({
    transfer_group: 'purchase-1',
    metadata: { movement: 'm1' },
    reversals: { object: 'list', data: [], has_more: false },
    destination_payment: { amount: 9000, balance_transaction: { status: 'pending' } },
  })
  expect(sandbox.books().accounts[destination]).toEqual({ eur: { available: 0, pending: 9000 } })
  await clock.advance(days(2))
  expect(sandbox.books()).toEqual({
    accounts: {
      [sandbox.platformAccountId]: { eur: { available: 10_000 - 165 - 9000, pending: 0 } },
      [destination]: { eur: { available: 9000, pending: 0 } },
    },
    promised: { [sandbox.platformAccountId]: { eur: 0 }, [destination]: { eur: 0 } },
    totals: {
      eur: {
        captured: 10_000,
        refunded: 0,
        fees: 165,
        transferred: 9000,
        reversed: 0,
        collected: 0,
        paidOut: 0,
        disputed: 0,
        toppedUp: 0,
      },
    },
  })
})

test('transfers never exceed what is left of their charge', async () => {
  const lab = openLaboratory()
  const { stripe } = lab
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000)
  const source = { ...eur, destination, source_transaction: charge.id }
  const first = await stripe.transfers.create({ ...source, amount: 6000 })
  expect((await refusal(stripe.transfers.create({ ...source, amount: 4001 }))).param).toBe('amount')
  await stripe.refunds.create({ charge: charge.id, amount: 3000 })
  await refusal(stripe.transfers.create({ ...source, amount: 1001 }))
  await stripe.transfers.create({ ...source, amount: 1000 })
  await stripe.transfers.createReversal(first.id, { amount: 500 })
  await stripe.transfers.create({ ...source, amount: 500 })
})

test('a charge without a group gets one from its first transfer', async () => {
  const lab = openLaboratory()
  const { stripe } = lab
  const destination = await openSeller(lab)
  const charge = await pay(lab, 1000)
  const transfer = await stripe.transfers.create({
    ...eur,
    amount: 500,
    destination,
    source_transaction: charge.id,
  })
  const group = `group_${charge.id}`
  expect(transfer.transfer_group).toBe(group)
  const charges = await stripe.charges.list({ transfer_group: group })
  expect(charges.data.map(({ id }) => id)).toEqual([charge.id])
  const transfers = await stripe.transfers.list({ transfer_group: group })
  expect(transfers.data.map(({ id }) => id)).toEqual([transfer.id])
})

test('what a transfer needs', async () => {
  const lab = openLaboratory()
  const { stripe, clock } = lab
  const destination = await openSeller(lab)
  const fresh = await stripe.accounts.create({ type: 'express' })
  const ask = (more: object) =>
    refusal(stripe.transfers.create({ ...eur, amount: 100, destination, ...more }))
  expect(await ask({})).toMatchObject({ statusCode: 400, code: 'balance_insufficient' })
  expect(await ask({ destination: fresh.id })).toMatchObject({
    code: 'insufficient_capabilities_for_transfer',
  })
  expect(await ask({ destination: 'acct_none' })).toMatchObject({
    statusCode: 400,
    code: 'resource_missing',
    param: 'destination',
  })
  expect(await ask({ currency: 'kwd', amount: 1234 })).toMatchObject({ param: 'amount' })
  const held = await stripe.charges.create({
    ...eur,
    amount: 1000,
    source: 'tok_visa',
    capture: false,
  })
  expect(await ask({ source_transaction: held.id })).toMatchObject({ param: 'source_transaction' })
  const charge = await pay(lab, 1000)
  expect(await ask({ source_transaction: charge.id, currency: 'gbp' })).toMatchObject({
    param: 'currency',
  })
  await clock.advance(days(2))
  await stripe.transfers.create({ ...eur, amount: 100, destination })
})

test('a reversal takes pending money from a pending transfer, later only what is available', async () => {
  const lab = openLaboratory()
  const { stripe, clock, sandbox } = lab
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000)
  const transfer = await stripe.transfers.create({
    ...eur,
    amount: 9000,
    destination,
    source_transaction: charge.id,
  })
  await stripe.transfers.createReversal(transfer.id, { amount: 1000, metadata: { refund: 'r1' } })
  expect(sandbox.books().accounts[destination]?.eur).toEqual({ available: 0, pending: 8000 })
  await clock.advance(days(2))
  await stripe.payouts.create({ ...eur, amount: 7500 }, { stripeAccount: destination })
  const short = await refusal(stripe.transfers.createReversal(transfer.id, { amount: 501 }))
  expect(short.code).toBe('balance_insufficient')
  const rest = await stripe.transfers.createReversal(transfer.id, { amount: 500 })
  await refusal(stripe.transfers.createReversal(transfer.id, { amount: 7501 }))
  const reversals = await stripe.transfers.listReversals(transfer.id, { limit: 1 })
  expect(reversals).toMatchObject({ data: [{ id: rest.id }], has_more: true })
  expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({
    amount_reversed: 1500,
    reversed: false,
    reversals: { data: [{ amount: 500 }, { amount: 1000 }] },
  })
})

test('a collection is a transfer made as the seller to the platform', async () => {
  const lab = openLaboratory()
  const { stripe, clock, sandbox } = lab
  const seller = await openSeller(lab)
  const asSeller = { stripeAccount: seller }
  const ask = { ...eur, amount: 300, destination: sandbox.platformAccountId }
  expect((await refusal(stripe.transfers.create(ask, asSeller))).code).toBe('balance_insufficient')
  const charge = await pay(lab, 10_000)
  await stripe.transfers.create({
    ...eur,
    amount: 1000,
    destination: seller,
    source_transaction: charge.id,
  })
  await clock.advance(days(2))
  const collection = await stripe.transfers.create(ask, asSeller)
  expect(collection.destination).toBe(sandbox.platformAccountId)
  expect(sandbox.books().accounts[seller]?.eur?.available).toBe(700)
  expect(sandbox.books().totals.eur?.collected).toBe(300)
  expect((await stripe.transfers.list({}, asSeller)).data).toHaveLength(1)
  expect((await stripe.transfers.list()).data).toHaveLength(1)
  expect((await refusal(stripe.transfers.retrieve(collection.id))).statusCode).toBe(404)
  const other = await openSeller(lab)
  const aside = await refusal(stripe.transfers.create({ ...ask, destination: other }, asSeller))
  expect(aside.param).toBe('destination')
})
