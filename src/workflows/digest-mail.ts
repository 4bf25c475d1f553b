import type { DigestFacts } from './digest-facts.ts'
import { digestHtml } from './digest-html.ts'
import { digestPlain } from './digest-plain.ts'
import { type DigestReader, sectionsOf, wordsOf } from './digest-words.ts'
import { htmlMail, type Mail } from './mail-parts.ts'

/** The daily mail; its facts must not be silent. The subject is the title of its first section. */
export function digestMail(reader: DigestReader, facts: DigestFacts): Mail {
  const words = wordsOf(reader)
  const sections = sectionsOf(facts, words)
  const title = sections[0]?.title ?? ''
  return {
    subject: facts.mode === 'test' ? `[test] ${title}` : title,
    text: digestPlain(sections, words),
    html: htmlMail(reader.language, title, digestHtml(sections, words)),
  }
}
