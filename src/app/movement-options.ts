import { UsageError } from '../domain/errors.ts'
import type { ByHand } from '../workflows/answer-movement.ts'
import { movementStatuses } from '../domain/lifecycle.ts'
import { movementKinds, movementOrigins } from '../domain/movement.ts'
import { choiceOf, wholeNumberOf } from './environment-values.ts'

/** @throws UsageError for a status that does not exist */
export function readStatus(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : choiceOf({ '--status': text }, '--status', movementStatuses, 'pending')
}

/** @throws UsageError for a kind that does not exist */
export function readKind(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : choiceOf({ '--kind': text }, '--kind', movementKinds, 'transfer')
}

/** @throws UsageError for anything but `planned` or `observed` */
export function readOrigin(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : choiceOf({ '--origin': text }, '--origin', movementOrigins, 'planned')
}

/** @throws UsageError for anything but a whole number from 1 to `max` */
export function readCount(name: string, text: string, max: number): number {
  return wholeNumberOf({ [name]: text }, name, { min: 1, max }) ?? max
}

/** What a person says of a movement that needs review: one of the two. @throws UsageError */
export function readFound(options: { providerId?: string; notThere?: boolean }): ByHand {
  const { providerId, notThere } = options
  if (providerId !== undefined && notThere !== true) return { providerId }
  if (providerId === undefined && notThere === true) return { notThere }
  const message = 'say either --provider-id with what you found, or --not-there'
  throw new UsageError('movements answer', message)
}
