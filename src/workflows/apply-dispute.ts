import type { Queries } from '../database/connection.ts'
import type { Dispute, DisputePosting } from '../domain/dispute.ts'
import type { MovementKind, MovementParties } from '../domain/movement.ts'
import { saveDispute } from '../store/disputes.ts'
import { insertObserved } from '../store/movement-observing.ts'
import { ordersOfPurchases } from '../store/orders.ts'
import { type Observing, paymentOf } from './observed-parties.ts'

/**
 * Stores a dispute as the provider shows it now and books what it did to the balance, each entry
 * once, in whatever order its events come. An inquiry has no entries: nothing is booked.
 */
export async function applyDispute(work: Observing, told: Dispute): Promise<void> {
  const readAt = work.clock.now()
  // The event may be older than others that came before it: the provider has the truth.
  await recordDispute(work, (await work.provider.dispute?.(told.id)) ?? told, readAt)
}

/** @param readAt when the provider showed the dispute so; an older word changes nothing */
export async function recordDispute(
  work: Observing,
  dispute: Dispute,
  readAt: Date,
): Promise<void> {
  const payment = await paymentOf(work, dispute.chargeId)
  const purchaseId = payment?.purchaseId ?? null
  await work.database.inTransaction(async queries => {
    const environmentId = work.environment.id
    const stored = { ...dispute, purchaseId }
    await saveDispute(queries, environmentId, work.provider.name, stored, readAt)
    if (dispute.postings.length === 0) return
    const parties = await partiesOf(queries, work, payment?.id ?? dispute.paymentId, purchaseId)
    for (const posting of dispute.postings) await book(queries, work, { dispute, posting, parties })
  })
}

/** Whose order it was can be said only when the purchase has one. */
async function partiesOf(
  queries: Queries,
  work: Observing,
  paymentId: string,
  purchaseId: string | null,
): Promise<MovementParties> {
  const orders =
    purchaseId === null ? [] : await ordersOfPurchases(queries, work.environment.id, [purchaseId])
  const [only] = orders
  const order = orders.length === 1 ? only : undefined
  return {
    sellerId: order?.sellerId ?? null,
    orderId: order?.id ?? null,
    purchaseId,
    cycleId: null,
    paymentId,
  }
}

interface Booking {
  readonly dispute: Dispute
  readonly posting: DisputePosting
  readonly parties: MovementParties
}

async function book(queries: Queries, work: Observing, booking: Booking): Promise<void> {
  const { amount, fee } = booking.posting
  if (amount < 0n) await insert(queries, work, booking, 'dispute_loss', -amount)
  if (amount > 0n) await insert(queries, work, booking, 'dispute_win', amount)
  if (fee > 0n) await insert(queries, work, booking, 'provider_fee', fee)
  if (fee < 0n) await insert(queries, work, booking, 'return', -fee)
}

async function insert(
  queries: Queries,
  work: Observing,
  { dispute, posting, parties }: Booking,
  kind: MovementKind,
  amount: bigint,
): Promise<void> {
  await insertObserved(queries, work.environment.id, {
    id: work.names.next('mv'),
    kind,
    source: { type: 'provider', id: posting.id, part: '', sequence: 1 },
    parties,
    status: 'succeeded',
    reason: null,
    currency: posting.currency,
    amount,
    account: null,
    provider: work.provider.name,
    providerId: dispute.id,
    failure: null,
    facts: {
      dispute: dispute.id,
      reason: dispute.reason,
      charge: dispute.chargeId,
      bookedAt: posting.at.toISOString(),
      ...(kind === 'return' ? { of: 'provider_fee', kind: 'provider_fee' } : {}),
    },
    actor: work.actor,
    now: work.clock.now(),
  })
}
