import { movementStatuses, type MovementStatus } from '../../domain/lifecycle.ts'
import { movementKinds, type Movement } from '../../domain/movement.ts'
import { reasons } from '../../domain/reasons.ts'
import { type Html, markup } from './html.ts'
import { glyph, section, type Shown, table } from './status-parts.ts'

/** One shape for each status, so that colour is never alone. */
const shapes: Readonly<Record<MovementStatus, string>> = {
  on_hold: '◷',
  pending: '○',
  submitted: '◔',
  accepted: '◑',
  failed: '✕',
  succeeded: '✓',
  canceled: '–',
}

/** Counts of movements: a row for each kind, a column for each status. */
export function movementsSection({ report, texts, formats }: Shown): Html {
  const kinds = movementKinds.filter(kind => report.movements[kind] !== undefined)
  const { title, none } = texts.movements
  if (kinds.length === 0) return section(title, null, markup`<p class="quiet">${none}</p>`)
  const counts = kinds.flatMap(kind => Object.values(report.movements[kind] ?? {}))
  const heads = [
    { text: texts.columns.kind },
    ...movementStatuses.map(status => ({ text: texts.statuses[status], figure: true })),
  ]
  const rows = kinds.map(kind => {
    const cells = movementStatuses.map(status => {
      const count = report.movements[kind]?.[status] ?? 0
      if (count === 0) return markup`<td class="figure zero">0</td>`
      return markup`<td class="figure">
        <span class="pill ${status}">${glyph(shapes[status])}${formats.count(count)}</span>
      </td>`
    })
    return markup`<tr>
      <th scope="row">${texts.kinds[kind]}</th>
      ${cells}
    </tr>`
  })
  const total = counts.reduce((left, right) => left + right, 0)
  return section(title, formats.count(total), table(title, heads, rows))
}

/** The newest movements, one line each. */
export function latestSection(shown: Shown): Html {
  const { latest, texts } = shown
  const { title, none } = texts.latest
  if (latest.length === 0) return section(title, null, markup`<p class="quiet">${none}</p>`)
  const { columns } = texts
  const heads = [
    { text: columns.time },
    { text: columns.kind },
    { text: columns.status },
    { text: columns.amount, figure: true },
    { text: columns.seller },
    { text: columns.source },
  ]
  const rows = latest.map(movement => movementRow(shown, movement))
  return section(title, null, table(title, heads, rows))
}

function movementRow(shown: Shown, movement: Movement): Html {
  const { texts, formats, sellerNames, reader } = shown
  const { status, reason, amount, currency, original, source } = movement
  const { sellerId } = movement.parties
  // What it was converted from, in the order's or the cycle's own currency.
  const from =
    original === null
      ? null
      : markup`<br /><span class="quiet">${formats.amount(original.amount, original.currency)}</span>`
  const at = movement.createdAt.toISOString()
  const why =
    reason === null
      ? null
      : markup`<br /><span class="quiet">${reasons[reason].text[reader.language]}</span>`
  return markup`<tr>
    <td class="moment"><time datetime="${at}">${formats.moment(at)}</time></td>
    <td>${texts.kinds[movement.kind]}</td>
    <td>
      <span class="pill ${status}">${glyph(shapes[status])}${texts.statuses[status]}</span>${why}
    </td>
    <td class="figure">${amount === null ? `? ${currency}` : formats.amount(amount, currency)}${from}</td>
    <td class="wide">${sellerId === null ? '' : (sellerNames.get(sellerId) ?? sellerId)}</td>
    <td><code>${source.id}</code></td>
  </tr>`
}
