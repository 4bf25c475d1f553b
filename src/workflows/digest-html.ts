import { linesShown, sayLine } from './say-digest-line.ts'
import type { DigestSection, Words } from './digest-words.ts'
import { escapeHtml } from './mail-parts.ts'

/** The body of the digest as HTML; every text is escaped here. */
export function digestHtml(sections: readonly DigestSection[], words: Words): string {
  const parts = sections.map((section, index) => {
    const level = index === 0 ? 'h1' : 'h2'
    const groups = section.groups.map(group => groupHtml(group, words))
    return `<${level}>${escapeHtml(section.title)}</${level}>\n${groups.join('\n')}`
  })
  return `${parts.join('\n')}\n<p class="quiet">${escapeHtml(words.texts.footer)}</p>`
}

function groupHtml(group: DigestSection['groups'][number], words: Words): string {
  const heading = group.heading === '' ? '' : `<p>${escapeHtml(group.heading)}</p>\n`
  const rows = group.lines.slice(0, linesShown).map(line => {
    const said = sayLine(line, words, group.heading)
    const mark = said.isNew ? ` <span class="new">${escapeHtml(words.texts.isNew)}</span>` : ''
    // The id is what `acknowledge` wants; the text has it in its link.
    const explanation = [said.explanation, said.id].filter(part => part !== '').join(' · ')
    const place =
      said.link === ''
        ? ''
        : `<a href="${escapeHtml(said.link)}">${escapeHtml(words.texts.open)}</a>`
    return `<tr>
<td>${escapeHtml(said.subject)}${mark}<br><span class="quiet">${escapeHtml(explanation)}</span></td>
<td class="amount">${escapeHtml(said.amount)}</td>
<td>${place}</td>
</tr>`
  })
  const left = group.lines.length - linesShown
  const more =
    left > 0 ? `\n<p class="quiet">${escapeHtml(words.texts.more(words.count(left)))}</p>` : ''
  return `${heading}<table>\n${rows.join('\n')}\n</table>${more}`
}
