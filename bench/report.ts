import Table from 'cli-table3'
import { count, type SplitFigures, type Target, type ValidateFigures } from './figures.ts'

/** The machine and the conditions, which belong to every figure. */
export interface Conditions {
  readonly cores: number
  readonly cpu: string
  readonly node: string
  readonly database: string
  /** Processes that wanted a core when the benchmark began (one minute's average). */
  readonly loadAtStart: number
  readonly note: string
}

export interface Report {
  readonly conditions: Conditions
  readonly splitPayments: readonly SplitFigures[]
  readonly validatePayments: ValidateFigures
  readonly targets: readonly Target[]
  readonly ok: boolean
}

/** The report as tables for a terminal. */
export function reportText(report: Report): string {
  const { conditions, splitPayments, validatePayments, targets } = report
  const { cores, cpu, node, database, loadAtStart, note } = conditions
  const machine = `${cores} cores (${cpu}), Node ${node}, PostgreSQL: ${database}, load at the start ${loadAtStart}`
  return [
    'split-payments',
    figureTable(splitPayments),
    'validate-payments',
    validateTable(validatePayments),
    targetTable(targets),
    machine,
    note,
  ].join('\n')
}

function figureTable(figures: readonly SplitFigures[]): string {
  const table = new Table({ head: ['', ...figures.map(each => `${count(each.orders)} orders`)] })
  const rows: [string, (each: SplitFigures) => string][] = [
    ['orders per second', each => count(each.ordersPerSecond)],
    ['seconds', each => String(each.seconds)],
    ['Stripe calls', each => count(each.stripeCalls)],
    ['Stripe calls per order', each => String(each.stripeCallsPerOrder)],
    ['Mirakl reads', each => count(each.miraklReads)],
    ['memory at the start (MiB)', each => String(each.startMemory)],
    ['peak memory (MiB)', each => String(each.peakMemory)],
    ['largest heap seen (MiB)', each => String(each.heap)],
    ['CPU seconds of Tributary', each => String(each.cpuSeconds)],
    ['seconds by step', each => stepsText(each.steps)],
  ]
  for (const [name, show] of rows) table.push([name, ...figures.map(show)])
  return table.toString()
}

function stepsText(steps: Record<string, number>): string {
  return Object.entries(steps)
    .map(([step, seconds]) => `${step} ${seconds}`)
    .join('\n')
}

function validateTable(figures: ValidateFigures): string {
  const table = new Table({ head: ['', `${count(figures.debits)} debits`] })
  const calls = (side: Record<string, number>) =>
    Object.entries(side)
      .map(([name, times]) => `${name} ${count(times)}`)
      .join('\n')
  table.push(
    ['debits per second', count(figures.debitsPerSecond)],
    ['seconds', String(figures.seconds)],
    ['debits confirmed', count(figures.confirmed)],
    ['payments captured', `${count(figures.captured)} of ${count(figures.payments)}`],
    ['Mirakl calls', calls(figures.calls.mirakl)],
    ['Stripe calls', calls(figures.calls.stripe)],
    ['peak memory (MiB)', String(figures.peakMemory)],
  )
  return table.toString()
}

function targetTable(targets: readonly Target[]): string {
  const table = new Table({ head: ['target', 'wanted', 'figure', ''] })
  for (const { name, target, figure, ok } of targets) {
    table.push([name, target, figure, ok ? 'ok' : 'missed'])
  }
  return table.toString()
}
