import { describe, expect, test } from 'vitest'
import {
  type DisputeShareFacts,
  debtOfDispute,
  givenUpOf,
  planDisputeRestitution,
  planDisputeReversal,
  shareOfDispute,
} from './plan-dispute.ts'
import { accountOf } from '../../test/builders/seller.ts'

const parties = {
  sellerId: '2003',
  orderId: 'P-1-A',
  purchaseId: 'P-1',
  cycleId: null,
  paymentId: 'pi_1',
}

function facts(changes: Partial<DisputeShareFacts> = {}): DisputeShareFacts {
  return {
    dispute: { id: 'du_1', status: 'lost', currency: 'EUR' },
    setting: 'hold',
    withdrawn: 10_000n,
    paid: 10_000n,
    transfer: {
      id: 'mv_1',
      providerId: 'tr_1',
      status: 'succeeded',
      currency: 'EUR',
      left: 9_000n,
      leftOrdered: { amount: 9_000n, currency: 'EUR' },
      parties,
    },
    reversed: 0n,
    reversedOrdered: 0n,
    account: accountOf(),
    balance: { available: 9_000n, pending: 0n },
    refusedShort: false,
    platform: 50_000n,
    barred: null,
    paused: false,
    ...changes,
  }
}

const same = (amount: bigint) => amount
const open = { id: 'du_1', status: 'needs_response', currency: 'EUR' } as const
const won = { id: 'du_1', status: 'won', currency: 'EUR' } as const

test('the seller bears the part of the transfer that was taken of the payment, rounded down', () => {
  expect(shareOfDispute(facts())).toBe(9_000n)
  expect(shareOfDispute(facts({ withdrawn: 5_000n }))).toBe(4_500n)
  expect(shareOfDispute(facts({ withdrawn: 3_333n, paid: 10_001n }))).toBe(2_999n)
  expect(shareOfDispute(facts({ withdrawn: 12_000n }))).toBe(9_000n)
  expect(shareOfDispute(facts({ withdrawn: 0n }))).toBe(0n)
})

describe('the reversal', () => {
  const decided = (changes: Partial<DisputeShareFacts>) =>
    planDisputeReversal(facts(changes), same).decision

  test.each<[string, Partial<DisputeShareFacts>, object]>([
    ['is made when the dispute is lost', {}, { to: 'move', amount: 9_000n }],
    ['waits for the bank', { dispute: open }, { to: 'hold', reason: 'dispute_open' }],
    ['goes at once by setting', { dispute: open, setting: 'reverse' }, { to: 'move' }],
    [
      'is given up when the dispute is won',
      { dispute: won, withdrawn: 0n },
      { to: 'cancel', reason: 'dispute_won' },
    ],
    [
      'takes what a partly won dispute has left',
      { dispute: won, withdrawn: 4_000n },
      { to: 'move', amount: 3_600n },
    ],
    [
      'becomes a debt of a seller who was paid out',
      { balance: { available: 10n, pending: 8_989n } },
      { to: 'cancel', reason: 'became_debt', amount: 9_000n },
    ],
    [
      'waits while the bank may still give the money back',
      { dispute: open, setting: 'reverse', balance: { available: 10n, pending: 0n } },
      { to: 'hold', reason: 'seller_balance_short', amount: 9_000n },
    ],
    ['waits while the balance is not known', { balance: null }, { reason: 'seller_balance_short' }],
    [
      'becomes no debt while paused',
      { balance: { available: 0n, pending: 0n }, paused: true },
      { to: 'hold', reason: 'seller_balance_short' },
    ],
    [
      'does not try pending money twice',
      { balance: { available: 0n, pending: 9_000n }, refusedShort: true },
      { to: 'hold', reason: 'seller_balance_short' },
    ],
    ['of another currency is a hold', { dispute: { ...open, currency: 'GBP' } }, { to: 'hold' }],
    ['waits while paused', { paused: true }, { to: 'hold', reason: 'paused' }],
    [
      'of what is older than the start is not made',
      { barred: 'before_start_date' },
      { reason: 'before_start_date' },
    ],
  ])('%s', (_, changes, decision) => {
    expect(decided(changes)).toMatchObject(decision)
  })
})

describe('the restitution', () => {
  const decided = (changes: Partial<DisputeShareFacts>) =>
    planDisputeRestitution(facts(changes), same).decision

  test.each<[string, Partial<DisputeShareFacts>, object]>([
    ['gives all back', { dispute: won, withdrawn: 0n, reversed: 9_000n }, { amount: 9_000n }],
    [
      'gives a part back',
      { dispute: won, withdrawn: 4_000n, reversed: 9_000n },
      { amount: 5_400n },
    ],
    ['is nothing when it is lost', { reversed: 9_000n }, { to: 'nothing' }],
    [
      'is nothing while it is open',
      { dispute: open, withdrawn: 0n, reversed: 9_000n },
      { to: 'nothing' },
    ],
    [
      "waits for the platform's money",
      { dispute: won, withdrawn: 0n, reversed: 9_000n, platform: 8_999n },
      { to: 'hold', reason: 'platform_balance_short' },
    ],
  ])('%s', (_, changes, decision) => {
    expect(decided(changes)).toMatchObject(decision)
  })
})

describe('the debt', () => {
  const short = { balance: { available: 0n, pending: 0n } }
  test('stands for the whole share, and only for a reversal that was given up for it', () => {
    const lost = facts(short)
    expect(debtOfDispute(lost, planDisputeReversal(lost, same))).toMatchObject({
      original: 9_000n,
      collectable: 9_000n,
      source: { type: 'dispute', id: 'du_1', part: 'mv_1' },
      sellerId: '2003',
    })
    for (const other of [facts(), facts({ ...short, dispute: open, setting: 'reverse' })]) {
      expect(debtOfDispute(other, planDisputeReversal(other, same))).toBeNull()
    }
  })

  const debt = {
    id: 'debt_1',
    sellerId: '2003',
    currency: 'EUR',
    source: { type: 'dispute', id: 'du_1', part: 'mv_1' },
    purchaseId: 'P-1',
    original: 9_000n,
    collectable: 9_000n,
    openCollectable: 4_000n,
    openElsewhere: 0n,
    setOff: 5_000n,
    writtenOff: 0n,
    givenUp: 0n,
    facts: {},
    createdAt: new Date(0),
  } as const

  test.each<[string, Partial<DisputeShareFacts>, bigint]>([
    ['is owed while the dispute is lost', {}, 0n],
    ['is given up as far as it is open when it is won', { dispute: won, withdrawn: 0n }, 4_000n],
    ['is given up in part when a part came back', { dispute: won, withdrawn: 8_000n }, 1_800n],
  ])('%s', (_, changes, amount) => {
    expect(givenUpOf(facts(changes), debt)).toBe(amount)
  })

  test('that was set off is given back when the dispute is won after all', () => {
    const back = facts({ dispute: won, withdrawn: 0n, reversed: debt.setOff })
    expect(planDisputeRestitution(back, same).decision).toMatchObject({ amount: 5_000n })
  })
})
