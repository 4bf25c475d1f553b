import pc from 'picocolors'
import { amountText } from '../app/amount-text.ts'
import type { ImportReport } from '../app/import-old-connector.ts'
import { table } from './table.ts'

const linesShown = 40

const words: Readonly<Record<string, string>> = {
  recorded: 'taken over',
  under_way: 'taken over, under way',
  canceled: 'taken over as canceled',
  nothing_owed: 'nothing owed',
  left: 'left to the next runs',
  review: 'to be reviewed',
  refused: 'NOT TAKEN',
}

/** What an import did, or would do, for a person. */
export function sayImport(report: ImportReport): string {
  const { written, mode } = report
  const counts = `${written.sellers} sellers, ${written.payments} payments, ${written.movements} movements, ${written.checkpoints} checkpoints`
  const headline =
    mode === 'apply'
      ? `${pc.bold('Import')}: ${counts} taken over`
      : `${pc.bold('Import (dry run: nothing was written)')}: ${counts} to take over`
  return [
    headline,
    cellsOf(report),
    ...listOf('Rows to look at', report.lines),
    ...listOf('Where the provider shows something else', report.differences),
    ...endOf(report),
    '',
  ].join('\n')
}

function cellsOf({ cells }: ImportReport): string {
  if (cells.length === 0) return 'The tables are empty.\n'
  return table(
    ['table', 'status', 'rows', 'already here', 'becomes', 'amount'],
    cells.map(cell => [
      cell.table,
      cell.status,
      String(cell.rows),
      String(cell.already),
      words[cell.outcome] ?? cell.outcome,
      Object.entries(cell.sums)
        .map(([currency, sum]) => amountText(sum, currency))
        .join(', '),
    ]),
  )
}

function listOf(title: string, lines: ImportReport['lines']): string[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, linesShown)
  const rows = shown.map(line => [
    `${line.table} ${line.row}`,
    line.id,
    line.status,
    words[line.outcome] ?? line.outcome,
    line.reason,
    line.message,
  ])
  const rest = lines.length - shown.length
  return [
    pc.bold(`${title}: ${lines.length}`),
    table(['row', 'for', 'status', 'becomes', 'reason', ''], rows),
    ...(rest > 0 ? [`and ${rest} more: write --json, or --report with a file\n`] : []),
  ]
}

function endOf(report: ImportReport): string[] {
  const checkpoints = report.checkpoints.map(line => {
    const what = line.outcome === 'refused' ? 'NOT TAKEN' : line.outcome
    return `checkpoint ${line.key}: ${line.value ?? 'empty'} (${what})`
  })
  return [
    ...checkpoints,
    ...(report.oldestLeft === null
      ? []
      : [`The oldest order or cycle left to the next runs is of ${report.oldestLeft}.`]),
    ...(report.oldestRow === null
      ? []
      : [`The oldest row is of ${report.oldestRow}: TRIBUTARY_START_DATE must not be later.`]),
    ...report.problems.map(problem => pc.red(`problem: ${problem}`)),
    ...(report.stopped ? [pc.red('The import was stopped; run it again, it goes on.')] : []),
  ]
}
