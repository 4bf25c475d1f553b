import { de } from './digest-texts-de.ts'
import { en } from './digest-texts-en.ts'
import { fr } from './digest-texts-fr.ts'

/** A noun in its two forms. */
export type Noun = readonly [one: string, many: string]

/** What movements are called in the mail; other kinds are `movement`. */
export type NounKind =
  'transfer' | 'payout' | 'refund' | 'reversal' | 'capture' | 'confirmation' | 'movement'

/** Everything that the digest says in one language. `count` is formatted already. */
export interface DigestTexts {
  readonly nouns: Readonly<Record<NounKind, Noun>>
  readonly failed: (isOne: boolean, count: string, noun: string) => string
  readonly held: (isOne: boolean, count: string, days: string) => string
  readonly expiring: (isOne: boolean, count: string) => string
  readonly givenUp: (isOne: boolean, count: string) => string
  readonly disputed: (isOne: boolean, count: string) => string
  readonly deadlines: (isOne: boolean, count: string) => string
  readonly unreadable: (isOne: boolean, count: string) => string
  /** Balances with money that the provider will not hold much longer. */
  readonly oldMoney: (isOne: boolean, count: string) => string
  readonly ownBalance: string
  readonly undelivered: (isOne: boolean, count: string) => string
  /** Jobs whose last run ended early. */
  readonly broken: (isOne: boolean, count: string) => string
  /** Accounts that the provider refused to make. */
  readonly creations: (isOne: boolean, count: string) => string
  /** What could not be read, by its kind; another kind is written as it is. */
  readonly objects: Readonly<Record<string, string>>
  /** As it stands behind `since`. */
  readonly days: (isOne: boolean, count: string) => string
  readonly isNew: string
  readonly unanswered: string
  readonly since: (date: string) => string
  readonly until: (date: string) => string
  /** Of the oldest hold of a group. */
  readonly oldest: (days: string) => string
  readonly more: (count: string) => string
  readonly open: string
  readonly footer: string
}

export type DigestLanguage = 'en' | 'fr' | 'de'

export const digestTexts: Readonly<Record<DigestLanguage, DigestTexts>> = { en, fr, de }
