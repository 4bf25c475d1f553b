import { describe, expect, it } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { storedFrom } from '../../test/builders/movement.ts'
import { orderWith } from '../../test/builders/order.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Movement } from './movement.ts'
import { type TransferFacts, planTransfer } from './plan-transfer.ts'
import type { Plan } from './plan.ts'
import { changeOf } from './replan.ts'

const now = at('10:00')
const planOf = (change: Partial<TransferFacts> = {}) => planTransfer(transferFacts(change), exact)

const move = planOf()
const held = planOf({ paused: true })
const gone = planOf({ movedBefore: true })
const more = planOf({ order: orderWith({ total: 12_000n }) })
const elsewhere = planOf({ payment: null, debited: null })
const nothing: Plan = { ...move, decision: { to: 'nothing' } }

function stored(status: MovementStatus, change: Partial<Movement> = {}): Movement {
  const plan = status === 'on_hold' ? held : status === 'canceled' ? gone : move
  const first = changeOf(null, plan, now)
  if (first === null) throw new Error('the first plan writes nothing')
  return { ...storedFrom(first), status, ...change }
}

function changed(before: Movement | null, plan: Plan): string {
  const change = changeOf(before, plan, now)
  return change === null ? '-' : `${change.to} ${change.reason ?? change.amount}`
}

describe('changeOf', () => {
  it.each<[string, string, string, string, string]>([
    // stored      move             held              given up                     nothing owed
    ['none', 'pending 9000', 'on_hold paused', 'canceled already_moved', '-'],
    ['on_hold', 'pending 9000', '-', 'canceled already_moved', 'canceled amount_not_positive'],
    ['pending', '-', 'on_hold paused', 'canceled already_moved', 'canceled amount_not_positive'],
    ['submitted', '-', '-', '-', '-'],
    ['accepted', '-', '-', '-', '-'],
    ['failed', '-', '-', 'canceled already_moved', 'canceled amount_not_positive'],
    ['succeeded', '-', '-', '-', '-'],
    ['canceled', '-', '-', '-', '-'],
  ])('of %s', (status, ...expected) => {
    const before = status === 'none' ? null : stored(status as MovementStatus)
    expect([move, held, gone, nothing].map(plan => changed(before, plan))).toEqual(expected)
  })

  it('changes amount, reason and route only before anything was asked', () => {
    expect(changed(stored('pending'), more)).toBe('pending 11000')
    expect(changed(stored('on_hold'), elsewhere)).toBe('on_hold payment_unknown')
    const dearer = planOf({ order: orderWith({ total: 12_000n }), paused: true })
    expect(changeOf(stored('on_hold'), dearer, now)).toMatchObject({
      to: 'on_hold',
      amount: 11_000n,
    })
    for (const status of ['submitted', 'accepted', 'succeeded'] as const) {
      expect(changed(stored(status), more)).toBe('-')
    }
  })

  it('writes another route for the same amount', () => {
    const account = transferFacts().account
    if (account === null) throw new Error('no account')
    const rerouted = planOf({ account: { ...account, id: 'acct_2' } })
    expect(changed(stored('pending'), rerouted)).toBe('pending 9000')
  })

  it('does not mind the order in which an instruction was stored', () => {
    const { instruction } = stored('pending')
    const turned = Object.fromEntries(Object.entries(instruction ?? {}).toReversed())
    const before = stored('pending', { instruction: turned as unknown as Movement['instruction'] })
    expect(changed(before, move)).toBe('-')
  })

  it.each([
    ['at its time', at('10:00'), 'pending 9000'],
    ['not before its time', at('10:01'), '-'],
    ['not by itself', null, '-'],
  ])('sends a refusal again %s', (_name, nextLookAt, expected) => {
    expect(changed(stored('failed', { nextLookAt }), move)).toBe(expected)
    expect(changed(stored('failed', { nextLookAt }), held)).toBe('-')
  })

  it('sends something else than what was refused at once', () => {
    const refused = stored('failed', { nextLookAt: null })
    expect(changed(refused, more)).toBe('pending 11000')
    expect(changed(refused, move)).toBe('-')
  })

  it('defect 20: an amount of 0 writes no movement, whatever is decided', () => {
    const order = orderWith({ commission: 10_000n })
    const refused = orderWith({ total: 0n, commission: 0n }, { state: 'REFUSED' })
    expect(planOf({ order }).decision).toMatchObject({ to: 'cancel', amount: 0n })
    expect(changed(null, planOf({ order }))).toBe('-')
    expect(changed(null, planOf({ order, paused: true }))).toBe('-')
    expect(changed(null, planOf({ order: refused }))).toBe('-')
    expect(changed(stored('on_hold'), planOf({ order }))).toBe('canceled amount_not_positive')
  })
})
