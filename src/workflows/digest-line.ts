import type { DigestLine } from './digest-facts.ts'
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
  readonly id: string
}

/** @param heading of the line's group: it says the reason already; '' when there is none */
export function sayLine(line: DigestLine, words: Words, heading: string): SaidLine {
  const { texts } = words
  const what = line.subject === 'movement' ? words.noun(line.kind) : line.kind
  const subject = [what, line.about, line.sellers.join(', ')]
  const date = words.date(line.at)
  const isUnanswered = line.subject === 'movement' && line.reason === null
  const cause = line.reason === null ? '' : words.reason(line.reason)
  const why = heading === '' ? cause : ''
  const explanation = [
    isUnanswered ? texts.unanswered : why,
    line.detail ?? '',
    line.isDeadline ? texts.until(date) : texts.since(date),
  ]
  const { amount, currency } = line
  return {
    isNew: line.isNew,
    amount: amount === null || currency === null ? '' : words.amount(amount, currency),
    subject: subject.filter(part => part !== '').join(' · '),
    explanation: explanation.filter(part => part !== '').join(' · '),
    link: line.link,
    id: line.id,
  }
}
