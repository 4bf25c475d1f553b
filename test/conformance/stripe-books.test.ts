import { describe, expect, test } from 'vitest'
import type { BookLine, BookPage, BookQuery } from '../../src/workflows/ports.ts'
import {
  chargeOf,
  openSeller,
  openStripe,
  pay,
  start,
  type StripeLaboratory,
} from './stripe-laboratory.ts'

const day = 86_400_000
const eur = { currency: 'eur' } as const

/** Every line of some books so far, the oldest first. */
async function linesOf(lab: StripeLaboratory, account: string | null = null): Promise<BookLine[]> {
  const until = new Date(lab.clock.now().getTime() + 1000)
  const lines: BookLine[] = []
  let after: string | null = null
  do {
    const query: BookQuery = { account, from: start, until, after }
    const page: BookPage | undefined = await lab.provider.bookLines?.(query)
    if (page === undefined) throw new Error('The provider has no books.')
    lines.push(...page.lines)
    after = page.next
  } while (after !== null)
  return lines.toReversed()
}

/** Kind, net, id of the source, and what the line tells of it. */
function shown(lines: readonly BookLine[]) {
  return lines.map(({ entry, subject }) => [
    entry.kind,
    entry.net,
    entry.sourceId,
    subject?.about === 'movement' ? `${subject.object} ${subject.outcome.result}` : subject?.about,
  ])
}

describe("the provider's own books", () => {
  test('each kind of line, with the object behind it as it is now', async () => {
    const lab = openStripe()
    const { stripe, sandbox, clock } = lab
    const seller = await openSeller(lab)
    const charge = chargeOf(await pay(lab, 10_000))
    const transfer = await stripe.transfers.create({ ...eur, amount: 6_000, destination: seller })
    const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 500 })
    const refund = await stripe.refunds.create({ charge, amount: 400 })
    const asSeller = { stripeAccount: seller }
    const collection = await stripe.transfers.create(
      { ...eur, amount: 200, destination: sandbox.platformAccountId },
      asSeller,
    )
    const topup = await stripe.topups.create({ ...eur, amount: 700 })
    sandbox.takeFee({ ...eur, amount: 80, description: 'Connect' })
    await clock.advance(2 * day)
    const payout = await stripe.payouts.create({ ...eur, amount: 100 })
    const theirs = await stripe.payouts.create({ ...eur, amount: 1_000 }, asSeller)
    sandbox.bouncePayout(payout.id)
    sandbox.failRefund(refund.id)
    sandbox.bounceTopup(topup.id)
    const dispute = sandbox.dispute(charge, { amount: 3_000 })
    expect(shown(await linesOf(lab))).toEqual([
      ['charge', 9_835n, charge, 'payment'],
      ['transfer', -6_000n, transfer.id, 'transfer succeeded'],
      ['reversal', 500n, reversal.id, 'reversal succeeded'],
      ['refund', -400n, refund.id, 'refund rejected'],
      ['collection', 200n, collection.id, 'other'],
      ['provider_fee', -80n, null, 'other'],
      ['top_up', 700n, topup.id, 'top_up rejected'],
      ['payout', -100n, payout.id, 'payout rejected'],
      ['payout_return', 100n, payout.id, 'payout rejected'],
      ['refund_return', 400n, refund.id, 'refund rejected'],
      ['top_up_return', -700n, topup.id, 'top_up rejected'],
      ['dispute', -4_500n, dispute, 'dispute'],
    ])
    expect(shown(await linesOf(lab, seller))).toEqual([
      ['transfer', 6_000n, transfer.id, 'other'],
      ['reversal', -500n, reversal.id, 'other'],
      ['collection', -200n, collection.id, 'transfer succeeded'],
      ['payout', -1_000n, theirs.id, 'payout accepted'],
    ])
  })

  test('a line has its fee, its times and whom a reversal by hand took from', async () => {
    const lab = openStripe()
    const seller = await openSeller(lab)
    const intent = await pay(lab, 10_000, { payment_method: 'pm_card_visa' })
    const transfer = await lab.stripe.transfers.create({
      ...eur,
      amount: 6_000,
      destination: seller,
      source_transaction: chargeOf(intent),
    })
    await lab.stripe.transfers.createReversal(transfer.id)
    const [charge, , reversal] = await linesOf(lab)
    expect(charge?.entry).toMatchObject({
      account: null,
      amount: 10_000n,
      fee: 165n,
      net: 9_835n,
      currency: 'EUR',
      exchangeRate: null,
      at: start,
      availableAt: new Date(start.getTime() + 2 * day),
    })
    expect(reversal?.subject).toMatchObject({ account: seller, transferId: transfer.id })
  })

  test('pages of a hundred, bounded by time, with the clock of the provider', async () => {
    const lab = openStripe()
    for (let count = 0; count < 130; count += 1) await pay(lab, 1_000)
    const after = null
    const until = new Date(start.getTime() + 1000)
    const all = { account: null, from: start, until, after }
    const first = await lab.provider.bookLines?.(all)
    expect([first?.at, first?.lines.length]).toEqual([start, 100])
    const second = await lab.provider.bookLines?.({ ...all, after: first?.next ?? '' })
    expect([second?.next, second?.lines.length]).toEqual([null, 30])
    const later = { ...all, from: until, until: new Date(start.getTime() + day) }
    expect((await lab.provider.bookLines?.(later))?.lines).toEqual([])
    const sourceId = first?.lines[7]?.entry.sourceId ?? ''
    const one = await lab.provider.bookLines?.({ account: null, sourceId, after })
    expect(one?.lines.map(line => line.entry.id)).toEqual([first?.lines[7]?.entry.id])
  })

  test('what cannot be asked says so', async () => {
    const { provider } = openStripe()
    const asked = provider.bookLines?.({ account: 'acct_nobody', sourceId: 'tr_1', after: null })
    await expect(asked).rejects.toMatchObject({ name: 'ProviderError' })
  })
})
