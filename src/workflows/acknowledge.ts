import { saveAcknowledgement } from '../store/acknowledgements.ts'
import { movementById } from '../store/movements.ts'
import { notificationById } from '../store/notifications.ts'
import type { Work } from './work.ts'

export type Acknowledged =
  { readonly ok: true; readonly message: string } | { readonly ok: false; readonly message: string }

type Acknowledging = Pick<Work, 'database' | 'environment' | 'clock' | 'actor'>

/**
 * Takes note of a failed or held movement, or of a notification that is not delivered: the daily
 * mail does not name it again, unless it fails or is held for another reason. Nothing is moved.
 */
export async function acknowledge(work: Acknowledging, id: string): Promise<Acknowledged> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const at = work.clock.now()
  const movement = await movementById(queries, environmentId, id)
  if (movement !== null) {
    const open = ['failed', 'on_hold', 'submitted'].includes(movement.status)
    if (!open)
      return { ok: false, message: `movement ${id} is ${movement.status}: nothing to note` }
    const note = {
      subject: 'movement',
      id,
      reason: movement.reason ?? '',
      actor: work.actor,
    } as const
    await saveAcknowledgement(queries, environmentId, note, at)
    return {
      ok: true,
      message: `movement ${id} is acknowledged: ${movement.reason ?? 'no answer'}`,
    }
  }
  const notification = await notificationById(queries, environmentId, id)
  if (notification === null) return { ok: false, message: `no movement or notification ${id}` }
  const note = { subject: 'notification', id, reason: '', actor: work.actor } as const
  await saveAcknowledgement(queries, environmentId, note, at)
  return { ok: true, message: `notification ${id} is acknowledged` }
}
