import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import { type MovementStatus, lifecycle, mayMove, movementStatuses } from './lifecycle.ts'

/** The design's table, written down a second time: who changes one changes both on purpose. */
const allowed: Record<MovementStatus, MovementStatus[]> = {
  on_hold: ['pending', 'canceled'],
  pending: ['on_hold', 'submitted', 'canceled'],
  submitted: ['accepted', 'succeeded', 'failed'],
  accepted: ['succeeded', 'failed'],
  failed: ['pending', 'canceled'],
  succeeded: [],
  canceled: [],
}

const pairs = movementStatuses.flatMap(from => movementStatuses.map(to => [from, to] as const))

describe('the lifecycle', () => {
  it.each(pairs)('from %s to %s', (from, to) => {
    expect(mayMove(from, to)).toBe(allowed[from].includes(to))
  })

  it('calls final what nothing follows', () => {
    const final = movementStatuses.filter(status => lifecycle[status].final)
    expect(final).toEqual(movementStatuses.filter(status => allowed[status].length === 0))
  })

  it('gives up nothing that was asked: only an answer of the provider leads on from there', () => {
    const asked = movementStatuses.filter(status => lifecycle[status].asked)
    expect(asked).toEqual(['submitted', 'accepted', 'succeeded'])
    const back = ['canceled', 'pending', 'on_hold'] as const
    expect(asked.filter(from => back.some(to => mayMove(from, to)))).toEqual([])
  })

  it('asks a provider only from pending', () => {
    const before = movementStatuses.filter(status => mayMove(status, 'submitted'))
    expect(before).toEqual(['pending'])
  })

  it('never leaves a final status, whatever is tried', () => {
    const tries = fc.array(fc.constantFrom(...movementStatuses), { maxLength: 40 })
    fc.assert(
      fc.property(fc.constantFrom(...movementStatuses), tries, (first, wishes) => {
        let status = first
        let ended: MovementStatus | null = null
        for (const wish of wishes) {
          if (lifecycle[status].final) ended ??= status
          if (mayMove(status, wish)) status = wish
        }
        if (ended !== null) expect(status).toBe(ended)
      }),
    )
  })

  it('lets every movement come to an end', () => {
    for (const status of movementStatuses) {
      const reached = new Set<MovementStatus>([status])
      for (const each of reached) for (const next of lifecycle[each].next) reached.add(next)
      expect([...reached].some(each => lifecycle[each].final)).toBe(true)
    }
  })
})

describe('the schema', () => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase({ poolSize: 2 })
  })
  afterAll(() => database.close())

  it('allows the same statuses, and no other', async () => {
    const { rows } = await sql<{ rule: string }>`
      select pg_get_constraintdef(oid) as rule from pg_constraint
      where conrelid = 'movements'::regclass and conname = 'movements_status_check'`.execute(
      database.queries,
    )
    const named = [...(rows[0]?.rule ?? '').matchAll(/'([a-z_]+)'/g)].map(match => match[1] ?? '')
    expect(new Set(named)).toEqual(new Set(movementStatuses))
  })
})
