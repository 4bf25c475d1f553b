import { describe, expect, test } from 'vitest'
import type { Instruction, Movement } from '../../src/domain/movement.ts'
import {
  chargeOf,
  movementOf,
  openSeller,
  openStripe,
  pay,
  type StripeLaboratory,
} from './stripe-laboratory.ts'

const eur = { currency: 'EUR' } as const

function transferTo(destination: string, more: Partial<Instruction> = {}): Instruction {
  const instruction = {
    ...eur,
    amount: 6300n,
    do: 'transfer' as const,
    destination,
    sourceCharge: null,
    group: 'purchase-1',
  }
  return { ...instruction, ...more } as Instruction
}

const keyOf = (movement: Movement): string => `${movement.id}:1`

/** A laboratory with money on the platform and one seller. */
async function funded(): Promise<StripeLaboratory & { seller: string; charge: string }> {
  const laboratory = openStripe()
  const charge = chargeOf(await pay(laboratory, 20_000))
  return { ...laboratory, charge, seller: await openSeller(laboratory) }
}

describe('captures and voids', () => {
  test('a part is captured, and the payment shows it without the released rest', async () => {
    const laboratory = openStripe()
    const intent = await pay(laboratory, 10_000, { capture_method: 'manual' })
    const before = await laboratory.provider.payment(intent.id)
    expect(before).toMatchObject({
      id: intent.id,
      chargeId: chargeOf(intent),
      purchaseId: 'purchase-1',
      status: 'authorized',
      authorized: 10_000n,
      captured: 0n,
      currency: 'EUR',
    })
    expect(before?.captureBefore).toBeInstanceOf(Date)
    const movement = movementOf({
      ...eur,
      do: 'capture',
      amount: 7000n,
      intentId: intent.id,
      chargeId: null,
    })
    expect(await laboratory.provider.find(movement)).toEqual({ result: 'absent' })
    const outcome = await laboratory.provider.send(movement, keyOf(movement))
    expect(outcome).toMatchObject({ result: 'succeeded', providerId: intent.id })
    const after = await laboratory.provider.payment(chargeOf(intent))
    expect(after).toMatchObject({ status: 'captured', captured: 7000n, refunded: 0n })
    expect(await laboratory.provider.find(movement)).toMatchObject({ result: 'succeeded' })
    const other = movementOf({
      ...eur,
      do: 'capture',
      amount: 6000n,
      intentId: intent.id,
      chargeId: null,
    })
    expect(await laboratory.provider.send(other, keyOf(other))).toMatchObject({
      result: 'rejected',
      reason: 'already_captured',
    })
  })

  test('an intent is released once, and releasing it again is done already', async () => {
    const laboratory = openStripe()
    const intent = await pay(laboratory, 10_000, { capture_method: 'manual' })
    const instruction = {
      ...eur,
      do: 'void' as const,
      amount: 10_000n,
      intentId: intent.id,
      chargeId: null,
    }
    const first = movementOf(instruction)
    expect(await laboratory.provider.send(first, keyOf(first))).toMatchObject({
      result: 'succeeded',
    })
    const second = movementOf(instruction)
    expect(await laboratory.provider.send(second, keyOf(second))).toMatchObject({
      result: 'succeeded',
    })
    expect(await laboratory.provider.payment(intent.id)).toMatchObject({ status: 'canceled' })
    const capture = movementOf({ ...instruction, do: 'capture' })
    expect(await laboratory.provider.send(capture, keyOf(capture))).toMatchObject({
      result: 'rejected',
      reason: 'canceled_at_provider',
    })
  })

  test('a captured intent is not released', async () => {
    const laboratory = openStripe()
    const intent = await pay(laboratory, 10_000)
    const movement = movementOf({
      ...eur,
      do: 'void',
      amount: 10_000n,
      intentId: intent.id,
      chargeId: null,
    })
    expect(await laboratory.provider.send(movement, keyOf(movement))).toMatchObject({
      result: 'rejected',
      reason: 'already_captured',
    })
  })

  test('a plain charge is captured, or released by a refund', async () => {
    const laboratory = openStripe()
    const plain = () =>
      laboratory.stripe.charges.create({
        amount: 5000,
        currency: 'eur',
        source: 'tok_visa',
        capture: false,
      })
    const kept = await plain()
    const capture = movementOf({
      ...eur,
      do: 'capture',
      amount: 5000n,
      intentId: null,
      chargeId: kept.id,
    })
    expect(await laboratory.provider.send(capture, keyOf(capture))).toMatchObject({
      result: 'succeeded',
      providerId: kept.id,
    })
    const dropped = await plain()
    const release = movementOf({
      ...eur,
      do: 'void',
      amount: 5000n,
      intentId: null,
      chargeId: dropped.id,
    })
    const outcome = await laboratory.provider.send(release, keyOf(release))
    expect(outcome).toMatchObject({ result: 'succeeded' })
    expect(await laboratory.provider.find(release)).toMatchObject({ result: 'succeeded' })
    expect(await laboratory.provider.payment(dropped.id)).toMatchObject({ status: 'canceled' })
  })
})

describe('transfers, reversals and collections', () => {
  test('a transfer carries its charge, its group and our names, and is found and looked at', async () => {
    const { provider, stripe, seller, charge } = await funded()
    const movement = movementOf(transferTo(seller, { sourceCharge: charge }))
    const outcome = await provider.send(movement, keyOf(movement))
    if (outcome.result !== 'succeeded') throw new Error(outcome.result)
    const transfer = await stripe.transfers.retrieve(outcome.providerId)
    expect(transfer).toMatchObject({
      amount: 6300,
      currency: 'eur',
      destination: seller,
      source_transaction: charge,
      transfer_group: 'purchase-1',
      metadata: {
        tributary_movement: movement.id,
        miraklId: 'order-1',
        miraklShopId: '2001',
        pluginName: 'tributary',
        pluginVersion: '0.1.0',
      },
    })
    expect(await provider.find(movement)).toEqual(outcome)
    expect(await provider.look({ ...movement, providerId: outcome.providerId })).toEqual(outcome)
    expect(await provider.find(movementOf(transferTo(seller)))).toEqual({ result: 'absent' })
  })

  test('a transfer without a group is found by its destination and its time', async () => {
    const { provider, seller } = await funded()
    const movement = movementOf(transferTo(seller, { group: null }))
    const outcome = await provider.send(movement, keyOf(movement))
    expect(await provider.find(movement)).toEqual(outcome)
  })

  test('a reversal takes back, a collection comes in as the account', async () => {
    const { provider, seller, stripe, sandbox } = await funded()
    const transfer = movementOf(transferTo(seller))
    const sent = await provider.send(transfer, keyOf(transfer))
    if (sent.result !== 'succeeded') throw new Error(sent.result)
    const reversal = movementOf({
      ...eur,
      do: 'reversal',
      amount: 2700n,
      transferId: sent.providerId,
    })
    const reversed = await provider.send(reversal, keyOf(reversal))
    expect(reversed).toMatchObject({ result: 'succeeded', detail: { amount: 2700n } })
    expect(await provider.find(reversal)).toEqual(reversed)
    const collection = movementOf({
      ...eur,
      do: 'collection',
      amount: 1000n,
      account: seller,
      group: null,
    })
    const collected = await provider.send(collection, keyOf(collection))
    if (collected.result !== 'succeeded') throw new Error(JSON.stringify(collected))
    expect(await provider.find(collection)).toEqual(collected)
    const made = await stripe.transfers.retrieve(
      collected.providerId,
      {},
      { stripeAccount: seller },
    )
    expect(made.destination).toBe(sandbox.platformAccountId)
    expect((await provider.balance(seller)).available).toEqual({ EUR: 2600n })
    const listed = await provider.payments({ createdSince: null, after: null })
    expect(listed.payments).toHaveLength(1)
  })

  test('what the platform or the seller cannot bear is refused with its reason', async () => {
    const { provider, seller, sandbox } = await funded()
    const tooMuch = movementOf(transferTo(seller, { amount: 9_000_000n }))
    expect(await provider.send(tooMuch, keyOf(tooMuch))).toMatchObject({
      result: 'rejected',
      reason: 'insufficient_funds',
    })
    sandbox.rejectAccount(seller)
    const rejectedSeller = movementOf(transferTo(seller))
    expect(await provider.send(rejectedSeller, keyOf(rejectedSeller))).toMatchObject({
      result: 'rejected',
      reason: 'account_refused',
    })
    const nobody = movementOf(transferTo('acct_nobody'))
    expect(await provider.send(nobody, keyOf(nobody))).toMatchObject({
      result: 'rejected',
      reason: 'account_refused',
    })
  })
})

describe('payouts and refunds', () => {
  test('a payout is accepted, then paid, then taken back', async () => {
    const { provider, seller, clock, sandbox, stripe } = await funded()
    const transfer = movementOf(transferTo(seller))
    await provider.send(transfer, keyOf(transfer))
    const instruction = {
      ...eur,
      do: 'payout' as const,
      amount: 5000n,
      account: seller,
      statement: 'A marketplace, SHOP 2001',
    }
    const movement = movementOf(instruction)
    const sent = await provider.send(movement, keyOf(movement))
    if (sent.result !== 'accepted') throw new Error(JSON.stringify(sent))
    expect(sent.detail?.arrivesAt).toBeGreaterThan(0)
    expect(await provider.find(movement)).toMatchObject({ providerId: sent.providerId })
    const payout = await stripe.payouts.retrieve(sent.providerId, {}, { stripeAccount: seller })
    expect(payout.statement_descriptor).toBe('A marketplace, SHOP 20')
    const known = { ...movement, providerId: sent.providerId }
    await clock.advance(10 * 86_400_000)
    expect(await provider.look(known)).toMatchObject({ result: 'succeeded' })
    sandbox.bouncePayout(sent.providerId)
    expect(await provider.look(known)).toMatchObject({
      result: 'rejected',
      reason: 'bank_refused',
      code: 'account_closed',
    })
  })

  test('a refund goes back to the customer; a second of the same is refused', async () => {
    const { provider, charge } = await funded()
    const movement = movementOf({ ...eur, do: 'refund', amount: 20_000n, chargeId: charge })
    const sent = await provider.send(movement, keyOf(movement))
    expect(['accepted', 'succeeded']).toContain(sent.result)
    expect(await provider.find(movement)).toEqual(sent)
    const again = movementOf({ ...eur, do: 'refund', amount: 1n, chargeId: charge })
    expect(await provider.send(again, keyOf(again))).toMatchObject({
      result: 'rejected',
      reason: 'provider_refused',
    })
    expect(await provider.payment(charge)).toMatchObject({ status: 'refunded' })
  })
})

describe('when the network or Stripe fails', () => {
  test('a lost answer is unknown; the same key brings it, and so does a look-up', async () => {
    const { provider, seller, faults, stripe } = await funded()
    faults.add({ side: 'stripe', kind: 'cut_after', method: 'POST', path: '/transfers', times: 3 })
    const movement = movementOf(transferTo(seller))
    expect(await provider.send(movement, keyOf(movement))).toMatchObject({
      result: 'unknown',
      lookUp: false,
    })
    const found = await provider.find(movement)
    expect(found).toMatchObject({ result: 'succeeded' })
    expect(await provider.send(movement, keyOf(movement))).toEqual(found)
    expect((await stripe.transfers.list({ destination: seller })).data).toHaveLength(1)
  })

  test('a key whose first request is still under way is unknown, and asked again', async () => {
    const { provider, seller, sandbox, stripe } = await funded()
    sandbox.holdNext({ method: 'POST', path: '/transfers' })
    const movement = movementOf(transferTo(seller))
    const first = provider.send(movement, keyOf(movement))
    expect(await provider.send(movement, keyOf(movement))).toMatchObject({
      result: 'unknown',
      lookUp: false,
    })
    sandbox.release()
    expect(await first).toMatchObject({ result: 'succeeded' })
    expect(await provider.send(movement, keyOf(movement))).toEqual(await first)
    expect((await stripe.transfers.list({ destination: seller })).data).toHaveLength(1)
  })

  test('a page of a gateway is unknown', async () => {
    const { provider, seller, faults } = await funded()
    faults.add({ side: 'stripe', kind: 'error_html', path: '/transfers', times: 3 })
    const movement = movementOf(transferTo(seller))
    expect(await provider.send(movement, keyOf(movement))).toMatchObject({ result: 'unknown' })
    expect(await provider.find(movement)).toEqual({ result: 'absent' })
  })

  test('a 500 that Stripe kept for the key must be looked up', async () => {
    const { provider, seller, sandbox } = await funded()
    sandbox.breakNext({ method: 'POST', path: '/transfers', moved: true })
    const movement = movementOf(transferTo(seller))
    expect(await provider.send(movement, keyOf(movement))).toMatchObject({
      result: 'unknown',
      lookUp: true,
    })
    expect(await provider.find(movement)).toMatchObject({ result: 'succeeded' })
  })

  test('a rate limit moves nothing and says when to come back', async () => {
    const { provider, seller, faults } = await funded()
    faults.add({
      side: 'stripe',
      kind: 'rate_limited',
      path: '/transfers',
      times: 3,
      retryAfterSeconds: 7,
    })
    const movement = movementOf(transferTo(seller))
    expect(await provider.send(movement, keyOf(movement))).toMatchObject({
      result: 'unknown',
      lookUp: false,
      retryAfterSeconds: 7,
    })
  })

  test('a key that was used with other parameters must be looked up', async () => {
    const { provider, seller } = await funded()
    const movement = movementOf(transferTo(seller))
    await provider.send(movement, keyOf(movement))
    const changed = { ...movement, instruction: transferTo(seller, { amount: 1n }) }
    expect(await provider.send(changed, keyOf(movement))).toMatchObject({
      result: 'unknown',
      lookUp: true,
    })
  })

  test('a look-up that fails finds nothing and does not say absent', async () => {
    const { provider, seller, faults } = await funded()
    faults.add({ side: 'stripe', kind: 'error_json', method: 'GET', path: '/transfers' })
    expect(await provider.find(movementOf(transferTo(seller)))).toMatchObject({ result: 'unknown' })
  })

  test('a wrong key is refused credentials', async () => {
    const { provider } = openStripe({ secretKey: 'pk_wrong' })
    const movement = movementOf(transferTo('acct_1'))
    expect(await provider.send(movement, keyOf(movement))).toMatchObject({
      result: 'rejected',
      reason: 'credentials_refused',
    })
    await expect(provider.balance(null)).rejects.toMatchObject({ kind: 'unauthorized' })
    expect((await provider.probe()).problems).not.toHaveLength(0)
  })
})
