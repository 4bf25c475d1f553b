import type { MovementStatus } from '../../domain/lifecycle.ts'
import type { MovementKind } from '../../domain/movement.ts'
import type { Unblocker } from '../../domain/reasons.ts'
import type { Language } from '../language.ts'
import { germanTexts } from './status-texts-de.ts'
import { englishTexts } from './status-texts-en.ts'
import { frenchTexts } from './status-texts-fr.ts'

/** Everything that the status page says, in one language. */
export interface StatusTexts {
  readonly title: string
  readonly mode: { readonly test: string; readonly live: string }
  readonly paused: string
  /** Before the moment of the page. */
  readonly asOf: string
  readonly refreshing: string
  readonly stopRefresh: string
  readonly startRefresh: string
  /** Link to the demo's mails. */
  readonly mailbox: string
  readonly empty: { readonly title: string; readonly text: string; readonly next: string }
  readonly money: { readonly title: string; readonly hint: string; readonly stages: Stages }
  readonly holds: { readonly title: string; readonly none: string }
  readonly movements: { readonly title: string; readonly none: string }
  readonly jobs: { readonly title: string; readonly none: string; readonly never: string }
  readonly runs: { readonly going: string; readonly finished: string; readonly broken: string }
  readonly setAside: { readonly title: string; readonly none: string }
  readonly expiring: { readonly title: string; readonly before: string; readonly purchase: string }
  readonly disputes: { readonly title: string; readonly before: string; readonly purchase: string }
  readonly debts: { readonly title: string }
  readonly outsides: { readonly title: string; readonly away: string; readonly nextTry: string }
  readonly latest: { readonly title: string; readonly none: string }
  readonly columns: Columns
  readonly kinds: Readonly<Record<MovementKind, string>>
  readonly statuses: Readonly<Record<MovementStatus, string>>
  readonly unblockers: Readonly<Record<Unblocker, string>>
  /** Objects that are set aside. */
  readonly objects: { readonly [kind: string]: string }
}

/** Where money is, from the customer's card to the seller's bank. */
export interface Stages {
  readonly authorized: string
  readonly captured: string
  readonly refunded: string
  readonly transferred: string
  readonly collected: string
  readonly paidOut: string
  readonly underWay: string
  readonly onHold: string
  readonly failed: string
}

interface Columns {
  readonly currency: string
  readonly reason: string
  readonly who: string
  readonly mend: string
  readonly count: string
  readonly amount: string
  readonly since: string
  readonly kind: string
  readonly job: string
  readonly lastRun: string
  readonly result: string
  readonly waiting: string
  readonly active: string
  readonly failed: string
  readonly object: string
  readonly problem: string
  readonly status: string
  readonly seller: string
  readonly source: string
  readonly time: string
}

export const statusTexts: Readonly<Record<Language, StatusTexts>> = {
  en: englishTexts,
  fr: frenchTexts,
  de: germanTexts,
}
