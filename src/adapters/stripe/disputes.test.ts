import { expect, test } from 'vitest'
import { disputeOf, disputeShape } from './disputes.ts'
import { subjectOf } from './event-subjects.ts'

const dispute = {
  id: 'du_1',
  object: 'dispute',
  amount: 1000,
  balance_transactions: [
    { id: 'txn_1', amount: -1000, created: 1_800_000_000, currency: 'eur', fee: 1500 },
    { id: 'txn_2', amount: 400, created: 1_800_000_100, currency: 'eur', fee: 0 },
  ],
  charge: 'ch_1',
  created: 1_800_000_000,
  currency: 'eur',
  evidence_details: { due_by: 1_801_000_000 },
  payment_intent: 'pi_1',
  reason: 'fraudulent',
  status: 'needs_response',
}

test('a dispute is read with what it did to the balance', () => {
  expect(disputeOf(disputeShape.parse(dispute))).toEqual({
    id: 'du_1',
    chargeId: 'ch_1',
    paymentId: 'pi_1',
    amount: 1000n,
    currency: 'EUR',
    status: 'needs_response',
    reason: 'fraudulent',
    evidenceDue: new Date(1_801_000_000_000),
    createdAt: new Date(1_800_000_000_000),
    postings: [
      { id: 'txn_1', amount: -1000n, fee: 1500n, currency: 'EUR', at: new Date(1_800_000_000_000) },
      { id: 'txn_2', amount: 400n, fee: 0n, currency: 'EUR', at: new Date(1_800_000_100_000) },
    ],
  })
})

test.each([
  ['warning_needs_response', 'inquiry'],
  ['warning_closed', 'closed'],
  ['prevented', 'closed'],
  ['under_review', 'in_review'],
  ['lost', 'lost'],
  ['of_tomorrow', 'needs_response'],
])('%s is %s', (status, ours) => {
  expect(disputeOf(disputeShape.parse({ ...dispute, status })).status).toBe(ours)
})

const about = (type: string, object: object, account: string | null = null) =>
  subjectOf({ type, account, object: { ...object } }, 'purchase')

test("a dispute on a connected account is none of the marketplace's", () => {
  expect(about('charge.dispute.created', dispute)).toMatchObject({ dispute: { id: 'du_1' } })
  expect(about('charge.dispute.created', dispute, 'acct_1')).toEqual({ about: 'other' })
})

test('an event about reversals tells of the transfer and of each of them', () => {
  const transfer = {
    id: 'tr_1',
    object: 'transfer',
    amount: 900,
    amount_reversed: 300,
    currency: 'eur',
    destination: 'acct_1',
    metadata: {},
    source_transaction: 'ch_1',
    reversals: {
      data: [
        { id: 'trr_1', amount: 100, currency: 'eur', metadata: { tributary_movement: 'mv_1' } },
        { id: 'trr_2', amount: 200, currency: 'eur', metadata: {} },
      ],
    },
  }
  expect(about('transfer.reversed', transfer)).toMatchObject({
    about: 'movements',
    subjects: [
      { object: 'transfer', providerId: 'tr_1', account: 'acct_1', chargeId: 'ch_1' },
      { object: 'reversal', providerId: 'trr_1', movementId: 'mv_1', transferId: 'tr_1' },
      { object: 'reversal', providerId: 'trr_2', movementId: null, amount: 200n },
    ],
  })
})

test.each([
  ['pending', 'accepted', null],
  ['succeeded', 'succeeded', null],
  ['failed', 'rejected', null],
  ['canceled', 'rejected', null],
  ['reversed', 'rejected', 700n],
  ['of_tomorrow', 'unknown', null],
])('a top-up that is %s', (status, result, takenBack) => {
  const topup = { id: 'tu_1', object: 'topup', amount: 700, currency: 'eur', metadata: {}, status }
  expect(about('topup.succeeded', topup)).toMatchObject({
    object: 'top_up',
    outcome: { result },
    takenBack,
  })
})

test.each([
  [{ miraklId: 'P-1-A' }, true],
  [{ invoiceId: '7' }, true],
  [{ note: 'for anna' }, false],
  [{ miraklId: 'P-1-A', tributary_movement: 'mv_1' }, false],
])('who made what carries %j', (metadata, byOldConnector) => {
  const refund = {
    id: 're_1',
    object: 'refund',
    amount: 1,
    currency: 'eur',
    status: null,
    metadata,
  }
  expect(about('refund.created', refund)).toMatchObject({ byOldConnector })
})
