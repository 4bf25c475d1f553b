import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { postingsOf } from './ledger-movements.ts'
import type { Movement } from './movement.ts'
import type { CauseCode } from './reconcile-causes.ts'
import { judgeMovement, type MatchedLine, type MovementFacts } from './reconcile-movement.ts'

/** A transfer of 90.00 that is done. */
function transferOf(change: Partial<Movement> = {}): Movement {
  return {
    id: 'mv_1',
    kind: 'transfer',
    origin: 'planned',
    source: { type: 'order', id: 'C1-A', part: '', sequence: 1 },
    parties: {
      sellerId: '2001',
      orderId: 'C1-A',
      purchaseId: 'C1',
      cycleId: null,
      paymentId: 'pi_1',
    },
    status: 'succeeded',
    reason: null,
    needsReview: false,
    currency: 'EUR',
    amount: 9_000n,
    sentAmount: 9_000n,
    original: null,
    account: 'acct_1',
    provider: 'stripe',
    instruction: null,
    facts: {},
    attempt: 1,
    attemptedAt: at('09:00'),
    providerId: 'tr_1',
    failure: null,
    nextLookAt: null,
    createdAt: at('08:00'),
    updatedAt: at('09:00'),
    ...change,
  }
}

function lineOf(change: Partial<MatchedLine> = {}): MatchedLine {
  return {
    id: 'txn_1',
    account: null,
    sourceId: 'tr_1',
    amount: -9_000n,
    currency: 'EUR',
    ...change,
  }
}

/** What the ledger has when it booked the movement as it is. */
function bookedFor(movement: Movement): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  const done = movement.status === 'succeeded' || movement.status === 'accepted'
  for (const { entries } of done ? postingsOf(movement, null, movement.status) : []) {
    for (const { account, amount } of entries) {
      sums.set(account, (sums.get(account) ?? 0n) + amount)
    }
  }
  return new Map([...sums].filter(([, amount]) => amount !== 0n))
}

function factsOf(
  change: Partial<Movement> = {},
  more: Partial<Omit<MovementFacts, 'movement'>> = {},
): MovementFacts {
  const movement = transferOf(change)
  return {
    movement,
    lines: [lineOf(), lineOf({ id: 'txn_2', account: 'acct_1', amount: 9_000n })],
    fees: null,
    ledger: bookedFor(movement),
    covered: true,
    hasTwin: false,
    ...more,
  }
}

const payout = { kind: 'payout', providerId: 'po_1' } as const
const payoutLine = { account: 'acct_1', sourceId: 'po_1' }
const byHand = { type: 'provider', id: 'tr_1', part: '', sequence: 1 } as const

const cases: readonly [string, MovementFacts, CauseCode | null][] = [
  ['both sides of a transfer', factsOf(), null],
  ['no line in books that were read', factsOf({}, { lines: [] }), 'never_moved'],
  ['no line in books that were not', factsOf({}, { lines: [], covered: false }), null],
  [
    'a line on the other side alone',
    factsOf({}, { lines: [lineOf({ account: 'acct_1', amount: 9_000n })] }),
    'never_moved',
  ],
  ['no line yet of what is under way', factsOf({ status: 'accepted' }, { lines: [] }), null],
  ['another amount', factsOf({}, { lines: [lineOf({ amount: -8_999n })] }), 'moved_amount_differs'],
  ['another currency', factsOf({}, { lines: [lineOf({ amount: -1n, currency: 'GBP' })] }), null],
  [
    'a second object of its name',
    factsOf({}, { lines: [lineOf(), lineOf({ id: 'txn_3', sourceId: 'tr_2' })] }),
    'moved_twice',
  ],
  [
    'an earlier attempt that came back',
    factsOf(payout, {
      lines: [
        lineOf({ ...payoutLine, sourceId: 'po_0' }),
        lineOf({ ...payoutLine, sourceId: 'po_0', amount: 9_000n }),
        lineOf(payoutLine),
      ],
    }),
    null,
  ],
  [
    'a payout that stands on the platform',
    factsOf(payout, { lines: [lineOf({ ...payoutLine, account: null })] }),
    'never_moved',
  ],
  ['failed here', factsOf({ status: 'failed' }), 'moved_there_only'],
  ['on hold here', factsOf({ status: 'on_hold' }), 'moved_there_only'],
  ['failed on both sides', factsOf({ status: 'failed' }, { lines: [] }), null],
  [
    'failed and taken back on both sides',
    factsOf({ status: 'failed' }, { lines: [lineOf(), lineOf({ amount: 9_000n })] }),
    null,
  ],
  [
    'taken back there alone',
    factsOf({}, { lines: [lineOf(), lineOf({ amount: 9_000n })] }),
    'return_unknown',
  ],
  ['by hand', factsOf({ origin: 'observed', source: byHand }), 'moved_by_hand'],
  [
    'by hand, a second time',
    factsOf({ origin: 'observed', source: byHand }, { hasTwin: true }),
    'moved_twice',
  ],
  [
    "the operator's own top-up",
    factsOf({ kind: 'top_up', origin: 'observed', source: byHand }),
    null,
  ],
  ['a ledger without it', factsOf({}, { ledger: new Map() }), 'ledger_differs'],
  [
    'a ledger that has what was not done',
    factsOf({ status: 'failed' }, { lines: [], ledger: new Map([['seller:2001', 9_000n]]) }),
    'ledger_differs',
  ],
]

describe('judgeMovement', () => {
  test.each(cases)('%s', (_, facts, cause) => {
    expect(judgeMovement(facts)?.cause ?? null).toBe(cause)
  })

  test('an amount that all three have is no difference; one minor unit less on any side is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n, max: 10n ** 15n }), amount => {
        const own = { amount, sentAmount: amount }
        const lines = [lineOf({ amount: -amount })]
        expect(judgeMovement(factsOf(own, { lines }))).toBeNull()
        const less = judgeMovement(factsOf(own, { lines: [lineOf({ amount: 1n - amount })] }))
        expect(less).toMatchObject({ here: amount, there: amount - 1n })
        const ledger = bookedFor(
          transferOf({ ...own, amount: amount - 1n, sentAmount: amount - 1n }),
        )
        expect(judgeMovement(factsOf(own, { lines, ledger }))?.cause).toBe('ledger_differs')
      }),
    )
  })
})
