import type { Json } from './json.ts'
import type { Movement } from './movement.ts'

/**
 * What the operator's own URL is told. Types, keys and kinds of values are those that operators of
 * the connector before ours have programmed against: they are never changed, only documented.
 */
export const notificationTypes = [
  'account.updated',
  'transfer.failed',
  'refund.failed',
  'payout.failed',
] as const
export type NotificationType = (typeof notificationTypes)[number]

export interface Notification {
  readonly type: NotificationType
  readonly payload: { readonly [key: string]: Json }
}

/** Why a movement failed, and what the provider calls it and its counterpart. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** The provider's id of the movement, if it got that far. */
  readonly providerId: string | null
  /** Of a refund: the id of its reversal; of a reversal: that of its refund. */
  readonly counterpart: string | null
}

const reasonMax = 1000

/** The connected account of a shop was changed by the seller or the provider. */
export function accountUpdated(sellerId: string, accountId: string): Notification {
  return {
    type: 'account.updated',
    payload: { miraklShopId: numberOr(sellerId), stripeUserId: accountId },
  }
}

/**
 * A movement was refused for certain; null for kinds that nobody is told about.
 * @param internalId a whole number that stays with the movement
 */
export function movementFailed(
  movement: Movement,
  internalId: number,
  refusal: Refusal,
): Notification | null {
  switch (movement.kind) {
    case 'transfer':
    case 'tax_transfer':
    case 'restitution':
    case 'credit':
    case 'collection':
      return transferFailed(movement, internalId, refusal)
    case 'refund':
    case 'reversal':
    case 'tax_reversal':
      return refundFailed(movement, internalId, refusal)
    case 'payout':
      return payoutFailed(movement, internalId, refusal)
    default:
      return null
  }
}

function transferFailed(movement: Movement, internalId: number, refusal: Refusal): Notification {
  const { parties, instruction } = movement
  return {
    type: 'transfer.failed',
    payload: {
      internalId,
      miraklId: numberOr(parties.orderId ?? parties.cycleId ?? movement.source.id),
      type: transferType(movement),
      stripeAccountId: movement.account,
      miraklShopId: numberOr(parties.sellerId),
      transferId: refusal.providerId,
      transactionId: instruction?.do === 'transfer' ? instruction.sourceCharge : null,
      amount: amountOf(movement),
      status: 'TRANSFER_FAILED',
      failedReason: refusal.message.slice(0, reasonMax),
      currency: movement.currency.toUpperCase(),
    },
  }
}

function transferType(movement: Movement): string {
  if (movement.kind === 'credit') return 'TRANSFER_EXTRA_CREDITS'
  if (movement.kind === 'collection' && movement.source.type === 'cycle') {
    return movement.source.part === 'subscription'
      ? 'TRANSFER_SUBSCRIPTION'
      : 'TRANSFER_EXTRA_INVOICES'
  }
  if (movement.kind === 'restitution') return 'TRANSFER_REFUND'
  return 'TRANSFER_ORDER'
}

function refundFailed(movement: Movement, internalId: number, refusal: Refusal): Notification {
  const isRefund = movement.kind === 'refund'
  const { source, parties } = movement
  return {
    type: 'refund.failed',
    payload: {
      internalId,
      miraklOrderId: parties.orderId ?? parties.purchaseId,
      miraklRefundId: source.type === 'refund' ? source.id : null,
      stripeRefundId: isRefund ? refusal.providerId : refusal.counterpart,
      stripeReversalId: isRefund ? refusal.counterpart : refusal.providerId,
      amount: amountOf(movement),
      status: 'REFUND_FAILED',
      failedReason: refusal.message.slice(0, reasonMax),
      currency: movement.currency.toUpperCase(),
    },
  }
}

function payoutFailed(movement: Movement, internalId: number, refusal: Refusal): Notification {
  const reason = `${refusal.code}: ${refusal.message}`
  return {
    type: 'payout.failed',
    payload: {
      internalId,
      amount: amountOf(movement),
      currency: movement.currency.toUpperCase(),
      miraklInvoiceId: numberOr(movement.parties.cycleId),
      stripePayoutId: refusal.providerId,
      status: 'PAYOUT_FAILED',
      failedReason: reason.slice(0, reasonMax),
    },
  }
}

/** Minor units as the number that the payloads have; amounts stay far below 2^53. */
function amountOf(movement: Movement): number {
  return Number(movement.sentAmount ?? movement.amount ?? 0n)
}

/** Mirakl's numeric ids as numbers, as the payloads show them; any other id stays a text. */
function numberOr(id: string | null): number | string | null {
  return id !== null && /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id
}
