import { expect, test } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { debtPosting } from './ledger-debts.ts'
import { disputePosting } from './ledger-disputes.ts'
import type { Posting } from './ledger.ts'
import { type BookedMovement, postingsOf } from './ledger-movements.ts'
import { capturedPosting } from './ledger-payments.ts'
import type { MovementKind } from './movement.ts'

/** Worked examples of docs/ledger.md that no marketplace plays: closing balances, and every key once. */

const parties = {
  sellerId: '2001',
  orderId: 'C1-A',
  purchaseId: 'C1',
  cycleId: null,
  paymentId: 'pi_1',
}
let movements = 0

/** A movement that succeeded at once. Amounts in cents. */
function made(kind: MovementKind, amount: bigint, change: Partial<BookedMovement> = {}): Posting[] {
  movements += 1
  const id = `mv_${movements}`
  const source = { type: 'provider' as const, id, part: '', sequence: 1 }
  const basis = { id, kind, source, parties, currency: 'EUR', account: null, attempt: 1, facts: {} }
  const movement = { ...basis, amount, sentAmount: amount, ...change }
  return postingsOf(movement, null, 'succeeded')
}

function closing(postings: readonly (Posting | null)[]): Record<string, bigint> {
  const known = postings.flatMap(each => (each === null ? [] : [each]))
  expect(new Set(known.map(each => each.key)).size, 'every key once').toBe(known.length)
  const sums: Record<string, bigint> = {}
  for (const { account, amount } of known.flatMap(each => each.entries)) {
    sums[account] = (sums[account] ?? 0n) + amount
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n))
}

/** 100 with a commission of 10, paid out. */
const paidOut = () => [
  capturedPosting({ id: 'pi_1', purchaseId: 'C1', currency: 'EUR' }, 10_000n, 10_000n),
  ...made('transfer', 10_000n, { sentAmount: 9_000n, account: 'acct_1' }),
  ...made('payout', 9_000n, { account: 'acct_1' }),
]
const debt = {
  id: 'debt_1',
  sellerId: '2001',
  currency: 'EUR',
  source: { type: 'dispute', id: 'dp_1', part: '' },
  purchaseId: 'C1',
  collectable: 9_000n,
} as const
const disputed = (lost: bigint, owed: bigint) =>
  disputePosting({
    dispute: {
      id: 'dp_1',
      currency: 'EUR',
      paymentId: 'pi_1',
      postings: [{ id: 'txn_1', amount: -lost, fee: 1_500n, currency: 'EUR', at: at('09:00') }],
    },
    purchaseId: 'C1',
    movements: [],
    owed,
    booked: 0n,
    postings: 0,
  })
const written = debtPosting(debt, { number: 1n, kind: 'written', amount: 9_000n })

test('a dispute of 100 lost after the payout: the seller owes his share, the operator bears the rest', () => {
  const lost = [
    ...paidOut(),
    ...made('dispute_loss', 10_000n),
    ...made('provider_fee', 1_500n),
    written,
    disputed(10_000n, 9_000n),
  ]
  expect(closing(lost)).toEqual({
    commission: -1_500n,
    provider_fees: 1_500n,
    'bank:2001': 9_000n,
    'debt:debt_1': -9_000n,
  })
  const source = { type: 'debt', id: 'debt_1', part: '7001', sequence: 1 } as const
  const setOff = [...lost, ...made('collection', 9_000n, { source, account: 'acct_1' })]
  expect(closing(setOff)).toMatchObject({ 'seller:2001': -9_000n, commission: -1_500n })
  expect(closing(setOff)).not.toHaveProperty('debt:debt_1')
})

test('a dispute of 100 won after the payout, its debt given up: it costs the fee', () => {
  const won = [
    ...paidOut(),
    ...made('dispute_loss', 10_000n),
    ...made('provider_fee', 1_500n),
    written,
    ...made('dispute_win', 10_000n),
    debtPosting(debt, { number: 2n, kind: 'given_up', amount: 9_000n }),
    disputed(0n, 0n),
  ]
  expect(closing(won)).toEqual({
    customer: -10_000n,
    commission: 1_000n - 1_500n,
    provider_fees: 1_500n,
    'bank:2001': 9_000n,
  })
})

test('a direct charge of 100 with a fee of 10, refunded: the seller has paid the provider', () => {
  const direct = { account: 'acct_1', parties: { ...parties, purchaseId: null, orderId: null } }
  const sold = [
    ...made('sale', 10_000n, direct),
    ...made('application_fee', 1_000n, direct),
    ...made('provider_fee', 165n, direct),
  ]
  expect(closing(sold)).toEqual({
    customer: -10_000n,
    commission: 1_000n,
    provider_fees: 165n,
    'seller:2001': 8_835n,
  })
  const facts = { kind: 'application_fee' }
  const refunded = [
    ...sold,
    ...made('refund', 10_000n, direct),
    ...made('return', 1_000n, { ...direct, facts }),
  ]
  expect(closing(refunded)).toEqual({ provider_fees: 165n, 'seller:2001': -165n })
})

test('a direct charge that is disputed takes from the seller', () => {
  const direct = { account: 'acct_1', parties: { ...parties, purchaseId: null, orderId: null } }
  const lost = [...made('sale', 10_000n, direct), ...made('dispute_loss', 10_000n, direct)]
  expect(closing(lost)).toEqual({})
})
