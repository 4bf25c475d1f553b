import type { Movement } from '../../domain/movement.ts'

/** The key of our movement's id in the metadata of everything that we make at Stripe. */
export const movementKey = 'tributary_movement'

export const pluginName = 'tributary'

/**
 * What is written on an object of ours: our movement's id to find it by, and the names of the old
 * connector (`miraklId` the order, `invoiceId` the cycle), which reports and exports rely on.
 */
export function metadataOf(movement: Movement, pluginVersion: string): Record<string, string> {
  const { orderId, sellerId, cycleId } = movement.parties
  return {
    [movementKey]: movement.id,
    ...(movement.source.type === 'refund' ? { miraklRefundId: movement.source.id } : {}),
    ...(orderId === null ? {} : { miraklId: orderId, miraklOrderId: orderId }),
    ...(sellerId === null ? {} : { miraklShopId: sellerId }),
    ...(cycleId === null ? {} : { invoiceId: cycleId }),
    pluginName,
    pluginVersion,
  }
}

/** Is this object the one that the movement made? */
export function isOf(
  object: { readonly metadata: Readonly<Record<string, string>> | null },
  movement: Movement,
): boolean {
  return object.metadata?.[movementKey] === movement.id
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
