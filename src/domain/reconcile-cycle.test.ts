import { expect, test } from 'vitest'
import { cycleOf } from '../../test/builders/cycle.ts'
import { at } from '../../test/builders/moments.ts'
import type { Facts } from './json.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Movement } from './movement.ts'
import type { CauseCode } from './reconcile-causes.ts'
import { type CycleFacts, judgeCycle } from './reconcile-cycle.ts'
import type { ReasonCode } from './reasons.ts'

/** A payout of the cycle; minor units. */
function payoutOf(
  status: MovementStatus,
  amount = 9_000n,
  more: { facts?: Facts; reason?: ReasonCode; sequence?: number } = {},
): Movement {
  const { facts = {}, reason = null, sequence = 1 } = more
  return {
    id: `mv_${sequence}`,
    kind: 'payout',
    origin: 'planned',
    source: { type: 'cycle', id: '7001', part: '', sequence },
    parties: {
      sellerId: '2001',
      orderId: null,
      purchaseId: null,
      cycleId: '7001',
      paymentId: null,
    },
    status,
    reason,
    needsReview: false,
    currency: 'EUR',
    amount,
    sentAmount: amount,
    original: null,
    account: 'acct_1',
    provider: 'stripe',
    instruction: null,
    facts,
    attempt: 1,
    attemptedAt: at('02:00'),
    providerId: `po_${sequence}`,
    failure: null,
    nextLookAt: null,
    createdAt: at('02:00'),
    updatedAt: at('02:00'),
  }
}

function judge(change: Partial<CycleFacts>): CauseCode | null {
  const facts = {
    cycle: cycleOf({ payState: 'paid' }),
    payouts: [payoutOf('succeeded')],
    returned: new Set<string>(),
    toldAt: at('03:00'),
    ourPspCodes: ['OPERATOR'],
    representable: (amount: bigint) => amount - (amount % 10n),
    until: at('23:00'),
    ...change,
  }
  return judgeCycle(facts)?.cause ?? null
}

const setOff = { facts: { cycleAmount: '9000', setOff: '1500', withheld: '500' } }

test.each<[string, Partial<CycleFacts>, CauseCode | null]>([
  ['paid and landed', {}, null],
  ['told, and not shown as paid', { cycle: cycleOf() }, 'cycle_confirmation_lost'],
  ['not told, and not shown as paid', { cycle: cycleOf(), toldAt: null }, null],
  ['told a moment ago', { cycle: cycleOf(), toldAt: at('23:30') }, null],
  ['paid without a payout', { payouts: [] }, 'cycle_paid_without_payout'],
  ['paid while the payout waits', { payouts: [payoutOf('on_hold')] }, 'cycle_paid_without_payout'],
  [
    'paid by somebody else before',
    { payouts: [payoutOf('canceled', 9_000n, { reason: 'already_paid' })] },
    'cycle_paid_without_payout',
  ],
  [
    'set off wholly',
    { payouts: [payoutOf('canceled', 9_000n, { reason: 'set_off_wholly' })] },
    null,
  ],
  ['paid, and the payout came back', { returned: new Set(['mv_1']) }, 'payout_returned'],
  [
    'came back and was paid again',
    {
      returned: new Set(['mv_1']),
      payouts: [payoutOf('succeeded'), payoutOf('succeeded', 9_000n, { sequence: 2 })],
    },
    null,
  ],
  ['another amount', { payouts: [payoutOf('succeeded', 8_990n)] }, 'cycle_amount_differs'],
  ['less by debts and disputes', { payouts: [payoutOf('succeeded', 7_000n, setOff)] }, null],
  [
    'less than debts and disputes took',
    { payouts: [payoutOf('succeeded', 6_990n, setOff)] },
    'cycle_amount_differs',
  ],
  [
    'what the provider cannot express',
    { cycle: cycleOf({ payState: 'paid', amount: 9_004n }) },
    null,
  ],
  ['a draft', { cycle: cycleOf({ payState: 'paid', final: false }), payouts: [] }, null],
  [
    'of another provider',
    { cycle: cycleOf({ payState: 'paid', payOutPspCode: 'OTHER' }), payouts: [] },
    null,
  ],
  ['nothing to pay', { cycle: cycleOf({ payState: 'paid', amount: -5n }), payouts: [] }, null],
])('%s', (_, change, cause) => {
  expect(judge(change)).toBe(cause)
})
