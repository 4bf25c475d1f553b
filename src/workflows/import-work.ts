import type { MovementKind } from '../domain/movement.ts'
import type {
  OldAccount,
  OldCheckpoint,
  OldMovement,
  OldPayment,
  OldTable,
  OldUnreadable,
  Sight,
} from '../domain/old-records.ts'
import type { ImportBook } from './import-report.ts'
import type { Work } from './work.ts'

export type OldPage<T> = readonly (
  { readonly ok: true; readonly value: T } | ({ readonly ok: false } & OldUnreadable)
)[]

/** The old connector's database, read only, page by page, all of one moment. */
export interface OldBooks {
  count(table: OldTable): Promise<number>
  accounts(): AsyncIterable<OldPage<OldAccount>>
  payments(): AsyncIterable<OldPage<OldPayment>>
  movements(table: OldMovement['table']): AsyncIterable<OldPage<OldMovement>>
  checkpoints(): Promise<readonly OldCheckpoint[]>
  /** Which of these ids of the provider some row names. */
  named(providerIds: readonly string[]): Promise<ReadonlySet<string>>
  /** The currency of most rows, for those that were given up before they had one. */
  mainCurrency(): Promise<string | null>
}

/** What the provider shows of the old connector's movements. Reads only. @throws ProviderError */
export interface OldSights {
  /** The provider's smallest unit to minor units. @throws RangeError for an unknown currency */
  minor(amount: bigint, currency: string): bigint
  /** Null: the provider does not know the id that the row names. */
  look(kind: MovementKind, row: OldMovement): Promise<Sight | null>
  /** What may be the row's, by the names that the old connector writes; failed ones left out. */
  find(kind: MovementKind, row: OldMovement): Promise<readonly Sight[] | 'too_many'>
}

/**
 * - `all`: every row that says it was made is looked at. - `open`: only rows that say nothing about
 * money, and young payouts. - `none`: nothing is asked; only a dry run may.
 */
export type ImportCheck = 'all' | 'open' | 'none'

/** One import. Its `mode` is `move` when it writes, `dry_run` when it only reports. */
export interface ImportWork extends Work {
  readonly mode: 'move' | 'dry_run'
  readonly old: OldBooks
  readonly sights: OldSights
  readonly check: ImportCheck
  readonly book: ImportBook
  /** Ids of the provider that a row of this import was found under. */
  readonly claimed: Set<string>
}

/** Calls to the provider at once; it paces them itself. */
export const askedAtOnce = 8

export function isApplied(work: ImportWork): boolean {
  return work.mode === 'move'
}
