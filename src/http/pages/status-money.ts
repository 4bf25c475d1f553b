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

/** Holds by reason, the oldest first, with who ends each and how. */
export function holdsSection(shown: Shown): Html {
  const { report, texts, formats } = shown
  const { title, none } = texts.holds
  if (report.holds.length === 0) return section(title, null, markup`<p class="quiet">${none}</p>`)
  const { columns } = texts
  const heads = [
    { text: columns.reason },
    { text: columns.kind },
    { text: columns.who },
    { text: columns.mend },
    { text: columns.count, figure: true },
    { text: columns.amount, figure: true },
    { text: columns.since },
  ]
  const count = report.holds.reduce((sum, hold) => sum + hold.count, 0)
  const rows = report.holds.map(hold => holdRow(shown, hold))
  return section(title, formats.count(count), table(title, heads, rows))
}

function holdRow({ texts, formats, reader }: Shown, hold: HoldLine): Html {
  const text = isReasonCode(hold.reason) ? reasons[hold.reason].text[reader.language] : ''
  return markup`<tr>
    <td class="wide">${text} <code>${hold.reason}</code></td>
    <td>${texts.kinds[hold.kind as keyof typeof texts.kinds] ?? hold.kind}</td>
    <td><span class="pill on_hold">${glyph('◷')}${texts.unblockers[hold.unblockedBy]}</span></td>
    <td class="wide" lang="en">${hold.mend}</td>
    <td class="figure">${formats.count(hold.count)}</td>
    <td class="figure">${formats.amount(BigInt(hold.amount), hold.currency)}</td>
    <td class="moment"><time datetime="${hold.since}">${formats.moment(hold.since)}</time></td>
  </tr>`
}
