import { movementStatuses } from '../domain/lifecycle.ts'
import { movementKinds } from '../domain/movement.ts'
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

/** @throws UsageError for anything but a whole number from 1 to `max` */
export function readCount(name: string, text: string, max: number): number {
  return wholeNumberOf({ [name]: text }, name, { min: 1, max }) ?? max
}
