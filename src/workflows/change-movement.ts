import type { Movement } from '../domain/movement.ts'
import { reopenOrder } from '../store/orders.ts'
import { moveMovement } from '../store/movement-sending.ts'
import { movementById } from '../store/movements.ts'
import { setCycleOpen } from '../store/cycles.ts'
import { reopenRefund } from './movement-consequences.ts'
import type { Work } from './work.ts'

type Acting = Pick<Work, 'database' | 'environment' | 'clock' | 'actor'>

export type Changed =
  | { readonly ok: true; readonly movement: Movement }
  | { readonly ok: false; readonly problem: 'unknown' | 'not_allowed'; readonly message: string }

/**
 * An operator sends a refused movement again: the next run of a worker asks the provider with a new
 * attempt. What waits for an answer cannot be retried: money may have moved.
 */
export async function retryMovement(work: Acting, id: string): Promise<Changed> {
  return change(work, id, async movement => {
    if (movement.source.type === 'provider' && movement.origin === 'observed') {
      return 'it was made at the provider by hand; make it there again'
    }
    if (movement.status !== 'failed') {
      return `it is ${movement.status}; only a failed movement can be retried`
    }
    return 'pending'
  })
}

/** An operator gives a movement up. What was asked cannot be taken back by us. */
export async function cancelMovement(work: Acting, id: string): Promise<Changed> {
  return change(work, id, async movement => {
    const may = ['on_hold', 'pending', 'failed'].includes(movement.status)
    return may ? 'canceled' : `it is ${movement.status}; it can no longer be canceled`
  })
}

async function change(
  work: Acting,
  id: string,
  decide: (movement: Movement) => Promise<string>,
): Promise<Changed> {
  const environmentId = work.environment.id
  const movement = await movementById(work.database.queries, environmentId, id)
  if (movement === null) return { ok: false, problem: 'unknown', message: `no movement ${id}` }
  const to = await decide(movement)
  if (to !== 'pending' && to !== 'canceled') {
    return { ok: false, problem: 'not_allowed', message: `movement ${id} was not changed: ${to}` }
  }
  const moved = await work.database.inTransaction(async queries => {
    const { orderId, cycleId } = movement.parties
    const done = await moveMovement(queries, environmentId, movement, {
      to,
      actor: work.actor,
      now: work.clock.now(),
      reason: to === 'canceled' ? 'canceled_by_operator' : null,
      facts: {},
    })
    if (done && orderId !== null) await reopenOrder(queries, environmentId, orderId)
    await reopenRefund(queries, work, movement)
    if (done && cycleId !== null) await setCycleOpen(queries, environmentId, cycleId, true)
    return done
  })
  if (!moved) {
    return { ok: false, problem: 'not_allowed', message: `movement ${id} moved on meanwhile` }
  }
  const after = await movementById(work.database.queries, environmentId, id)
  return { ok: true, movement: after ?? movement }
}
