import type { Selectable } from 'kysely'
import type { Movements } from '../database/tables.ts'
import { isReasonCode } from '../domain/reasons.ts'
import type { Facts } from '../domain/json.ts'
import type { MovementStatus } from '../domain/lifecycle.ts'
import type { Instruction, Movement, MovementKind, SourceType } from '../domain/movement.ts'
import { decodeBody } from './json-body.ts'

/** A row of `movements` as the domain sees it. */
export function movementOf(row: Selectable<Movements>): Movement {
  return {
    id: row.id,
    kind: row.kind as MovementKind,
    origin: row.origin as Movement['origin'],
    source: {
      type: row.source_type as SourceType,
      id: row.source_id,
      part: row.part,
      sequence: row.sequence,
    },
    parties: {
      sellerId: row.seller_id,
      orderId: row.order_id,
      purchaseId: row.purchase_id,
      cycleId: row.cycle_id,
      paymentId: row.payment_id,
    },
    status: row.status as MovementStatus,
    reason: row.reason !== null && isReasonCode(row.reason) ? row.reason : null,
    needsReview: row.needs_review,
    currency: row.currency,
    amount: row.amount,
    sentAmount: row.sent_amount,
    original:
      row.original_amount === null || row.original_currency === null
        ? null
        : { amount: row.original_amount, currency: row.original_currency },
    account: row.account,
    provider: row.provider,
    instruction: row.instruction === null ? null : decodeBody<Instruction>(row.instruction),
    facts: row.facts as Facts,
    attempt: row.attempt,
    attemptedAt: row.attempted_at,
    providerId: row.provider_id,
    failure:
      row.failure_code === null
        ? null
        : { code: row.failure_code, message: row.failure_message ?? '' },
    nextLookAt: row.next_look_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
