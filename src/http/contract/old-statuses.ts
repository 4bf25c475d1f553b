import type { MovementStatus } from '../../domain/lifecycle.ts'
import type { Movement, MovementKind, SourceType } from '../../domain/movement.ts'
import type { Order } from '../../domain/order.ts'
import { reasons } from '../../domain/reasons.ts'

/** The lists that operators' programs know from the connector before ours. */
export const oldLists = ['transfers', 'payouts', 'refunds'] as const
export type OldList = (typeof oldLists)[number]

type OldState = 'PENDING' | 'ON_HOLD' | 'ABORTED' | 'FAILED' | 'CREATED'
export type OldStatus = `${'TRANSFER' | 'PAYOUT' | 'REFUND'}_${OldState}` | 'TRANSFER_IGNORED'

export type OldType =
  | 'TRANSFER_PRODUCT_ORDER'
  | 'TRANSFER_SERVICE_ORDER'
  | 'TRANSFER_REFUND'
  | 'TRANSFER_SUBSCRIPTION'
  | 'TRANSFER_EXTRA_CREDITS'
  | 'TRANSFER_EXTRA_INVOICES'
  | 'REFUND_PRODUCT_ORDER'
  | 'REFUND_SERVICE_ORDER'

/**
 * Our statuses under their old names. CREATED said that the provider had made the object, no more:
 * so it is from `accepted` on, and whether a payout landed only our own API tells.
 */
const states: Readonly<Record<MovementStatus, OldState>> = {
  on_hold: 'ON_HOLD',
  pending: 'PENDING',
  submitted: 'PENDING',
  accepted: 'CREATED',
  failed: 'FAILED',
  succeeded: 'CREATED',
  canceled: 'ABORTED',
}

const prefixes = { transfers: 'TRANSFER', payouts: 'PAYOUT', refunds: 'REFUND' } as const

/** The list and source of each kind; null: the old connector moved nothing of the kind. */
const places: Readonly<Record<MovementKind, readonly [OldList, SourceType] | null>> = {
  transfer: ['transfers', 'order'],
  tax_transfer: ['transfers', 'order'],
  reversal: ['transfers', 'refund'],
  tax_reversal: ['transfers', 'refund'],
  credit: ['transfers', 'cycle'],
  collection: ['transfers', 'cycle'],
  payout: ['payouts', 'cycle'],
  refund: ['refunds', 'refund'],
  capture: null,
  void: null,
  restitution: null,
  wallet_transfer: null,
  withdrawal: null,
  return: null,
  dispute_loss: null,
  dispute_win: null,
  provider_fee: null,
  sale: null,
  application_fee: null,
  operator_payout: null,
  top_up: null,
}

/** Which movements a list has: pairs of a kind and the type of its source. */
export function placesOf(list: OldList): (readonly [MovementKind, SourceType])[] {
  return Object.entries(places).flatMap(([kind, place]) =>
    place?.[0] === list ? [[kind as MovementKind, place[1]] as const] : [],
  )
}

/** The old status of a movement of a list. A transfer that waits for the ignored flag is IGNORED. */
export function oldStatusOf(
  list: OldList,
  movement: Pick<Movement, 'status' | 'reason'>,
): OldStatus {
  const { status, reason } = movement
  const ignored = status === 'on_hold' && reason === 'seller_ignored'
  if (list === 'transfers' && ignored) return 'TRANSFER_IGNORED'
  return `${prefixes[list]}_${states[status]}`
}

/** The old type; null for payouts, which had none. An order that is not stored counts as products. */
export function oldTypeOf(
  movement: Pick<Movement, 'kind' | 'source'>,
  domain: Order['domain'] | null,
): OldType | null {
  const goods = domain === 'service' ? 'SERVICE' : 'PRODUCT'
  switch (movement.kind) {
    case 'transfer':
    case 'tax_transfer':
      return `TRANSFER_${goods}_ORDER`
    case 'reversal':
    case 'tax_reversal':
      return 'TRANSFER_REFUND'
    case 'credit':
      return 'TRANSFER_EXTRA_CREDITS'
    case 'collection':
      return movement.source.part === 'subscription'
        ? 'TRANSFER_SUBSCRIPTION'
        : 'TRANSFER_EXTRA_INVOICES'
    case 'refund':
      return `REFUND_${goods}_ORDER`
    default:
      return null
  }
}

/** Why it waits, failed or was given up, as one English text; null: nothing is the matter. */
export function oldReasonOf(
  movement: Pick<Movement, 'status' | 'reason' | 'failure'>,
): string | null {
  const { status, reason, failure } = movement
  if (status === 'failed' && failure !== null) return `${failure.code}: ${failure.message}`
  if (status !== 'on_hold' && status !== 'canceled' && status !== 'failed') return null
  return reason === null ? null : `${reason}: ${reasons[reason].text.en}`
}
