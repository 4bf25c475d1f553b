import { type Html, markup } from './html.ts'
import { section, type Shown, table } from './status-parts.ts'

/** Disputes that wait for evidence, the nearest deadline first; nothing when there is none. */
export function disputesSection({ report, texts, formats }: Shown): Html | null {
  const { disputes } = report
  if (disputes.length === 0) return null
  const { title, before, purchase } = texts.disputes
  const { columns } = texts
  const heads = [
    { text: purchase },
    { text: columns.reason },
    { text: columns.amount, figure: true },
    { text: before },
  ]
  const rows = disputes.map(
    each =>
      markup`<tr>
        <td><code>${each.purchase ?? each.payment}</code></td>
        <td><code>${each.reason}</code></td>
        <td class="figure">${formats.amount(BigInt(each.amount), each.currency)}</td>
        <td class="moment">
          ${each.evidenceDue === null ? null : markup`<time datetime="${each.evidenceDue}">${formats.moment(each.evidenceDue)}</time>`}
        </td>
      </tr>`,
  )
  return section(title, formats.count(disputes.length), table(title, heads, rows), 'disputes')
}

/** What sellers owe, by currency; nothing when nobody owes anything. */
export function debtsSection({ report, texts, formats }: Shown): Html | null {
  const { debts } = report
  if (debts.length === 0) return null
  const { title } = texts.debts
  const { columns } = texts
  const heads = [
    { text: columns.currency },
    { text: columns.count, figure: true },
    { text: columns.amount, figure: true },
  ]
  const rows = debts.map(
    each =>
      markup`<tr>
        <th scope="row">${each.currency}</th>
        <td class="figure">${formats.count(each.count)}</td>
        <td class="figure">${formats.amount(BigInt(each.open), each.currency)}</td>
      </tr>`,
  )
  return section(title, null, table(title, heads, rows))
}
