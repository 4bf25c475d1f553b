import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { causes, type CauseCode } from './reconcile-causes.ts'
import { judgeLine, type LooseLine } from './reconcile-line.ts'
import { judgePayment, type PaymentFacts } from './reconcile-payment.ts'

const line: LooseLine = {
  id: 'txn_1',
  account: null,
  kind: 'transfer',
  at: at('09:00'),
  amount: -9_000n,
  currency: 'EUR',
  sourceId: 'tr_1',
  lost: { movementId: null, paymentId: null },
  remark: null,
}
const old = { remark: 'made by the old connector, whose import books it' }
const outside = { kind: 'charge', remark: 'the payment names no purchase' } as const

test.each<[string, Partial<LooseLine>, CauseCode | null]>([
  ['a transfer', {}, 'movement_unknown'],
  ['where it arrived', { account: 'acct_1', amount: 9_000n }, null],
  ["a seller's payout", { account: 'acct_1', kind: 'payout' }, 'movement_unknown'],
  ['a payout that came back', { account: 'acct_1', kind: 'payout_return' }, 'return_unknown'],
  ['a collection where it arrived', { kind: 'collection' }, null],
  ['of the old connector', old, 'not_imported'],
  ['a payment', { kind: 'charge' }, 'payment_unknown'],
  ['a payment for no purchase', outside, null],
  [
    'a payment for no purchase that had one here',
    { ...outside, lost: { movementId: null, paymentId: 'pi_1' } },
    'payment_unknown',
  ],
  ["a seller's own customer", { account: 'acct_1', kind: 'charge' }, null],
  ['a dispute', { kind: 'dispute' }, 'dispute_unknown'],
  ['a reserve', { kind: 'other' }, null],
])('a loose line: %s', (_, change, cause) => {
  expect(judgeLine({ ...line, ...change })?.cause ?? null).toBe(cause)
})

const captured: PaymentFacts = {
  payment: {
    id: 'pi_1',
    chargeId: 'ch_1',
    status: 'captured',
    currency: 'EUR',
    captured: 10_000n,
    createdAt: at('08:00'),
  },
  booked: 10_000n,
  inBooks: { amount: 10_000n, currency: 'EUR' },
  covered: true,
  toldAt: at('09:00'),
}
const nothing = { ...captured.payment, captured: 0n, status: 'authorized' } as const

test.each<[string, Partial<PaymentFacts>, CauseCode | null]>([
  ['the same everywhere', {}, null],
  ['not in the books', { inBooks: null }, 'capture_missing'],
  ['not in books that were not read', { inBooks: null, covered: false }, null],
  ['authorised only', { payment: nothing, booked: 0n, inBooks: null }, null],
  ['captured there alone', { payment: nothing, booked: 0n }, 'captured_there_only'],
  ['less there', { inBooks: { amount: 9_999n, currency: 'EUR' } }, 'captured_amount_differs'],
  ['settled in another currency', { inBooks: { amount: 8_700n, currency: 'GBP' } }, null],
  ['not in the ledger', { booked: 0n }, 'ledger_differs'],
])('a payment: %s', (_, change, cause) => {
  expect(judgePayment({ ...captured, ...change })?.cause ?? null).toBe(cause)
})

test('every cause says in three languages what it is, and what to do', () => {
  for (const { text, mend, command } of Object.values(causes)) {
    expect(new Set([text.en, text.fr, text.de]).size).toBe(3)
    for (const said of [...Object.values(text), mend]) expect(said).toMatch(/\.$/)
    expect(command).toMatch(/^tributary /)
  }
})

test('the page about the reconciliation lists every cause, with the side that it is about', () => {
  const page = readFileSync(new URL('../../docs/reconciliation.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(\w+)` +\| (\w+) /gm)].map(row => [row[1], row[2]])
  expect(rows).toEqual(Object.entries(causes).map(([code, { side }]) => [code, side]))
})
