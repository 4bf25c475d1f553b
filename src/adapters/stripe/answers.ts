import type { z } from 'zod'
import { storableText } from '../../domain/storable.ts'
import {
  chargeShape,
  intentShape,
  payoutShape,
  refundShape,
  reversalShape,
  topupShape,
  transferShape,
} from './shapes.ts'

/** Levels of an answer that are read; Stripe's own have about ten. */
const levelsMax = 100

/** What each object must have; of others, and of the rows of lists, their readers say it. */
const shapes: Readonly<Record<string, z.ZodType>> = {
  charge: chargeShape,
  payment_intent: intentShape,
  payout: payoutShape,
  refund: refundShape,
  topup: topupShape,
  transfer: transferShape,
  transfer_reversal: reversalShape,
}

/**
 * Is it an object of Stripe's with all that is read of it? The SDK takes every JSON without an
 * `error` member for a success, whatever its status; and an answer without its amount or id says
 * nothing of what became of the money.
 */
export function isReadable(answer: object): boolean {
  if (!('object' in answer) || typeof answer.object !== 'string') return false
  // Without `has_more`, "not found" would be said of what stands on the next page.
  if (answer.object === 'list')
    return 'data' in answer && Array.isArray(answer.data) && hasMore(answer)
  const shape = Object.hasOwn(shapes, answer.object) ? shapes[answer.object] : undefined
  return shape === undefined || shape.safeParse(answer).success
}

/**
 * Is a row of a list one that can be told apart from others: of a known kind, whole, with metadata?
 */
export function isRecognisable(row: unknown): boolean {
  if (typeof row !== 'object' || row === null || !isReadable(row)) return false
  if (!('object' in row) || !('metadata' in row) || !('id' in row)) return false
  const isKnown = row.object === 'account' || Object.hasOwn(shapes, String(row.object))
  return isKnown && typeof row.metadata === 'object' && typeof row.id === 'string'
}

function hasMore(answer: object): boolean {
  return 'has_more' in answer && typeof answer.has_more === 'boolean'
}

/** Replaces, in place, every text that the database refuses, and drops what is nested too deep. */
export function makeStorable(value: object, levels = levelsMax): void {
  const fields = value as Record<string, unknown>
  for (const key of Object.keys(fields)) {
    const each = fields[key]
    if (typeof each === 'string') fields[key] = storableText(each)
    else if (typeof each === 'object' && each !== null) {
      if (levels === 0) fields[key] = null
      else makeStorable(each, levels - 1)
    }
  }
}
