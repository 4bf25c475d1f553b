import type { Movement } from '../../domain/movement.ts'

/** What the provider was asked, or what was observed; minor units. */
export function sentOf(movement: Movement): bigint {
  return movement.sentAmount ?? movement.amount ?? 0n
}

export function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((left, right) => left + right, 0n)
}
