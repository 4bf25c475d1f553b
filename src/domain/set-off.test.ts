import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balanceOf, noDebts } from '../../test/builders/cycle.ts'
import { endsInZero, exact } from '../../test/builders/plan-facts.ts'
import { type DebtFacts, type OpenDebt, type SetOffFacts, capOf, cutOf } from './set-off.ts'

function facts(amount: bigint, debts: Partial<DebtFacts> = {}, has = amount): SetOffFacts {
  return {
    cycle: { amount, currency: 'EUR' },
    balance: balanceOf(has),
    debts: { ...noDebts, ...debts },
  }
}

const debt = (id: string, change: Partial<OpenDebt> = {}): OpenDebt => ({
  id,
  collectable: 0n,
  elsewhere: 0n,
  own: 'none',
  asked: 0n,
  ...change,
})

/** Collected, set off without a movement, withheld, paid out. */
function cut(given: SetOffFacts) {
  const { collect, elsewhere, withhold, payout } = cutOf(given, exact)
  return [Object.fromEntries(collect), Object.fromEntries(elsewhere), withhold, payout]
}

describe('what a payout is less by', () => {
  const old = debt('d1', { collectable: 40n })
  const young = debt('d2', { collectable: 100n })
  it.each<[string, SetOffFacts, unknown[]]>([
    ['nothing, of who owes nothing', facts(90n), [{}, {}, 0n, 90n]],
    [
      'the oldest debt first, then part of the next',
      facts(90n, { open: [old, young] }),
      [{ d1: 40n, d2: 50n }, {}, 0n, 0n],
    ],
    [
      'no more than the cap',
      facts(101n, { open: [old, young], capPercent: 50 }),
      [{ d1: 40n, d2: 10n }, {}, 0n, 51n],
    ],
    [
      'no more than the cap in all rounds',
      facts(100n, { open: [young], setOff: 40n, capPercent: 50 }),
      [{ d2: 10n }, {}, 0n, 50n],
    ],
    ['no debt with a cap of 0', facts(90n, { open: [old], capPercent: 0 }), [{}, {}, 0n, 90n]],
    [
      'what was asked already',
      facts(90n, { open: [debt('d1', { collectable: 40n, own: 'asked', asked: 30n })] }),
      [{ d1: 30n }, {}, 0n, 60n],
    ],
    [
      'not a debt whose collection is over',
      facts(90n, { open: [debt('d1', { collectable: 40n, own: 'over' })] }),
      [{}, {}, 0n, 90n],
    ],
    [
      'what a reversal took, without a movement',
      facts(90n, { open: [debt('d1', { elsewhere: 50n })] }, 40n),
      [{}, { d1: 50n }, 0n, 40n],
    ],
    [
      'what a dispute took, as far as the account lacks it',
      facts(90n, { outstanding: 50n }, 60n),
      [{}, {}, 30n, 60n],
    ],
    ['not the money of other orders', facts(90n, { outstanding: 50n }, 90n), [{}, {}, 0n, 90n]],
    [
      'nothing for a balance that is short of something else',
      facts(90n, {}, 10n),
      [{}, {}, 0n, 90n],
    ],
    [
      'nothing while the balance is not known',
      { ...facts(90n, { outstanding: 50n }), balance: null },
      [{}, {}, 0n, 90n],
    ],
    [
      'a debt from what a dispute left',
      facts(90n, { outstanding: 50n, open: [young] }, 40n),
      [{ d2: 40n }, {}, 50n, 0n],
    ],
    [
      'more, when a won dispute gave back',
      facts(90n, { outstanding: -50n }, 130n),
      [{}, {}, -40n, 130n],
    ],
    [
      'nothing of a negative cycle',
      facts(-20n, { open: [old], outstanding: 5n }),
      [{}, {}, 0n, -20n],
    ],
  ])('%s', (_, given, expected) => {
    expect(cut(given)).toEqual(expected)
  })

  it('collects what the provider can express', () => {
    const given = {
      ...facts(0n, { open: [debt('d1', { collectable: 123n })] }),
      cycle: { amount: 1_005n, currency: 'KWD' },
    }
    const made = cutOf({ ...given, balance: balanceOf(1_005n, 0n, 'KWD') }, endsInZero)
    expect(made.collect.get('d1')).toBe(120n)
    expect(made.payout).toBe(885n)
  })
})

/** One step of a seller's life: money in, a dispute, or a cycle of the marketplace. */
const anyStep = fc.oneof(
  fc.record({ sell: fc.bigInt({ min: 1n, max: 10_000n }) }),
  // Of a sale that was paid or not; lost while the seller has the money or not.
  fc.record({ lose: fc.bigInt({ min: 1n, max: 10_000n }) }),
  fc.record({ win: fc.bigInt({ min: 1n, max: 10_000n }) }),
  fc.record({ charge: fc.bigInt({ min: 1n, max: 3_000n }) }),
  fc.record({ forgive: fc.bigInt({ min: 1n, max: 5_000n }) }),
  fc.constant({ cycle: true as const }),
)

interface Row {
  readonly id: string
  readonly original: bigint
  open: bigint
  setOff: bigint
  writtenOff: bigint
}

/** A seller's account, cycles and debts, kept by hand beside the plan. */
function createLife(capPercent: number) {
  const state = { has: 0n, owedByCycle: 0n, outstanding: 0n, taken: 0n, paid: 0n }
  const rows: Row[] = []
  const owe = (original: bigint) =>
    rows.push({ id: `d${rows.length}`, original, open: original, setOff: 0n, writtenOff: 0n })
  const settle = () => {
    const amount = state.owedByCycle
    state.owedByCycle = 0n
    if (amount < 0n) {
      // The collections of the cycle are the debt; its sales stay in the account for none.
      owe(-amount)
      return
    }
    const open = rows
      .filter(row => row.open > 0n)
      .map(row => debt(row.id, { collectable: row.open }))
    const given = facts(amount, { open, outstanding: state.outstanding, capPercent }, state.has)
    const made = cutOf(given, exact)
    const collected = [...made.collect.values()].reduce((sum, each) => sum + each, 0n)
    expect(made.payout).toBeGreaterThanOrEqual(0n)
    expect(collected).toBeLessThanOrEqual(capOf(given))
    expect(amount).toBe(made.payout + collected + made.withhold)
    for (const row of rows) {
      const part = made.collect.get(row.id) ?? 0n
      row.open -= part
      row.setOff += part
      expect(row.open).toBeGreaterThanOrEqual(0n)
    }
    state.has -= collected + made.payout
    state.outstanding -= made.withhold
    state.paid += made.payout
    expect(state.has).toBeGreaterThanOrEqual(0n)
  }
  const step = (each: object) => {
    if ('sell' in each && typeof each.sell === 'bigint') {
      state.has += each.sell
      state.owedByCycle += each.sell
    }
    if ('lose' in each && typeof each.lose === 'bigint') {
      if (state.has < each.lose) owe(each.lose)
      else {
        state.has -= each.lose
        state.outstanding += each.lose
        state.taken += each.lose
      }
    }
    if ('win' in each && typeof each.win === 'bigint' && state.taken >= each.win) {
      state.has += each.win
      state.outstanding -= each.win
      state.taken -= each.win
    }
    if ('charge' in each && typeof each.charge === 'bigint') {
      const borne = state.has < each.charge ? state.has : each.charge
      const free = state.owedByCycle > 0n ? state.owedByCycle : 0n
      state.has -= borne < free ? borne : free
      state.owedByCycle -= each.charge
    }
    if ('forgive' in each && typeof each.forgive === 'bigint') {
      const [row] = rows.filter(one => one.open > 0n)
      if (row !== undefined) {
        const part = row.open < each.forgive ? row.open : each.forgive
        row.open -= part
        row.writtenOff += part
      }
    }
    if ('cycle' in each) settle()
  }
  return { rows, state, step, settle }
}

describe('over any sequence of cycles, disputes and debts', () => {
  it('every debt is set off, open or written off, and no payout is negative or beyond the cap', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { maxLength: 40 }),
        fc.integer({ min: 0, max: 100 }),
        (steps, cap) => {
          const { rows, step } = createLife(cap)
          for (const each of steps) step(each)
          const sum = (pick: (row: Row) => bigint) =>
            rows.reduce((left, row) => left + pick(row), 0n)
          expect(sum(row => row.setOff + row.open + row.writtenOff)).toBe(sum(row => row.original))
        },
      ),
    )
  })

  it('without a cap the seller is left with what is pending for a later cycle, and nothing is lost', () => {
    const withoutCharges = anyStep.filter(each => !('charge' in each) && !('forgive' in each))
    fc.assert(
      fc.property(fc.array(withoutCharges, { maxLength: 40 }), steps => {
        const { rows, state, step, settle } = createLife(100)
        for (const each of steps) step(each)
        settle()
        // What the account has beyond what is outstanding is nothing: each unit went once.
        const open = rows.reduce((sum, row) => sum + row.open, 0n)
        expect(state.has).toBe(-state.outstanding)
        expect(open).toBeGreaterThanOrEqual(0n)
      }),
    )
  })
})
