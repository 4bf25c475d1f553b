import type { AuditCause } from './audit-causes.ts'
import type { Currency } from './currency.ts'
import type { Instruction, Movement } from './movement.ts'

/** How the provider rounds what it cannot express. */
export type Rounding = (
  amount: bigint,
  currency: Currency,
  direction: 'down' | 'up',
  use: Instruction['do'],
) => bigint

/** `agrees`; `waits`: something of it is still to come, and says so itself; else the likely cause. */
export type Verdict = 'agrees' | 'waits' | AuditCause

/** What should have moved and what did. Minor units; below zero: from the seller. */
export interface Compared {
  readonly should: bigint
  readonly did: bigint
  readonly verdict: Verdict
}

/** Is the money there, or on its way for certain? */
export function stands({ status }: Movement): boolean {
  return status === 'accepted' || status === 'succeeded'
}

/** Is it still to be sent, or without an answer? */
export function isOpen({ status }: Movement): boolean {
  return ['on_hold', 'pending', 'submitted', 'failed'].includes(status)
}

/** Did an operator or the provider make it by hand, without us? Imported movements are not. */
export function isByHand({ origin, source }: Movement): boolean {
  return origin === 'observed' && source.type === 'provider'
}

/** What a dispute takes and gives back is owed by the dispute, not by the order. */
export function isOfDispute({ origin, source }: Movement): boolean {
  return origin === 'planned' && source.type === 'provider'
}

/**
 * What a movement moved, in the order's currency. What only the provider's rounding kept back counts
 * as moved: it is credited with a later cycle.
 */
export function movedBy(movement: Movement, round: Rounding): bigint {
  const { original, amount, sentAmount, currency, instruction } = movement
  if (original !== null) return original.amount
  const sent = sentAmount ?? amount ?? 0n
  if (amount === null || instruction === null) return sent
  const least = round(amount, currency, 'down', instruction.do)
  const most = round(amount, currency, 'up', instruction.do)
  return least <= sent && sent <= most ? amount : sent
}

/** Adds up movements that stand; what the provider took back counts as never made. */
export function sumOf(
  movements: readonly Movement[],
  returned: ReadonlySet<string>,
  round: Rounding,
): bigint {
  return movements
    .filter(each => stands(each) && !returned.has(each.id))
    .reduce((sum, each) => sum + signOf(each) * movedBy(each, round), 0n)
}

const takes: readonly string[] = ['reversal', 'tax_reversal', 'collection']

/** 1: towards the seller, the customer or the tax account; -1: from there. */
export function signOf({ kind }: Movement): 1n | -1n {
  return takes.includes(kind) ? -1n : 1n
}
