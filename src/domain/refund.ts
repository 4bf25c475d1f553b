import type { Currency } from './currency.ts'
import type { Movement } from './movement.ts'

/** A refund that the marketplace asks to be paid (PA12, SPA12). Amount in minor units. */
export interface MarketplaceRefund {
  /** The marketplace's id of the refund; it names its movement too. */
  readonly id: string
  readonly domain: 'product' | 'service'
  readonly orderId: string
  /** Null for services: SPA12 names no line. */
  readonly lineId: string | null
  /** Null for services until their order is known: SPA12 names no purchase. */
  readonly purchaseId: string | null
  readonly sellerId: string | null
  /** What the customer gets back; the only amount that counts for that. */
  readonly amount: bigint
  readonly currency: Currency
}

/** A refund with what Tributary knows of it beside the marketplace's list. Minor units. */
export interface RefundCase extends MarketplaceRefund {
  /**
   * What the refund takes off the order's share, the operator's part included; null until the order
   * was read with this refund on one of its lines.
   */
  readonly share: bigint | null
  /** Commission that goes back to the seller, its tax included; null as `share`. */
  readonly commission: bigint | null
  /**
   * Tax that went to the tax account and comes back from there; 0 without tax split. It follows from
   * what the order's transfer was made net of, so it is found anew whenever it is looked at.
   */
  readonly tax: bigint
  /** The payment that was captured less, or will be, in place of a refund; null: none. */
  readonly releasedBy: string | null
}

/**
 * Was this refund given up unsent, because a capture left it out or nothing was to be refunded?
 * `movement` is the refund's own.
 */
export function isNeedless({ status, reason }: Pick<Movement, 'status' | 'reason'>): boolean {
  return status === 'canceled' && reason === 'amount_not_positive'
}

/**
 * Has nothing been sent for a refund that was promised out of the authorisation? One that waited for
 * a capture's answer is on hold until the capture has left it out, and is needless then.
 */
export function isUnsent(movement: Pick<Movement, 'status' | 'reason'>): boolean {
  return movement.status === 'on_hold' || isNeedless(movement)
}

/**
 * What a seller gives back for a refund: without the commission and the tax that never were the
 * seller's. Null while the order has not said how much commission goes back.
 */
export function owedBySeller(
  refund: Pick<RefundCase, 'share' | 'commission' | 'tax'>,
): bigint | null {
  if (refund.share === null || refund.commission === null) return null
  const owed = refund.share - refund.commission - refund.tax
  return owed > 0n ? owed : 0n
}

/**
 * What a refund leaves to its seller: commission that is given back beyond what is refunded without
 * tax. 0 nearly always; null as above.
 */
export function owedToSeller(
  refund: Pick<RefundCase, 'share' | 'commission' | 'tax'>,
): bigint | null {
  if (refund.share === null || refund.commission === null) return null
  const owed = refund.commission + refund.tax - refund.share
  return owed > 0n ? owed : 0n
}
