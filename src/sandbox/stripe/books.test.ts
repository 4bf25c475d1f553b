import fc from 'fast-check'
import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller } from './laboratory.ts'
import type { Laboratory } from './laboratory.ts'

const eur = { currency: 'eur' } as const

/** One thing that somebody tries; `pick` chooses among the objects that exist. */
interface Attempt {
  what:
    | 'pay'
    | 'transfer'
    | 'reverse'
    | 'refund'
    | 'payout'
    | 'bounce'
    | 'fail'
    | 'collect'
    | 'dispute'
    | 'win'
    | 'lose'
    | 'topUp'
    | 'loseTopUp'
    | 'wait'
  amount: number
  pick: number
}

const attempts: fc.Arbitrary<Attempt[]> = fc.array(
  fc.record({
    what: fc.constantFrom<Attempt['what'][]>(
      'pay',
      'transfer',
      'reverse',
      'refund',
      'payout',
      'bounce',
      'fail',
      'collect',
      'dispute',
      'win',
      'lose',
      'topUp',
      'loseTopUp',
      'wait',
    ),
    amount: fc.integer({ min: 50, max: 5000 }),
    pick: fc.nat(100),
  }),
  { maxLength: 30 },
)

/** So much on both sides that most attempts succeed. */
async function begin({ stripe, clock }: Laboratory, destination: string): Promise<void> {
  for (const amount of [9000, 20_000]) {
    const charge = await stripe.charges.create({ ...eur, amount, source: 'tok_visa' })
    const source_transaction = charge.id
    const transfer = { ...eur, amount: amount / 2, destination, source_transaction }
    await stripe.transfers.create(transfer)
  }
  await clock.advance(days(2))
}

/** Tries it; what Stripe or the control refuses changes nothing. */
async function carryOut(lab: Laboratory, seller: string, attempt: Attempt): Promise<void> {
  const { stripe, sandbox, clock } = lab
  const { amount } = attempt
  const asSeller = { stripeAccount: seller }
  const one = <T>(list: { data: T[] }): T | undefined => list.data[attempt.pick % list.data.length]
  const idOf = (list: { data: { id: string }[] }): string => one(list)?.id ?? 'none'
  switch (attempt.what) {
    case 'pay':
      await stripe.charges.create({ ...eur, amount, source: 'tok_visa' })
      break
    case 'transfer': {
      const source = idOf(await stripe.charges.list())
      await stripe.transfers.create({
        ...eur,
        amount,
        destination: seller,
        source_transaction: source,
      })
      break
    }
    case 'reverse':
      await stripe.transfers.createReversal(idOf(await stripe.transfers.list()), { amount })
      break
    case 'refund':
      await stripe.refunds.create({ charge: idOf(await stripe.charges.list()), amount })
      break
    case 'payout':
      await stripe.payouts.create({ ...eur, amount }, asSeller)
      break
    case 'bounce':
      sandbox.bouncePayout(idOf(await stripe.payouts.list({}, asSeller)))
      break
    case 'fail':
      sandbox.failRefund(idOf(await stripe.refunds.list()))
      break
    case 'collect': {
      const destination = sandbox.platformAccountId
      await stripe.transfers.create({ ...eur, amount, destination }, asSeller)
      break
    }
    case 'dispute':
      sandbox.dispute(idOf(await stripe.charges.list()), { amount })
      break
    case 'win':
      sandbox.disputeWon(idOf(await stripe.disputes.list()), Math.min(amount, 100))
      break
    case 'lose':
      sandbox.disputeLost(idOf(await stripe.disputes.list()))
      break
    case 'topUp':
      await stripe.topups.create({ ...eur, amount })
      break
    case 'loseTopUp':
      sandbox.bounceTopup(idOf(await stripe.topups.list()))
      break
    case 'wait':
      await clock.advance(days(1))
  }
}

test('whatever is tried, no money appears or disappears', async () => {
  await fc.assert(
    fc.asyncProperty(attempts, async list => {
      const lab = openLaboratory()
      const seller = await openSeller(lab)
      await begin(lab, seller)
      for (const attempt of list) {
        await carryOut(lab, seller, attempt).catch((error: unknown) => {
          const refused = error instanceof Stripe.errors.StripeError
          if (
            !refused &&
            !/^No such|is already|left to dispute/.test(String((error as Error).message))
          )
            throw error
        })
        const { accounts, totals } = lab.sandbox.books()
        const held = Object.values(accounts)
          .map(purses => purses.eur ?? { available: 0, pending: 0 })
          .reduce((sum, { available, pending }) => sum + available + pending, 0)
        const seen = totals.eur
        if (!seen) continue
        const gone = seen.refunded + seen.fees + seen.paidOut + seen.disputed
        expect(held).toBe(seen.captured + seen.toppedUp - gone)
        const own = accounts[seller]?.eur ?? { available: 0, pending: 0 }
        expect(own.available).toBeGreaterThanOrEqual(0)
        expect(own.available + own.pending).toBe(
          seen.transferred - seen.reversed - seen.collected - seen.paidOut,
        )
      }
    }),
    { numRuns: 60, seed: 7 },
  )
})
