import { decimalsOf, isCurrency } from '../domain/currency.ts'
import { formatDecimal, money } from '../domain/money.ts'
import { isReasonCode, reasons } from '../domain/reasons.ts'
import { type DigestFacts, longHoldDays } from './digest-facts.ts'
import type { DigestLine } from './digest-lines.ts'
import {
  type DigestLanguage,
  digestTexts,
  type DigestTexts,
  type NounKind,
} from './digest-texts.ts'

const nounOf: Readonly<Record<string, NounKind>> = {
  transfer: 'transfer',
  tax_transfer: 'transfer',
  credit: 'transfer',
  restitution: 'transfer',
  collection: 'transfer',
  payout: 'payout',
  refund: 'refund',
  reversal: 'reversal',
  tax_reversal: 'reversal',
  capture: 'capture',
  confirmation: 'confirmation',
}

/** `1,204.00 EUR`, with the currency's own decimals. */
function amountIn(language: DigestLanguage, minorUnits: bigint, currency: string): string {
  if (!isCurrency(currency)) return `${minorUnits} ${currency}`
  const places = decimalsOf(currency)
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  })
  // As text: a number would round large amounts.
  const decimal = formatDecimal(money(minorUnits, currency)) as Intl.StringNumericLiteral
  return `${format.format(decimal)} ${currency}`
}

/** Who reads the mail. */
export interface DigestReader {
  readonly language: DigestLanguage
  /** IANA name. */
  readonly timeZone: string
}

type Lines = readonly DigestLine[]
type Counted = (isOne: boolean, count: string) => string

function plainTitles(texts: DigestTexts, plain: (say: Counted, lines: Lines) => string) {
  return {
    deadlines: (lines: Lines) => plain(texts.deadlines, lines),
    unreadable: (lines: Lines) => plain(texts.unreadable, lines),
    undelivered: (lines: Lines) => plain(texts.undelivered, lines),
    broken: (lines: Lines) => plain(texts.broken, lines),
    creations: (lines: Lines) => plain(texts.creations, lines),
  }
}

/** How the mail of one language writes numbers, amounts, days and the sentences around them. */
export function wordsOf({ language, timeZone }: DigestReader) {
  const texts = digestTexts[language]
  const counts = new Intl.NumberFormat(language)
  const plural = new Intl.PluralRules(language)
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone })
  const dayAndTime = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const
  const moments = new Intl.DateTimeFormat(language, dayAndTime)
  const isOne = (count: number) => plural.select(count) === 'one'

  const amount = (minorUnits: bigint, currency: string) => amountIn(language, minorUnits, currency)

  /** The sum by currency: `1,204.00 EUR + 500 JPY`; '' when no amount is known. */
  const sum = (lines: readonly DigestLine[]): string => {
    const sums = new Map<string, bigint>()
    for (const line of lines) {
      if (line.amount === null || line.currency === null) continue
      sums.set(line.currency, (sums.get(line.currency) ?? 0n) + line.amount)
    }
    return [...sums]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([currency, total]) => amount(total, currency))
      .join(' + ')
  }

  const days = (count: number): string => texts.days(isOne(count), counts.format(count))
  const titled = (sentence: string, lines: readonly DigestLine[]): string => {
    const total = sum(lines)
    return total === '' ? sentence : `${sentence}, ${total}`
  }
  const failedTitle = (lines: readonly DigestLine[]): string => {
    const kinds = new Set(lines.map(line => nounOf[line.kind] ?? 'movement'))
    const [only = 'movement', ...others] = kinds
    const [one, many] = texts.nouns[others.length === 0 ? only : 'movement']
    const single = isOne(lines.length)
    return texts.failed(single, counts.format(lines.length), single ? one : many)
  }
  const plain = (say: Counted, lines: Lines) =>
    say(isOne(lines.length), counts.format(lines.length))

  return {
    texts,
    amount,
    days,
    sum,
    count: (value: number) => counts.format(value),
    /** The day, in the reader's zone. */
    date: (at: Date) => dates.format(at),
    /** Day and time: for what must be done by then. */
    moment: (at: Date) => moments.format(at),
    noun: (kind: string) => texts.nouns[nounOf[kind] ?? 'movement'][0],
    /** What a code of the table of reasons means. */
    reason: (code: string) => (isReasonCode(code) ? reasons[code].text[language] : code),
    titles: {
      failures: (lines: readonly DigestLine[]) => titled(failedTitle(lines), lines),
      holds: (lines: readonly DigestLine[]) =>
        titled(
          plain((single, count) => texts.held(single, count, days(longHoldDays)), lines),
          lines,
        ),
      // Nothing of these has an amount.
      ...plainTitles(texts, plain),
      expiring: (lines: readonly DigestLine[]) => titled(plain(texts.expiring, lines), lines),
      disputes: (lines: readonly DigestLine[]) => titled(plain(texts.disputed, lines), lines),
      givenUp: (lines: readonly DigestLine[]) => titled(plain(texts.givenUp, lines), lines),
      oldMoney: (lines: readonly DigestLine[]) => titled(plain(texts.oldMoney, lines), lines),
    },
  }
}

export type Words = ReturnType<typeof wordsOf>

/** One part of the mail: its title, and its lines under small headings ('' for none). */
export interface DigestSection {
  readonly title: string
  readonly groups: readonly { readonly heading: string; readonly lines: readonly DigestLine[] }[]
}

/** The parts that have something to say, the most urgent first. */
export function sectionsOf(facts: DigestFacts, words: Words): DigestSection[] {
  const { titles } = words
  const givenUp = facts.givenUp.flatMap(group => group.lines)
  const canceled = facts.givenUp.map(({ reason, lines }) => ({
    heading: words.reason(reason),
    lines,
  }))
  const held = facts.holds.flatMap(group => group.lines)
  // Apart: an amount that was to be told is no amount that was to be moved.
  const confirmations = facts.failures.filter(line => line.subject === 'confirmation')
  const movements = facts.failures.filter(line => line.subject !== 'confirmation')
  const flat = (title: string, lines: readonly DigestLine[]): DigestSection[] =>
    lines.length === 0 ? [] : [{ title, groups: [{ heading: '', lines }] }]
  const holds = facts.holds.map(({ reason, lines }) => {
    const [oldest] = lines
    const age = facts.at.getTime() - (oldest?.at ?? facts.at).getTime()
    const since = words.texts.oldest(words.days(Math.floor(age / 86_400_000)))
    // With one reason alone the title has said number and sum.
    const figures =
      facts.holds.length === 1 ? [since] : [words.count(lines.length), words.sum(lines), since]
    const said = figures.filter(part => part !== '').join(' · ')
    return { heading: `${words.reason(reason)} (${said})`, lines }
  })
  return [
    ...flat(titles.failures(movements), movements),
    ...flat(titles.failures(confirmations), confirmations),
    ...flat(titles.broken(facts.broken), facts.broken),
    ...flat(titles.disputes(facts.disputes), facts.disputes),
    ...flat(titles.deadlines(facts.deadlines), facts.deadlines),
    ...flat(titles.creations(facts.creations), facts.creations),
    ...flat(titles.expiring(facts.expiring), facts.expiring),
    ...flat(titles.oldMoney(facts.oldMoney), facts.oldMoney),
    ...(held.length === 0 ? [] : [{ title: titles.holds(held), groups: holds }]),
    ...flat(titles.unreadable(facts.unreadable), facts.unreadable),
    ...(givenUp.length === 0 ? [] : [{ title: titles.givenUp(givenUp), groups: canceled }]),
    ...flat(titles.undelivered(facts.undelivered), facts.undelivered),
  ]
}
