import { environmentBySlug } from '../store/environments.ts'
import { listMovements } from '../store/movements.ts'
import type { Movement } from '../domain/movement.ts'
import { answerMovement, type ByHand } from '../workflows/answer-movement.ts'
import { cancelMovement, type Changed, retryMovement } from '../workflows/change-movement.ts'
import { mapSeller, type Mapping } from '../workflows/map-seller.ts'
import { revokeSellerLink } from '../workflows/revoke-seller-link.ts'
import { findEnvironment, type Records } from './records.ts'
import type { App } from './wiring.ts'

/** What an operator does by hand; the journal names the command line as the actor. */
const actor = 'operator:cli'

export interface MovementLine {
  readonly id: string
  readonly kind: string
  readonly origin: string
  readonly status: string
  readonly reason: string | null
  /** Minor units as text; null: not known yet. */
  readonly amount: string | null
  readonly sentAmount: string | null
  readonly currency: string
  /** The order's or the cycle's own amount, when what moves was converted from it; else null. */
  readonly original: { readonly amount: string; readonly currency: string } | null
  readonly sellerId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly cycleId: string | null
  readonly providerId: string | null
  readonly attempt: number
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly createdAt: string
  readonly updatedAt: string
}

export interface MovementFilter {
  readonly status?: string | undefined
  readonly kind?: string | undefined
  readonly origin?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function movementLines(
  records: Records,
  filter: MovementFilter,
  slug?: string,
): Promise<MovementLine[]> {
  const environment = await findEnvironment(records, slug)
  const found = await listMovements(records.database.queries, environment.id, filter)
  return found.map(movementLine)
}

export function movementLine(movement: Movement): MovementLine {
  const { parties } = movement
  return {
    id: movement.id,
    kind: movement.kind,
    origin: movement.origin,
    status: movement.status,
    reason: movement.reason,
    amount: movement.amount?.toString() ?? null,
    sentAmount: movement.sentAmount?.toString() ?? null,
    currency: movement.currency,
    original:
      movement.original === null
        ? null
        : { ...movement.original, amount: movement.original.amount.toString() },
    sellerId: parties.sellerId,
    orderId: parties.orderId,
    purchaseId: parties.purchaseId,
    cycleId: parties.cycleId,
    providerId: movement.providerId,
    attempt: movement.attempt,
    failure: movement.failure,
    createdAt: movement.createdAt.toISOString(),
    updatedAt: movement.updatedAt.toISOString(),
  }
}

/** An operator's change: what it came to, in one line. */
export interface Changes {
  readonly ok: boolean
  readonly message: string
}

export async function changeMovement(
  records: Records,
  change: 'retry' | 'cancel',
  id: string,
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  const work = { ...records, environment, actor }
  const made: Changed = await (change === 'retry' ? retryMovement : cancelMovement)(work, id)
  if (!made.ok) return { ok: false, message: made.message }
  return { ok: true, message: `movement ${id} is ${made.movement.status}` }
}

/** What a person found at the provider of a movement that needs review. */
export async function answerByHand(
  records: Records,
  id: string,
  found: ByHand,
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  const made = await answerMovement({ ...records, environment, actor }, id, found)
  if (!made.ok) return { ok: false, message: made.message }
  return { ok: true, message: `movement ${id} is ${made.movement.status}` }
}

/** Every link of the shop that was written before stops working. */
export async function revokeLink(
  records: Records,
  sellerId: string,
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  const version = await revokeSellerLink({ ...records, environment }, sellerId)
  if (version === null) return { ok: false, message: `no shop ${sellerId} is known` }
  const message = `the links of shop ${sellerId} are revoked; the next run of onboard-sellers writes a new one`
  return { ok: true, message }
}

export async function mapShop(app: App, sellerId: string, accountId: string): Promise<Changes> {
  const environment =
    (await environmentBySlug(app.database.queries, app.environment.slug)) ?? app.environment
  const made: Mapping = await mapSeller({ ...app, environment }, sellerId, accountId)
  if (!made.ok) return { ok: false, message: made.message }
  return { ok: true, message: `shop ${sellerId} has the account ${accountId}` }
}
