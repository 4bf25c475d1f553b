import type { RunLine } from '../../workflows/status.ts'
import { type Html, markup } from './html.ts'
import { glyph, section, type Shown, table } from './status-parts.ts'

/** Jobs with their queues and their last run. */
export function jobsSection(shown: Shown): Html {
  const { report, texts, formats } = shown
  const names = new Set(
    [...report.jobs, ...report.runs.map(run => ({ name: run.job }))].map(each => each.name),
  )
  const { title, none } = texts.jobs
  if (names.size === 0) return section(title, null, markup`<p class="quiet">${none}</p>`, 'jobs')
  const { columns } = texts
  const heads = [
    { text: columns.job },
    { text: columns.lastRun },
    { text: columns.result },
    { text: columns.waiting, figure: true },
    { text: columns.active, figure: true },
    { text: columns.failed, figure: true },
  ]
  const rows = [...names].map(name => {
    const states = report.jobs.find(job => job.name === name)
    const run = report.runs.find(each => each.job === name)
    const figure = (count: number) => {
      const figureClass = count === 0 ? 'figure zero' : 'figure'
      return markup`<td class="${figureClass}">${formats.count(count)}</td>`
    }
    return markup`<tr>
      <th scope="row"><code>${name}</code></th>
      <td class="moment">
        ${run === undefined ? texts.jobs.never : formats.moment(run.startedAt)}
      </td>
      <td class="wide">${run === undefined ? null : runResult(shown, run)}</td>
      ${figure((states?.ready ?? 0) + (states?.deferred ?? 0))}${figure(states?.active ?? 0)}${figure(states?.failed ?? 0)}
    </tr>`
  })
  return section(title, null, table(title, heads, rows), 'jobs')
}

function runResult({ texts }: Shown, run: RunLine): Html {
  const { going, finished, broken } = texts.runs
  if (run.error !== null) {
    return markup`<span class="pill failed">${glyph('✕')}${broken}</span>
      <span class="quiet">${run.error}</span>`
  }
  if (run.endedAt === null) return markup`<span class="pill submitted">${glyph('◔')}${going}</span>`
  return markup`<span class="pill succeeded">${glyph('✓')}${finished}</span>`
}

/** What fails again and again: Mirakl, Stripe, the mail server; nothing while all of them answer. */
export function outsidesSection({ report, texts, formats }: Shown): Html | null {
  const away = report.outsides.filter(each => each.state !== 'closed')
  if (away.length === 0) return null
  const { title, away: word, nextTry } = texts.outsides
  const { columns } = texts
  const heads = [
    { text: columns.object },
    { text: columns.problem },
    { text: columns.since },
    { text: nextTry },
  ]
  const moment = (at: string | null) =>
    markup`<td class="moment">
      ${at === null ? null : markup`<time datetime="${at}">${formats.moment(at)}</time>`}
    </td>`
  const rows = away.map(
    each =>
      markup`<tr>
        <th scope="row">${each.name}</th>
        <td class="wide">
          <span class="pill failed">${glyph('✕')}${word}</span>
          <code>${each.problem ?? ''}</code>
        </td>
        ${moment(each.since)}${moment(each.nextTryAt)}
      </tr>`,
  )
  return section(title, formats.count(away.length), table(title, heads, rows), 'outsides')
}

/** Objects of the marketplace that could not be read, with the field. */
export function setAsideSection({ report, texts, formats }: Shown): Html {
  const { title, none } = texts.setAside
  const { count, newest } = report.setAside
  if (count === 0) return section(title, null, markup`<p class="quiet">${none}</p>`, 'set-aside')
  const { columns } = texts
  const heads = [{ text: columns.object }, { text: columns.problem }, { text: columns.since }]
  const rows = newest.map(
    each =>
      markup`<tr>
        <td>${texts.objects[each.kind] ?? each.kind} <code>${each.id}</code></td>
        <td class="wide"><code>${each.field}</code> <span lang="en">${each.problem}</span></td>
        <td class="moment"><time datetime="${each.since}">${formats.moment(each.since)}</time></td>
      </tr>`,
  )
  return section(title, formats.count(count), table(title, heads, rows), 'set-aside')
}

/** Authorisations that nobody has captured and that end soon; nothing when there is none. */
export function expiringSection({ report, texts, formats }: Shown): Html | null {
  const { expiring } = report
  if (expiring.length === 0) return null
  const { title, before, purchase } = texts.expiring
  const heads = [{ text: purchase }, { text: texts.columns.amount, figure: true }, { text: before }]
  const rows = expiring.map(
    each =>
      markup`<tr>
        <td><code>${each.purchase ?? each.payment}</code></td>
        <td class="figure">${formats.amount(BigInt(each.amount), each.currency)}</td>
        <td class="moment">
          <time datetime="${each.captureBefore}">${formats.moment(each.captureBefore)}</time>
        </td>
      </tr>`,
  )
  return section(title, formats.count(expiring.length), table(title, heads, rows), 'expiring')
}
