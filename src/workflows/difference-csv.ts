import type { DifferenceLine } from './reconcile-report.ts'

const columns: Readonly<Record<string, (line: DifferenceLine) => string | number | null>> = {
  id: line => line.id,
  cause: line => line.cause,
  kind: line => line.kind,
  side: line => line.side,
  text: line => line.text,
  currency: line => line.currency,
  // Minor units, as in JSON: a spreadsheet must not round them.
  here: line => line.here,
  there: line => line.there,
  stateHere: line => line.stateHere,
  stateThere: line => line.stateThere,
  at: line => line.at,
  firstSeenAt: line => line.firstSeenAt,
  ageDays: line => line.ageDays,
  movement: line => line.ids.movement,
  payment: line => line.ids.payment,
  order: line => line.ids.order,
  refund: line => line.ids.refund,
  cycle: line => line.ids.cycle,
  seller: line => line.ids.seller,
  provider: line => line.ids.provider,
  line: line => line.ids.line,
  account: line => line.ids.account,
  command: line => line.command,
  acceptedBy: line => line.accepted?.by ?? null,
  note: line => line.accepted?.note ?? null,
}

/** The differences as CSV (RFC 4180), its first line the names of the columns. */
export async function* differenceCsv(lines: AsyncIterable<DifferenceLine>): AsyncGenerator<string> {
  yield rowOf(Object.keys(columns))
  for await (const line of lines) {
    yield rowOf(Object.values(columns).map(column => String(column(line) ?? '')))
  }
}

function rowOf(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/**
 * A cell that a spreadsheet takes for text: ids of the marketplace and notes are written by others,
 * and one that begins like a formula would be calculated. An amount below zero stays a number.
 */
export function cellOf(text: string): string {
  const isNumber = /^-?\d+$/.test(text)
  const isFormula = !isNumber && /^[\s]*[=+\-@\t\r|%]/.test(text)
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`
}
