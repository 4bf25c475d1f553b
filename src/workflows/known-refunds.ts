import type { KnownRefund } from '../domain/order-refunds.ts'
import { isUnsent } from '../domain/refund.ts'
import { refundsOfOrders } from '../store/marketplace-refunds.ts'
import { movementsOfSources } from '../store/movements.ts'
import { standingOf } from './refund-facts.ts'
import type { Deciding } from './work.ts'

/** Refunds by order as they stand at the provider, for orders that have any. */
export async function knownRefunds(
  work: Deciding,
  orderIds: readonly string[],
): Promise<Map<string, KnownRefund[]>> {
  const { queries } = work.database
  const { id } = work.environment
  const refunds = await refundsOfOrders(queries, id, orderIds)
  const known = new Map<string, KnownRefund[]>()
  if (refunds.length === 0) return known
  const refundIds = refunds.map(refund => refund.id)
  const moved = (await movementsOfSources(queries, id, ['refund'], refundIds)).filter(
    each => each.source.type === 'refund',
  )
  const movementIds = moved.map(each => each.id)
  const returns = await movementsOfSources(queries, id, ['return'], movementIds)
  const returned = new Set(returns.map(each => each.source.id))
  for (const refund of refunds) {
    const movement = moved.find(each => each.source.id === refund.id) ?? null
    // Promised out of the authorisation, and never sent as a refund: it stands.
    const isFree = movement === null || isUnsent(movement)
    const released = refund.releasedBy !== null && isFree
    const standing = standingOf(movement, returned, released)
    if (standing === 'open') continue
    const stands = standing !== 'refused'
    known.set(refund.orderId, [...(known.get(refund.orderId) ?? []), { ...refund, stands }])
  }
  return known
}
