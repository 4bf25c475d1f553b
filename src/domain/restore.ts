import type { MovementKind, MovementSource } from './movement.ts'

/** The database was restored from a backup: what moved between the two moments is not in it. */
export interface Restore {
  /** When the backup was taken. */
  readonly from: Date
  /** When it was restored. */
  readonly at: Date
  /** When everything that was open in it had been looked up at the provider; null: not yet. */
  readonly checkedAt: Date | null
}

const day = 24 * 3600 * 1000
/**
 * What is planned for so long after a restore may have been planned, and moved, before it: a paused
 * environment and a monthly cycle are planned late.
 */
const lookFirstDays = 30
/**
 * What names a movement that the database does not know is left for so long to the plans, which make
 * the movement anew and adopt it; then it is booked as observed.
 */
const adoptDays = 3

/** Must a movement be looked up at the provider before it is sent for the first time? */
export function isLookedUpFirst(restore: Restore | null, createdAt: Date): boolean {
  return restore !== null && createdAt.getTime() < restore.at.getTime() + lookFirstDays * day
}

/** May a plan still make the movement that an object of the provider's names? */
export function mayBeAdopted(restore: Restore | null, now: Date): boolean {
  return restore !== null && now.getTime() < restore.at.getTime() + adoptDays * day
}

/**
 * What a movement is for, as one text without spaces: `payout/cycle/2003//1`. The number behind the
 * last slash is the sequence. A restored database plans the same source again under another id.
 */
export function sourceText(kind: MovementKind, source: MovementSource): string {
  return `${kind}/${source.type}/${source.id}/${source.part}/${source.sequence}`
}

/**
 * Does the text of an object's source mean this one, or one that came after it? A later sequence
 * exists only when the earlier payout came back: then it is what was done last.
 */
export function isSourceOrLater(
  text: string,
  movement: { readonly kind: MovementKind; readonly source: MovementSource },
): boolean {
  const own = sourceText(movement.kind, movement.source)
  const cut = own.lastIndexOf('/') + 1
  const sequence = Number(text.slice(cut))
  return text.startsWith(own.slice(0, cut)) && sequence >= movement.source.sequence
}
