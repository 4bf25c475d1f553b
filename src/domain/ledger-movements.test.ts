import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BookedMovement, postingsOf } from './ledger-movements.ts'
import { type MovementStatus, lifecycle } from './lifecycle.ts'
import { type MovementKind, movementKinds } from './movement.ts'

const parties = {
  sellerId: '2001',
  orderId: 'C1-A',
  purchaseId: 'C1',
  cycleId: null,
  paymentId: 'pi_1',
}

function movementOf(kind: MovementKind, change: Partial<BookedMovement> = {}): BookedMovement {
  const source = { type: 'order' as const, id: 'C1-A', part: '', sequence: 1 }
  // Refunds and disputes are of the platform's own charges, unless an account is named.
  const account = ['refund', 'dispute_loss', 'dispute_win'].includes(kind) ? null : 'acct_1'
  const basis = { id: 'mv_1', source, currency: 'EUR', account, attempt: 1, facts: {} }
  return { ...basis, kind, parties, amount: 9_000n, sentAmount: 9_000n, ...change }
}

/** Balances after some moves. */
function balances(movement: BookedMovement, moves: readonly (MovementStatus | null)[]) {
  const sums: Record<string, bigint> = {}
  for (const [at, to] of moves.entries()) {
    const from = at === 0 ? null : (moves[at - 1] ?? null)
    if (to === null) continue
    for (const { entries } of postingsOf(movement, from, to)) {
      for (const { account, amount } of entries) sums[account] = (sums[account] ?? 0n) + amount
    }
  }
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n))
}

const done: MovementStatus[] = ['pending', 'submitted', 'succeeded']

describe('what a movement that succeeded leaves', () => {
  const operators = { parties: { ...parties, purchaseId: null, orderId: null }, account: null }
  const source = { type: 'provider' as const, id: 're_1', part: '', sequence: 1 }
  const byHand = { source, parties: { ...parties, orderId: null } }
  it.each<[MovementKind, Partial<BookedMovement>, Record<string, bigint>]>([
    ['refund', byHand, { commission: -9_000n, customer: 9_000n }],
    ['transfer', byHand, { commission: -9_000n, 'seller:2001': 9_000n }],
    ['reversal', byHand, { commission: 9_000n, 'seller:2001': -9_000n }],
    [
      'return',
      { account: null, facts: { kind: 'refund', byHand: true } },
      { commission: 9_000n, customer: -9_000n },
    ],
    ['capture', {}, {}],
    ['capture', { amount: 9_002n }, { commission: -2n, 'escrow:C1': 2n }],
    ['void', {}, {}],
    ['refund', {}, { 'escrow:C1': -9_000n, customer: 9_000n }],
    ['refund', { amount: 8_996n }, { 'escrow:C1': -8_996n, commission: -4n, customer: 9_000n }],
    [
      'restitution',
      { source: { type: 'refund', id: 'R1', part: 'tax', sequence: 1 }, account: 'acct_tax' },
      { 'escrow:C1': -9_000n, tax_account: 9_000n },
    ],
    ['transfer', {}, { 'escrow:C1': -9_000n, 'seller:2001': 9_000n }],
    [
      'transfer',
      { amount: 9_004n },
      { 'escrow:C1': -9_004n, 'seller:2001': 9_000n, commission: 4n },
    ],
    ['transfer', operators, { commission: -9_000n, 'seller:2001': 9_000n }],
    ['tax_transfer', {}, { 'escrow:C1': -9_000n, tax_account: 9_000n }],
    ['reversal', {}, { 'seller:2001': -9_000n, 'escrow:C1': 9_000n }],
    ['tax_reversal', {}, { tax_account: -9_000n, 'escrow:C1': 9_000n }],
    ['restitution', {}, { 'escrow:C1': -9_000n, 'seller:2001': 9_000n }],
    ['credit', {}, { commission: -9_000n, 'seller:2001': 9_000n }],
    ['collection', {}, { 'seller:2001': -9_000n, commission: 9_000n }],
    [
      'collection',
      { source: { type: 'debt', id: 'debt_1', part: '7001', sequence: 1 } },
      { 'seller:2001': -9_000n, 'debt:debt_1': 9_000n },
    ],
    ['payout', {}, { 'seller:2001': -9_000n, 'bank:2001': 9_000n }],
    [
      'payout',
      { parties: { ...parties, sellerId: null } },
      { 'seller:acct_1': -9_000n, 'bank:acct_1': 9_000n },
    ],
    ['return', {}, { 'bank:2001': -9_000n, 'seller:2001': 9_000n }],
    [
      'return',
      { facts: { kind: 'refund' }, account: null },
      { customer: -9_000n, 'escrow:C1': 9_000n },
    ],
    [
      'return',
      { facts: { kind: 'provider_fee' }, account: null },
      { provider_fees: -9_000n, commission: 9_000n },
    ],
    [
      'return',
      { facts: { kind: 'top_up' }, account: null },
      { commission: -9_000n, operator_bank: 9_000n },
    ],
    ['dispute_loss', {}, { 'escrow:C1': -9_000n, customer: 9_000n }],
    ['dispute_win', {}, { customer: -9_000n, 'escrow:C1': 9_000n }],
    ['provider_fee', { account: null }, { commission: -9_000n, provider_fees: 9_000n }],
    ['provider_fee', {}, { 'seller:2001': -9_000n, provider_fees: 9_000n }],
    ['sale', {}, { customer: -9_000n, 'seller:2001': 9_000n }],
    ['application_fee', {}, { 'seller:2001': -9_000n, commission: 9_000n }],
    ['operator_payout', operators, { commission: -9_000n, operator_bank: 9_000n }],
    ['top_up', operators, { operator_bank: -9_000n, commission: 9_000n }],
  ])('%s (%#)', (kind, change, expected) => {
    expect(balances(movementOf(kind, change), done)).toEqual(expected)
  })
})

describe('what is under way', () => {
  it('a payout that was sent is at nobody’s bank yet, and comes back when it fails', () => {
    const payout = movementOf('payout')
    expect(balances(payout, ['submitted', 'accepted'])).toEqual({
      'seller:2001': -9_000n,
      'in_transit:2001': 9_000n,
    })
    expect(balances(payout, ['submitted', 'accepted', 'failed'])).toEqual({})
  })

  it('a refund counts once the provider has it', () => {
    const refund = movementOf('refund')
    const given = { 'escrow:C1': -9_000n, customer: 9_000n }
    expect(balances(refund, ['submitted', 'accepted'])).toEqual(given)
    expect(balances(refund, ['submitted', 'accepted', 'succeeded'])).toEqual(given)
    expect(balances(refund, ['submitted', 'accepted', 'failed'])).toEqual({})
  })
})

/** Every walk that the lifecycle allows, from one status on. */
function walk(from: MovementStatus, choices: readonly number[]): MovementStatus[] {
  const steps: MovementStatus[] = [from]
  let at = from
  for (const choice of choices) {
    const { next } = lifecycle[at]
    const to = next[choice % Math.max(1, next.length)]
    if (to === undefined) break
    steps.push(to)
    at = to
  }
  return steps
}

describe('any life of any movement', () => {
  it('leaves nothing unless it stands at the provider, and then the same whatever the way', () => {
    const lives = fc.record({
      kind: fc.constantFrom(...movementKinds),
      choices: fc.array(fc.nat(5), { maxLength: 30 }),
      amount: fc.bigInt({ min: 1n, max: 99_999n }),
      short: fc.bigInt({ min: 0n, max: 9n }),
    })
    fc.assert(
      fc.property(lives, ({ kind, choices, amount, short }) => {
        const movement = movementOf(kind, { amount: amount + short, sentAmount: amount })
        const steps = walk('pending', choices)
        const last = steps.at(-1)
        const direct: MovementStatus[] =
          last === 'succeeded' || last === 'accepted' ? ['submitted', last] : ['pending']
        expect(balances(movement, steps)).toEqual(balances(movement, direct))
      }),
    )
  })
})
