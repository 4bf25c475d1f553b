import type { DifferenceLine, ReconciliationReport } from '../../workflows/reconcile-report.ts'
import type { Reader } from '../language.ts'
import type { Page } from './document.ts'
import { createFormats, type Formats } from './formats.ts'
import { type Html, markup } from './html.ts'
import { type ReconciliationTexts, reconciliationTexts } from './reconciliation-texts.ts'
import { section, table } from './status-parts.ts'

interface Told {
  readonly texts: ReconciliationTexts
  readonly formats: Formats
  readonly reader: Reader
  readonly environment: string
}

/** What does not match between the marketplace, Tributary and the provider, by cause. */
export function reconciliationPage(report: ReconciliationReport, reader: Reader): Page {
  const texts = reconciliationTexts[reader.language]
  const { environment } = report
  const told: Told = { texts, formats: createFormats(reader.locale), reader, environment }
  const query = new URLSearchParams({ environment, lang: reader.language })
  const groups = Map.groupBy(report.differences, line => line.cause)
  const left = report.waiting + report.accepted - report.differences.length
  const body = markup`<header class="top">
      <div class="name"><h1>${texts.title}</h1> <span class="quiet">${environment}</span></div>
      <p><a href="/?${query.toString()}">${texts.back}</a>
        <a href="/v1/reconciliation.csv?${query.toString()}">CSV</a>
        <a href="/v1/reconciliation?${query.toString()}">JSON</a></p>
    </header>
    <main>
      ${summary(report, told)}
      ${[...groups.values()].map(lines => causeSection(lines, told))}
      ${left > 0 ? markup`<p>${texts.more(told.formats.count(left))}</p>` : null}
    </main>`
  return { language: reader.language, title: `${texts.title} · Tributary`, body }
}

function summary(report: ReconciliationReport, { texts, formats }: Told): Html {
  const { comparedAt, until, waiting, accepted } = report
  if (comparedAt === null || until === null) {
    return markup`<section class="empty"><h2>${texts.never}</h2>
      <p><code>tributary reconcile</code></p></section>`
  }
  const verdict = waiting === 0 ? texts.matches : texts.waiting(formats.count(waiting))
  return section(
    verdict,
    null,
    markup`<p>${texts.compared} <time datetime="${comparedAt}">${formats.moment(comparedAt)}</time> ·
        ${texts.until} <time datetime="${until}">${formats.moment(until)}</time></p>
      ${accepted === 0 ? null : markup`<p>${texts.accepted}: ${formats.count(accepted)}</p>`}
      ${report.unfinished ? markup`<p>${texts.unfinished}</p>` : null}`,
  )
}

function causeSection(lines: readonly DifferenceLine[], told: Told): Html | null {
  const [first] = lines
  if (first === undefined) return null
  const { texts, formats } = told
  const heads = [
    { text: texts.happened },
    { text: texts.here, figure: true },
    { text: texts.sides[first.side], figure: true },
    { text: texts.ids },
    { text: texts.command },
  ]
  const rows = lines.map(
    line =>
      markup`<tr>
        <td class="moment"><time datetime="${line.at}">${formats.moment(line.at)}</time>
          <br><span class="quiet">${texts.days(formats.count(line.ageDays))}</span></td>
        <td class="figure">${sideOf(line.here, line.stateHere, line.currency, formats)}</td>
        <td class="figure">${sideOf(line.there, line.stateThere, line.currency, formats)}</td>
        <td class="wide">${idsOf(line, told)}</td>
        <td class="wide">${
          line.accepted === null
            ? markup`<code>${line.command}</code>`
            : markup`${texts.accepted}: ${line.accepted.note} (${line.accepted.by})`
        }</td>
      </tr>`,
  )
  return section(
    first.cause,
    formats.count(lines.length),
    markup`<p>${first.text} <span class="quiet">${texts.kinds[first.kind]}</span></p>
      <p class="quiet" lang="en">${first.mend}</p>
      ${table(first.text, heads, rows)}`,
  )
}

function sideOf(
  amount: string | null,
  state: string | null,
  currency: string | null,
  formats: Formats,
): Html {
  const shown = amount === null ? '–' : formats.amount(BigInt(amount), currency ?? '')
  return markup`${shown}${state === null ? null : markup`<br><span class="quiet">${state}</span>`}`
}

/** Ids that a page of ours explains are links to it. */
function idsOf({ id, ids }: DifferenceLine, { environment, reader }: Told): Html {
  const query = new URLSearchParams({ environment, lang: reader.language }).toString()
  const pages = {
    movement: 'movement',
    order: 'order',
    cycle: 'invoice',
    seller: 'seller',
  } as const
  const linked = Object.entries(pages).flatMap(([name, type]) => {
    const named = ids[name as keyof typeof pages]
    if (named === null) return []
    const path = `/explain/${type}/${encodeURIComponent(named)}?${query}`
    return [markup`<a href="${path}"><code>${named}</code></a> `]
  })
  const plain = [ids.payment, ids.refund, ids.provider, ids.line, ids.account, id]
  const others = plain.filter(each => each !== null).map(each => markup`<code>${each}</code> `)
  return markup`${[...linked, ...others]}`
}
