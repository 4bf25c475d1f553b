import { describe, expect, it } from 'vitest'
import { decided } from '../../test/builders/mending.ts'
import { storedFrom } from '../../test/builders/movement.ts'
import { at } from '../../test/builders/moments.ts'
import { lineRefundOf, orderWith } from '../../test/builders/order.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { type BookedRefund, operatorPart, postingsOfOrder } from './ledger-orders.ts'
import type { Movement } from './movement.ts'
import type { Order } from './order.ts'
import { planTransfer } from './plan-transfer.ts'
import { changeOf } from './replan.ts'

const nothing = { commission: 0n, funding: 0n, borne: 0n }
const none = { booked: nothing, postings: 0 }

/** The transfer of an order as it is stored once it was made, or given up. */
function transferOf(order: Order, debited: bigint | null = null): Movement {
  const plan = planTransfer(transferFacts({ order, debited }), exact)
  const change = changeOf(null, plan, at('09:00'))
  if (change === null) throw new Error(`nothing is written: ${decided(plan)}`)
  const stored = storedFrom(change)
  return stored.status === 'pending' ? { ...stored, status: 'succeeded' } : stored
}

function refundOf(id: string, transfer: Movement, change: Partial<Movement> = {}): Movement {
  const source = { type: 'refund', id, part: '', sequence: 1 } as const
  return { ...transfer, id: `mv_${id}`, kind: 'refund', source, facts: {}, ...change }
}

function returnOf({ id, ...refund }: Movement): Movement {
  const source = { type: 'movement', id, part: '', sequence: 1 } as const
  return { ...refund, id: `${id}_back`, kind: 'return', source }
}

const thirty: BookedRefund = {
  id: 'R1',
  amount: 3_000n,
  share: 3_000n,
  commission: 300n,
  releasedBy: null,
}
const everything: BookedRefund = { ...thirty, amount: 10_000n, share: 10_000n, commission: 1_000n }
/** A transfer that waited until a refund had left nothing of its payment. */
const endedBy = ({ id, amount, commission }: BookedRefund): Movement => ({
  ...plain(),
  status: 'canceled',
  reason: 'payment_refunded',
  amount: 0n,
  facts: {
    share: '10000',
    refunded: String(amount),
    commission: String(1_000n - (commission ?? 0n)),
    netted: [id],
  },
})
const plain = () => transferOf(orderWith({}))
const net = () => transferOf(orderWith({ refunds: [lineRefundOf()] }))

describe('what the operator keeps of an order', () => {
  it.each<[string, Movement[], BookedRefund[], bigint | null, bigint]>([
    ['100 with 10', [plain()], [], 1_000n, 0n],
    ['not transferred yet', [{ ...plain(), status: 'pending' }], [], null, 0n],
    [
      'given up by an operator',
      [{ ...plain(), status: 'canceled', reason: 'canceled_by_operator' }],
      [],
      10_000n,
      0n,
    ],
    [
      'paid by somebody else',
      [{ ...plain(), status: 'canceled', reason: 'paid_elsewhere' }],
      [],
      10_000n,
      0n,
    ],
    [
      'refunded altogether by hand',
      [{ ...plain(), status: 'canceled', reason: 'payment_refunded' }],
      [],
      10_000n,
      0n,
    ],
    ['netted before the split', [net(), refundOf('R1', net())], [thirty], 700n, 0n],
    ['captured less in place of a refund', [net()], [{ ...thirty, releasedBy: 'pi_1' }], 700n, 0n],
    [
      'captured less after the split, the refund that had been planned canceled',
      [plain(), refundOf('R1', plain(), { status: 'canceled', reason: 'amount_not_positive' })],
      [{ ...thirty, releasedBy: 'pi_1' }],
      700n,
      0n,
    ],
    [
      'captured less, but the refund was given up by an operator',
      [plain(), refundOf('R1', plain(), { status: 'canceled', reason: 'canceled_by_operator' })],
      [{ ...thirty, releasedBy: 'pi_1' }],
      1_000n,
      0n,
    ],
    ['refunded after the split', [plain(), refundOf('R1', plain())], [thirty], 700n, 0n],
    [
      'refund not accepted yet',
      [plain(), refundOf('R1', plain(), { status: 'submitted' })],
      [thirty],
      1_000n,
      0n,
    ],
    [
      'refund that came back after the split',
      [plain(), refundOf('R1', plain()), returnOf(refundOf('R1', plain()))],
      [thirty],
      1_000n,
      0n,
    ],
    [
      'refund that was netted and came back',
      [net(), refundOf('R1', net()), returnOf(refundOf('R1', net()))],
      [thirty],
      1_000n,
      0n,
    ],
    [
      'a refund of everything that ended the transfer before it was made',
      [endedBy(everything), refundOf('R1', plain())],
      [everything],
      0n,
      0n,
    ],
    [
      'which came back',
      [endedBy(everything), refundOf('R1', plain()), returnOf(refundOf('R1', plain()))],
      [everything],
      1_000n,
      0n,
    ],
    [
      'refund whose commission nobody knows yet',
      [plain(), refundOf('R1', plain())],
      [{ ...thirty, share: null, commission: null }],
      1_000n,
      0n,
    ],
    [
      'refund of a promotion of 5',
      [plain(), refundOf('R1', plain())],
      [{ ...thirty, amount: 2_500n }],
      700n,
      -500n,
    ],
    [
      'commission of 8 above a share of 5',
      [transferOf(orderWith({ total: 500n, commission: 800n }))],
      [],
      500n,
      0n,
    ],
    [
      'promotion of 20, beside the debit',
      [transferOf(orderWith({ operatorFunding: 2_000n }), 8_000n)],
      [],
      1_000n,
      2_000n,
    ],
    [
      'promotion of 20, in the debit',
      [transferOf(orderWith({ operatorFunding: 2_000n }), 10_000n)],
      [],
      1_000n,
      0n,
    ],
  ])('%s', (_, movements, refunds, commission, funding) => {
    const part = operatorPart({ movements, refunds, ...none })
    expect(part).toEqual(commission === null ? null : { commission, funding, borne: 0n })
  })
})

describe('what the operator bears of a refund of 30 with 3, of which the seller owes 27', () => {
  const refunded = [plain(), refundOf('R1', plain())]
  const reversal = (change: Partial<Movement>, kind: Movement['kind'] = 'reversal') =>
    refundOf('R1', plain(), { id: 'mv_back', kind, amount: 2_700n, ...change })
  it.each<[string, Movement[], bigint]>([
    ['taken back', [...refunded, reversal({})], 0n],
    ['waits for the seller’s next sales', [...refunded, reversal({ status: 'on_hold' })], 0n],
    ['not planned yet', refunded, 0n],
    ['given up', [...refunded, reversal({ status: 'canceled' })], 2_700n],
    ['less left of the transfer', [...refunded, reversal({ amount: 2_000n })], 700n],
    [
      'taken back, and the refund came back',
      [...refunded, reversal({}), returnOf(refundOf('R1', plain())), reversal({}, 'restitution')],
      0n,
    ],
    [
      'netted in the transfer',
      [net(), refundOf('R1', net()), reversal({ status: 'canceled' })],
      0n,
    ],
    [
      'nothing was transferred',
      [{ ...plain(), status: 'canceled', reason: 'amount_not_positive' }, refundOf('R1', plain())],
      2_700n,
    ],
  ])('%s', (_, movements, borne) => {
    expect(operatorPart({ movements, refunds: [thirty], ...none })?.borne).toBe(borne)
  })

  const taxes = (change: Partial<Movement> = {}): Movement => ({
    ...plain(),
    kind: 'tax_transfer',
    ...change,
  })
  it.each<[string, Movement[], bigint]>([
    ['taken back', [taxes(), reversal({ amount: 600n }, 'tax_reversal')], 0n],
    ['given up', [taxes(), reversal({ status: 'canceled' }, 'tax_reversal')], 600n],
    ['netted in the tax transfer', [taxes({ facts: { netted: ['R1'] } })], 0n],
    ['before the tax transfer', [taxes({ status: 'on_hold' })], 0n],
  ])('with 6 of taxes, %s', (_, movements, borne) => {
    const seller = reversal({ amount: 2_100n, facts: { tax: '600' } })
    const all = [...refunded, seller, ...movements]
    expect(operatorPart({ movements: all, refunds: [thirty], ...none })?.borne).toBe(borne)
  })
})

describe('the postings of an order', () => {
  it('bring the books to it, each difference under a key of its own', () => {
    const first = postingsOfOrder({ movements: [plain()], refunds: [], ...none })
    expect(first.map(({ key, entries }) => [key, entries])).toEqual([
      [
        'order:C1-A:commission:1',
        [
          { account: 'escrow:C1', amount: -1_000n },
          { account: 'commission', amount: 1_000n },
        ],
      ],
    ])
    const known = { booked: { ...nothing, commission: 1_000n }, postings: 1 }
    expect(postingsOfOrder({ movements: [plain()], refunds: [], ...known })).toEqual([])
    const refunded = [plain(), refundOf('R1', plain())]
    const back = postingsOfOrder({ movements: refunded, refunds: [thirty], ...known })
    expect(back.map(({ key, entries }) => [key, entries])).toEqual([
      [
        'order:C1-A:commission:2',
        [
          { account: 'escrow:C1', amount: 300n },
          { account: 'commission', amount: -300n },
        ],
      ],
    ])
  })
})
