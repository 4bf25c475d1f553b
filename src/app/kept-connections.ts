import type { Facts } from '../domain/json.ts'
import { type ConnectionKind, connectionsOf, saveConnection } from '../store/connections.ts'
import type { Connected } from './config.ts'
import type { Records } from './records.ts'
import type { Secrets } from './secrets.ts'

interface Wanted {
  readonly kind: ConnectionKind
  readonly settings: Facts
  readonly secrets: string
}

/**
 * Keeps what the variables say about the connections beside the environment, secrets encrypted.
 * Reading the former ones first shows a wrong secret key at the start, not at a seller's click.
 * @throws UsageError when the stored secrets were sealed with another key
 */
export async function keepConnections(
  records: Records,
  environmentId: string,
  connections: Connected,
  secrets: Secrets,
): Promise<void> {
  const { queries } = records.database
  const stored = new Map(
    (await connectionsOf(queries, environmentId)).map(each => [each.kind, each]),
  )
  for (const wanted of wantedOf(connections)) {
    const place = `${environmentId}/${wanted.kind}`
    const old = stored.get(wanted.kind)
    const sealedBefore = old?.secrets ?? null
    const opened = sealedBefore === null ? null : secrets.open(sealedBefore, place)
    const same = opened === wanted.secrets && equal(old?.settings, wanted.settings)
    if (same) continue
    const sealed = secrets.seal(wanted.secrets, place)
    const { kind, settings } = wanted
    const connection = { kind, settings, secrets: sealed }
    await saveConnection(queries, environmentId, connection, records.clock.now())
  }
}

function wantedOf({ mirakl, stripe }: Connected): Wanted[] {
  const { auth, ...tenant } = mirakl
  const { secretKey, sellersWebhookSecret, operatorWebhookSecret, ...account } = stripe
  return [
    { kind: 'mirakl', settings: { ...tenant }, secrets: JSON.stringify(auth) },
    {
      kind: 'stripe',
      settings: { ...account },
      secrets: JSON.stringify({ secretKey, sellersWebhookSecret, operatorWebhookSecret }),
    },
  ]
}

/** jsonb does not keep the order of its keys. */
function equal(left: Facts | undefined, right: Facts): boolean {
  const text = (facts: Facts) =>
    JSON.stringify(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return left !== undefined && text(left) === text(right)
}
