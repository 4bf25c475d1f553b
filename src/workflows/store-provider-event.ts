import { storeEvent } from '../store/inbound-events.ts'
import type { EventReader } from './ports.ts'
import type { Work } from './work.ts'

export type Receipt =
  | { readonly result: 'stored' | 'duplicate'; readonly id: string; readonly type: string }
  | { readonly result: 'refused'; readonly problem: string }

/**
 * Verifies and stores a webhook; a job applies it. Every verified event is stored and answered 200,
 * whatever its type: an endpoint that answers 400 to a type it does not know is switched off by Stripe.
 */
export async function storeProviderEvent(
  work: Pick<Work, 'database' | 'environment' | 'clock'>,
  reader: EventReader,
  delivery: {
    body: string
    signature: string | null
    secrets: readonly string[]
    provider: string
  },
): Promise<Receipt> {
  const verified = reader.verify(delivery.body, delivery.signature, delivery.secrets)
  if (!verified.ok) return { result: 'refused', problem: verified.problem }
  const { event, raw } = verified
  const { queries } = work.database
  const stored = { ...event, provider: delivery.provider, body: raw }
  const fresh = await storeEvent(queries, work.environment.id, stored, work.clock.now())
  return { result: fresh ? 'stored' : 'duplicate', id: event.id, type: event.type }
}
