import type { MovementKind } from '../../domain/movement.ts'
import { isReasonCode, reasons } from '../../domain/reasons.ts'
import type { HoldLine } from '../../workflows/status.ts'
import { type Html, markup } from './html.ts'
import { glyph, section, type Shown, table } from './status-parts.ts'
import type { Stages } from './status-texts.ts'

const stages: readonly (keyof Stages)[] = [
  'authorized',
  'captured',
  'refunded',
  'transferred',
  'collected',
  'paidOut',
  'underWay',
  'onHold',
  'failed',
]

/** Money by stage and currency; currencies are never summed. */
export function moneySection({ report, texts, formats }: Shown): Html {
  const totals = Object.entries(report.totals)
  const heads = [
    { text: texts.columns.currency },
    ...stages.map(stage => ({ text: texts.money.stages[stage], figure: true })),
  ]
  const rows = totals.map(([currency, total]) => {
    const cells = stages.map(stage => {
      const amount = BigInt(total[stage])
      const shownClass = amount === 0n ? 'figure zero' : 'figure'
      return markup`<td class="${shownClass}">${formats.amount(amount, currency)}</td>`
    })
    return markup`<tr>
      <th scope="row">${currency}</th>
      ${cells}
    </tr>`
  })
  const { title, hint } = texts.money
  return section(
    title,
    null,
    markup`${table(title, heads, rows)}
      <p class="quiet hint">${hint}</p>`,
  )
}

/** Holds by reason, the one with the oldest hold first, with who ends each and how. */
export function holdsSection(shown: Shown): Html {
  const { report, texts, formats } = shown
  const { title, none } = texts.holds
  if (report.holds.length === 0) return section(title, null, markup`<p class="quiet">${none}</p>`)
  const { columns } = texts
  const heads = [
    { text: columns.reason },
    { text: columns.who },
    { text: columns.mend },
    { text: columns.kind },
    { text: columns.count, figure: true },
    { text: columns.amount, figure: true },
    { text: columns.since },
  ]
  const count = sumOf(report.holds)
  const byReason = Map.groupBy(report.holds, hold => hold.reason)
  const rows = [...byReason.values()].map(holds => holdRow(shown, holds))
  return section(title, formats.count(count), table(title, heads, rows))
}

/** One reason; `holds` are its lines by kind and currency, oldest first. */
function holdRow({ texts, formats, reader }: Shown, holds: readonly HoldLine[]): Html {
  const [oldest] = holds
  if (oldest === undefined) return markup``
  const { reason, unblockedBy, mend, since } = oldest
  const text = isReasonCode(reason) ? reasons[reason].text[reader.language] : ''
  const kinds = new Set(holds.map(({ kind }) => texts.kinds[kind as MovementKind] ?? kind))
  const byCurrency = Map.groupBy(holds, hold => hold.currency)
  const amounts = [...byCurrency]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([currency, lines]) => {
      const sum = lines.reduce((left, right) => left + BigInt(right.amount), 0n)
      return markup`<div>${formats.amount(sum, currency)}</div>`
    })
  return markup`<tr>
    <td class="wide">${text} <code>${reason}</code></td>
    <td><span class="pill on_hold">${glyph('◷')}${texts.unblockers[unblockedBy]}</span></td>
    <td class="wide" lang="en">${mend}</td>
    <td>${[...kinds].map(kind => markup`<div>${kind}</div>`)}</td>
    <td class="figure">${formats.count(sumOf(holds))}</td>
    <td class="figure">${amounts}</td>
    <td class="moment"><time datetime="${since}">${formats.moment(since)}</time></td>
  </tr>`
}

function sumOf(holds: readonly HoldLine[]): number {
  return holds.reduce((sum, hold) => sum + hold.count, 0)
}
