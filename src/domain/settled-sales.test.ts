import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cycleOf } from '../../test/builders/cycle.ts'
import { decided } from '../../test/builders/mending.ts'
import { exact, settlementFacts } from '../../test/builders/plan-facts.ts'
import { contentsOf, type CycleLine } from './cycle-contents.ts'
import type { Movement } from './movement.ts'
import { planPayout } from './plan-settlement.ts'
import { asSettled, differenceOf, type SaleFacts, salesOf } from './settled-sales.ts'

const line = (
  amount: bigint,
  orderId: string | null,
  refundId: string | null = null,
): CycleLine => ({
  id: `${orderId} ${refundId} ${amount}`,
  orderId,
  refundId,
  amount,
})

/** One unit of the order's currency was converted to two, so that amounts can be told apart. */
const twice = (
  kind: Movement['kind'],
  source: string,
  ordered: bigint,
  change: Partial<Movement> = {},
): Movement => ({
  id: `mv_${kind}_${source}`,
  kind,
  origin: 'planned',
  source: { type: source.startsWith('r') ? 'refund' : 'order', id: source, part: '', sequence: 1 },
  parties: { sellerId: '2001', orderId: null, purchaseId: null, cycleId: null, paymentId: null },
  status: 'succeeded',
  reason: null,
  needsReview: false,
  currency: 'EUR',
  amount: ordered * 2n,
  sentAmount: ordered * 2n,
  original: { amount: ordered, currency: 'USD' },
  account: 'acct_1',
  provider: 'stripe',
  instruction: null,
  facts: {},
  attempt: 1,
  attemptedAt: null,
  providerId: null,
  failure: null,
  nextLookAt: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...change,
})

/** An order of 100 less 10, and a refund of 20 less 2, in USD. */
const lines = [line(100n, 'A'), line(-10n, 'A'), line(-20n, 'A', 'r1'), line(2n, 'A', 'r1')]

function saleFacts(change: Partial<SaleFacts> = {}): SaleFacts {
  return {
    cycle: cycleOf({ currency: 'USD', amount: 72n }),
    contents: contentsOf(lines),
    movements: [twice('transfer', 'A', 90n), twice('reversal', 'r1', 18n)],
    closedOrders: new Set(['A']),
    refunds: new Map([['r1', { isOpen: false }]]),
    ...change,
  }
}

const moved = (...movements: Movement[]) => salesOf(saleFacts({ movements })).sums

describe('the sales of a cycle', () => {
  it('are what reached the account less what left it', () => {
    expect(salesOf(saleFacts())).toEqual({
      sums: { EUR: 144n },
      unfinished: {},
      exceeding: {},
      unexplained: 0n,
    })
  })

  it.each<[string, bigint, ...Movement[]]>([
    [
      'a promotion beside its order',
      220n,
      twice('transfer', 'A', 90n),
      twice('transfer', 'A', 20n),
    ],
    ['a commission that is collected', -20n, twice('collection', 'A', 10n)],
    [
      'a restitution',
      180n,
      ...['reversal', 'restitution'].map(kind => twice(kind as Movement['kind'], 'r1', 9n)),
      twice('transfer', 'A', 90n),
    ],
    ['nothing that was given up', 0n, twice('transfer', 'A', 90n, { status: 'canceled' })],
    ['no order of another cycle', 0n, twice('transfer', 'B', 90n)],
    ['no refund of another cycle', 180n, twice('transfer', 'A', 90n), twice('reversal', 'r2', 9n)],
    [
      'nothing of another account',
      0n,
      twice('transfer', 'A', 90n, {
        parties: { ...twice('transfer', 'A', 1n).parties, sellerId: null },
      }),
    ],
    [
      'no dispute',
      180n,
      twice('transfer', 'A', 90n),
      twice('reversal', 'A', 9n, {
        source: { type: 'provider', id: 'du_1', part: '', sequence: 1 },
      }),
    ],
  ])('have %s', (_, sum, ...movements) => {
    expect(moved(...movements)['EUR'] ?? 0n).toBe(sum)
  })

  it.each<[string, Partial<SaleFacts>, object]>([
    [
      'a transfer that waits',
      { movements: [twice('transfer', 'A', 90n, { status: 'on_hold', reason: 'paused' })] },
      { mv_transfer_A: 'paused' },
    ],
    [
      'an order that is not split',
      { movements: [], closedOrders: new Set() },
      { 'order A': 'not_split' },
    ],
    [
      'a refund with something left',
      { refunds: new Map([['r1', { isOpen: true }]]) },
      { 'refund r1': 'open' },
    ],
    ['a refund that nobody knows', { refunds: new Map() }, { 'refund r1': 'unknown' }],
  ])('are not finished: %s', (_, change, unfinished) => {
    const sales = salesOf(saleFacts(change))
    expect(sales.unfinished).toEqual(unfinished)
    const facts = settlementFacts({ cycle: cycleOf({ currency: 'USD', amount: 72n }), sales })
    expect(decided(planPayout(asSettled(facts), exact))).toBe('hold waits_for_movements')
  })

  it.each<[string, Partial<SaleFacts>]>([
    [
      'a fee of the seller',
      {
        contents: contentsOf([...lines, line(-5n, null)]),
        cycle: cycleOf({ currency: 'USD', amount: 67n }),
      },
    ],
    [
      'a part of an order',
      { contents: contentsOf([line(40n, 'A')]), cycle: cycleOf({ currency: 'USD', amount: 40n }) },
    ],
    [
      'sales in two currencies',
      {
        movements: [twice('transfer', 'A', 90n), twice('reversal', 'r1', 18n, { currency: 'GBP' })],
      },
    ],
  ])('are not what the cycle says: %s', (_, change) => {
    const wanted = saleFacts(change)
    const facts = settlementFacts({ cycle: wanted.cycle, sales: salesOf(wanted) })
    expect(differenceOf(asSettled(facts))).toMatchObject({ cycle: `${wanted.cycle.amount} USD` })
    expect(decided(planPayout(asSettled(facts), exact))).toBe('hold currency_differs')
  })

  it('that were not converted leave the cycle to the marketplace', () => {
    const own = twice('transfer', 'A', 45n, { currency: 'USD', original: null })
    const sales = salesOf(saleFacts({ movements: [own], contents: contentsOf([line(5n, 'A')]) }))
    const facts = settlementFacts({ cycle: cycleOf({ currency: 'USD', amount: 72n }), sales })
    expect(asSettled(facts)).toBe(facts)
    expect(differenceOf(facts)).toBeNull()
  })

  it('are paid out whole, over all cycles of their orders and whichever order they come in', () => {
    const amounts = fc.array(
      fc.tuple(fc.bigInt(1n, 10n ** 9n), fc.bigInt(0n, 10n ** 9n), fc.nat(2)),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(amounts, sales => {
        // Order n is sold in cycle 0; its refund stands in one of three.
        const movements = sales.flatMap(([given, taken], n) => [
          twice('transfer', `A${n}`, given),
          twice('reversal', `r${n}`, taken),
        ])
        const paid = [0, 1, 2].map(at => {
          const held = sales.flatMap(([given, taken, later], n) => [
            ...(at === 0 ? [line(given, `A${n}`)] : []),
            ...(at === later ? [line(-taken, `A${n}`, `r${n}`)] : []),
          ])
          const contents = contentsOf(held)
          return (
            salesOf(saleFacts({ contents, movements: movements.toReversed() })).sums['EUR'] ?? 0n
          )
        })
        const account = sales.reduce((sum, [given, taken]) => sum + 2n * (given - taken), 0n)
        expect(paid.reduce((sum, each) => sum + each, 0n)).toBe(account)
      }),
    )
  })
})
