/**
 * The lifecycle of every movement of money (DESIGN section 5). The table below is the only place
 * that says which move is allowed; types, the SQL check and docs/lifecycles.md come from it.
 */

export const movementStatuses = [
  'on_hold',
  'pending',
  'submitted',
  'accepted',
  'failed',
  'succeeded',
  'canceled',
] as const

export type MovementStatus = (typeof movementStatuses)[number]

export interface StatusRow {
  /** Statuses that may follow. */
  readonly next: readonly MovementStatus[]
  /** Nothing follows: a correction is a new movement, never an edit. */
  readonly final: boolean
  /** May money have moved, or be about to? Then nobody sends it anew without an answer. */
  readonly asked: boolean
  readonly meaning: string
}

export const lifecycle: Readonly<Record<MovementStatus, StatusRow>> = {
  on_hold: {
    next: ['pending', 'canceled'],
    final: false,
    asked: false,
    meaning: 'A precondition is missing; the reason code says which.',
  },
  pending: {
    next: ['on_hold', 'submitted', 'canceled'],
    final: false,
    asked: false,
    meaning: 'Decided; it will be sent by the next free worker.',
  },
  submitted: {
    next: ['accepted', 'succeeded', 'failed'],
    final: false,
    asked: true,
    meaning: 'Asked, not yet answered for certain: money may have moved.',
  },
  accepted: {
    next: ['succeeded', 'failed'],
    final: false,
    asked: true,
    meaning: 'The provider has it and has not finished.',
  },
  failed: {
    next: ['pending', 'canceled'],
    final: false,
    asked: false,
    meaning: 'Refused for certain; a re-plan or an operator moves it on.',
  },
  succeeded: { next: [], final: true, asked: true, meaning: 'Done.' },
  canceled: { next: [], final: true, asked: false, meaning: 'Will not be done.' },
}

/** May a movement go from one status to another? */
export function mayMove(from: MovementStatus, to: MovementStatus): boolean {
  return lifecycle[from].next.includes(to)
}
