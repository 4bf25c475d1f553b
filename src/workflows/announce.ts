import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import { accountUpdated, movementFailed, type Notification } from '../domain/notification.ts'
import { numberOfMovement } from '../store/movement-numbers.ts'
import { movementsOfSources } from '../store/movements.ts'
import { addNotification } from '../store/notifications.ts'
import { sellersOfAccount } from '../store/sellers.ts'
import type { Work } from './work.ts'

type Announcing = Pick<Work, 'environment' | 'clock'>

/**
 * Writes the notification of a failed movement, in the SQL transaction that records the failure: it
 * is told if, and only if, that is committed. One for each attempt that was refused.
 * @param taken the provider took back what it had called done
 */
export async function announceFailure(
  queries: Queries,
  work: Announcing,
  movement: Movement,
  refusal: { code: string; message: string; providerId: string | null },
  taken = false,
): Promise<void> {
  const { environment } = work
  // The payloads know orders, refunds and cycles; they have no word for disputes, or for what was
  // made at the provider by hand.
  if (!environment.settings.notifies || movement.source.type === 'provider') return
  const counterpart = await counterpartOf(queries, environment.id, movement)
  const internalId = await numberOfMovement(queries, environment.id, movement.id)
  const notification = movementFailed(movement, internalId, { ...refusal, counterpart })
  if (notification === null) return
  // The id is made from what happened, so that it cannot be announced twice.
  const id = `ntf_${movement.id}_${movement.attempt}${taken ? '_return' : ''}`
  const { sellerId } = movement.parties
  await write(queries, work, notification, { id, sellerId, movementId: movement.id })
}

/** Writes that a connected account has changed, for each shop that is paid to it. */
export async function announceAccount(
  queries: Queries,
  work: Pick<Work, 'environment'>,
  accountId: string,
  seenAt: Date,
): Promise<void> {
  if (!work.environment.settings.notifies) return
  for (const seller of await sellersOfAccount(queries, work.environment.id, accountId)) {
    const id = `ntf_${accountId}_${seller.id}_${seenAt.getTime().toString(36)}`
    const at = { ...work, clock: { now: () => seenAt } }
    const about = { id, sellerId: seller.id, movementId: null }
    await write(queries, at, accountUpdated(seller.id, accountId), about)
  }
}

async function write(
  queries: Queries,
  work: Announcing,
  notification: Notification,
  about: { id: string; sellerId: string | null; movementId: string | null },
): Promise<void> {
  const { type, payload } = notification
  const fresh = { ...about, type, body: JSON.stringify({ type, payload }) }
  await addNotification(queries, work.environment.id, fresh, work.clock.now())
}

/** The reversal of a refund, or the refund of a reversal, as the provider names it. */
async function counterpartOf(
  queries: Queries,
  environmentId: string,
  movement: Movement,
): Promise<string | null> {
  const other = { refund: 'reversal', reversal: 'refund', tax_reversal: 'refund' } as const
  const kind = movement.kind in other ? other[movement.kind as keyof typeof other] : null
  if (kind === null) return null
  const found = await movementsOfSources(queries, environmentId, [kind], [movement.source.id])
  return found.find(each => each.source.type === movement.source.type)?.providerId ?? null
}
