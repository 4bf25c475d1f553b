import type { Movement } from '../../domain/movement.ts'
import type { StatusReport } from '../../workflows/status.ts'
import type { Reader } from '../language.ts'
import type { Formats } from './formats.ts'
import { Html, markup } from './html.ts'
import type { StatusTexts } from './status-texts.ts'

/** What the status page shows. */
export interface StatusView {
  readonly report: StatusReport
  /** Newest first. */
  readonly latest: readonly Movement[]
  readonly sellerNames: ReadonlyMap<string, string>
  readonly refreshes: boolean
  /** Shown environments' slugs; the page links to the others. */
  readonly environments: readonly string[]
  /** Where the demo's mails are read; null: no demo. */
  readonly mailboxUrl: string | null
}

/** What every section of the page is written with. */
export interface Shown extends StatusView {
  readonly texts: StatusTexts
  readonly reader: Reader
  readonly formats: Formats
}

/** A shape beside a word: nobody has to tell colours apart. */
export function glyph(shape: string): Html {
  return markup`<span class="glyph" aria-hidden="true">${shape}</span>`
}

/**
 * A section with its title and, when there is something to count, its number.
 * @param anchor what a link to it ends with
 */
export function section(title: string, count: string | null, content: Html, anchor?: string): Html {
  const id = anchor === undefined ? null : new Html(` id="${anchor}"`)
  return markup`<section${id}>
    <h2>${title}${count === null ? null : markup` <span class="number">${count}</span>`}</h2>
    ${content}
  </section>`
}

/** A table that can be scrolled sideways on a small screen without losing the page. */
export function table(
  label: string,
  heads: readonly { readonly text: string; readonly figure?: boolean }[],
  rows: readonly Html[],
): Html {
  return markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads.map(head =>
            head.figure === true
              ? markup`<th scope="col" class="figure">${head.text}</th>`
              : markup`<th scope="col">${head.text}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}
