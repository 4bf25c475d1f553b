import type { DigestFacts } from './digest-facts.ts'
import { digestHtml } from './digest-html.ts'
import { digestPlain } from './digest-plain.ts'
import type { DigestLanguage } from './digest-texts.ts'
import { sectionsOf, wordsOf } from './digest-words.ts'
import { htmlMail, type Mail } from './mail-parts.ts'

/** The daily mail; its facts must not be silent. The subject is the title of its first section. */
export function digestMail(language: DigestLanguage, facts: DigestFacts): Mail {
  const words = wordsOf(language)
  const sections = sectionsOf(facts, words)
  const title = sections[0]?.title ?? ''
  return {
    subject: facts.mode === 'test' ? `[test] ${title}` : title,
    text: digestPlain(sections, words),
    html: htmlMail(language, title, digestHtml(sections, words)),
  }
}
