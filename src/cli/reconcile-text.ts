import pc from 'picocolors'
import { amountText } from '../app/amount-text.ts'
import type { DifferenceLine, ReconciliationReport } from '../app/reconcile.ts'
import { table } from './table.ts'

/** The report for the terminal: the differences as a table, then what each cause means. */
export function sayReconciliation(report: ReconciliationReport): string {
  if (report.comparedAt === null) {
    return report.unfinished
      ? 'The first comparison is not finished; the next run goes on with it.\n'
      : 'Nothing was compared yet: run `tributary reconcile`.\n'
  }
  const { differences, waiting, accepted } = report
  const head = [
    `Compared ${moment(report.comparedAt)}: ${moment(report.since)} to ${moment(report.until)}, `,
    `${report.judged} rows.\n`,
    report.unfinished ? 'A newer comparison is not finished.\n' : '',
    waiting === 0
      ? pc.green('Everything matches.\n')
      : pc.red(`${waiting} ${waiting === 1 ? 'difference waits' : 'differences wait'}.\n`),
    accepted === 0 ? '' : `${accepted} accepted.\n`,
  ].join('')
  if (differences.length === 0) return head
  const left = waiting + accepted - differences.length
  const more = left > 0 ? `and ${left} more: --csv shows all of them\n` : ''
  return [head, rowsOf(differences), more, causesOf(differences)].filter(Boolean).join('\n')
}

function rowsOf(lines: readonly DifferenceLine[]): string {
  return table(
    ['difference', 'cause', 'here', 'there', 'days', 'ids'],
    lines.map(line => [
      line.id,
      line.accepted === null ? line.cause : `${line.cause} (accepted)`,
      sideOf(line.here, line.stateHere, line.currency),
      sideOf(line.there, line.stateThere, line.currency),
      String(line.ageDays),
      Object.values(line.ids)
        .filter(id => id !== null)
        .join(' '),
    ]),
  )
}

function sideOf(amount: string | null, state: string | null, currency: string | null): string {
  const shown = amountText(amount, currency ?? '')
  return [shown, state ?? ''].filter(Boolean).join(' ') || '-'
}

/** Each cause once, with the command for the first that waits for it. */
function causesOf(lines: readonly DifferenceLine[]): string {
  const waiting = lines.filter(line => line.accepted === null)
  const firsts = [...new Map(waiting.toReversed().map(line => [line.cause, line])).values()]
  return firsts
    .toReversed()
    .map(
      ({ cause, text, mend, command }) => `${pc.bold(cause)}  ${text}\n  ${mend}\n  ${command}\n`,
    )
    .join('\n')
}

function moment(iso: string | null): string {
  return iso === null ? '' : iso.slice(0, 16).replace('T', ' ')
}
