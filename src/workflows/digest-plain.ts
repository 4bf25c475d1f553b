import { linesShown, type SaidLine, sayLine } from './say-digest-line.ts'
import type { DigestSection, Words } from './digest-words.ts'

/** The digest as plain text: nothing that the HTML says is missing. */
export function digestPlain(sections: readonly DigestSection[], words: Words): string {
  const parts = sections.map(section =>
    [
      section.title,
      '='.repeat(section.title.length),
      '',
      ...section.groups.flatMap(group => [
        ...(group.heading === '' ? [] : [group.heading, '']),
        ...group.lines.slice(0, linesShown).flatMap(line => {
          const said = sayLine(line, words, group.heading)
          const mark = said.isNew ? ` (${words.texts.isNew})` : ''
          return [
            `* ${[said.amount, said.subject].filter(part => part !== '').join('  ')}${mark}`,
            `  ${said.explanation}`,
            ...placeOf(said),
            '',
          ]
        }),
        ...(group.lines.length > linesShown
          ? [words.texts.more(words.count(group.lines.length - linesShown)), '']
          : []),
      ]),
    ].join('\n'),
  )
  return `${parts.join('\n')}\n-- \n${words.texts.footer}\n`
}

/** The link, and the id where the link does not have it. */
function placeOf({ id, link }: SaidLine): string[] {
  const parts = link.includes(`/${encodeURIComponent(id)}?`) ? [link] : [id, link]
  const place = parts.filter(part => part !== '').join('  ')
  return place === '' ? [] : [`  ${place}`]
}
