import type { Movement } from '../../domain/movement.ts'
import { isSourceOrLater, sourceText } from '../../domain/restore.ts'

/** The key of our movement's id in the metadata of everything that we make at Stripe. */
export const movementKey = 'tributary_movement'

/** The key of what the movement is for: a restored database knows its id no more. */
const sourceKey = 'tributary_source'

export const pluginName = 'tributary'

/**
 * What is written on an object of ours: our movement's id to find it by, and the names of the old
 * connector (`miraklId` the order, `invoiceId` the cycle), which reports and exports rely on.
 */
export function metadataOf(movement: Movement, pluginVersion: string): Record<string, string> {
  const { orderId, sellerId, cycleId } = movement.parties
  return {
    [movementKey]: movement.id,
    [sourceKey]: sourceText(movement.kind, movement.source),
    ...(movement.source.type === 'refund' ? { miraklRefundId: movement.source.id } : {}),
    ...(orderId === null ? {} : { miraklId: orderId, miraklOrderId: orderId }),
    ...(sellerId === null ? {} : { miraklShopId: sellerId }),
    ...(cycleId === null ? {} : { invoiceId: cycleId }),
    pluginName,
    pluginVersion,
  }
}

/**
 * Is this object the one that the movement made?
 * @param bySource what another movement for the same source made counts too: its row may be lost
 */
export function isOf(
  object: { readonly metadata: Readonly<Record<string, string>> | null },
  movement: Movement,
  bySource: boolean,
): boolean {
  if (object.metadata?.[movementKey] === movement.id) return true
  return bySource && isSourceOrLater(object.metadata?.[sourceKey] ?? '', movement)
}

/** What the old connector wrote on everything that it made, each on some kinds of objects. */
const oldKeys = ['miraklId', 'miraklOrderId', 'miraklRefundId', 'miraklShopId', 'invoiceId']

/** Did the old connector make it? Its import takes it over, so it is nobody's work by hand. */
export function isOldConnectors(object: {
  readonly metadata?: Readonly<Record<string, string>> | null | undefined
}): boolean {
  const { metadata } = object
  return movementIdOf(object) === null && oldKeys.some(key => Boolean(metadata?.[key]))
}

/** The movement that an object names; null when it is none of ours. An empty text counts as none. */
export function movementIdOf(object: {
  readonly metadata?: Readonly<Record<string, string>> | null | undefined
}): string | null {
  return object.metadata?.[movementKey] || null
}
