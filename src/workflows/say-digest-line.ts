import type { DigestLine } from './digest-lines.ts'
import type { Words } from './digest-words.ts'

/** Lines shown for each reason or section; the rest is counted. */
export const linesShown = 50

/** What a line says in words, the same in both forms of the mail. */
export interface SaidLine {
  readonly isNew: boolean
  /** '' when none is known. */
  readonly amount: string
  /** What it is and whom it is about. */
  readonly subject: string
  /** Why, and since or until when. */
  readonly explanation: string
  readonly link: string
  /** What `acknowledge` and the provider's pages want; '' when the subject says it already. */
  readonly id: string
}

const spoken: ReadonlySet<DigestLine['subject']> = new Set(['seller', 'job'])

/** @param heading of the line's group: it says the reason already; '' when there is none */
export function sayLine(line: DigestLine, words: Words, heading: string): SaidLine {
  const { texts } = words
  const what = whatOf(line, words)
  const subject = [what, line.about, line.sellers.join(', ')]
  const isUnanswered = line.subject === 'movement' && line.reason === null
  const cause = line.reason === null ? '' : words.reason(line.reason)
  const why = heading === '' ? cause : ''
  const explanation = [
    isUnanswered ? texts.unanswered : why,
    line.detail ?? '',
    whenOf(line, words),
  ]
  const { amount, currency } = line
  return {
    isNew: line.isNew,
    amount: amount === null || currency === null ? '' : words.amount(amount, currency),
    subject: subject.filter(part => part !== '').join(' · '),
    explanation: explanation.filter(part => part !== '').join(' · '),
    link: line.link,
    id: spoken.has(line.subject) ? '' : line.id,
  }
}

function whenOf({ at, isDeadline }: DigestLine, words: Words): string {
  if (at === null) return ''
  return isDeadline ? words.texts.until(words.moment(at)) : words.texts.since(words.date(at))
}

function whatOf({ subject, kind, about }: DigestLine, words: Words): string {
  if (subject === 'balance' && about === '') return words.texts.ownBalance
  if (subject === 'movement' || subject === 'confirmation') return words.noun(kind)
  return subject === 'unreadable' ? (words.texts.objects[kind] ?? kind) : kind
}
