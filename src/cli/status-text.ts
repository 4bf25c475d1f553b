import pc from 'picocolors'
import { amountText } from '../app/amount-text.ts'
import type { StatusReport } from '../app/status.ts'
import { table } from './table.ts'

const holdsShown = 15

/** The state of an environment on one screen. */
export function sayStatus(report: StatusReport): string {
  const sections = [
    headline(report),
    movements(report),
    totals(report),
    holds(report),
    runs(report),
    rest(report),
  ]
  return `${sections.filter(section => section !== '').join('\n')}`
}

function headline(report: StatusReport): string {
  const { company, environment, database } = report
  const paused = report.paused ? pc.red('  paused') : ''
  const start = report.startDate === null ? '' : `, from ${report.startDate}`
  return `${pc.bold(`${company} / ${environment}`)}${paused}${start}  ${pc.dim(`PostgreSQL ${database.version}, ${Math.round(database.bytes / 1e6)} MB`)}\n`
}

function movements({ movements: counts }: StatusReport): string {
  const kinds = Object.entries(counts)
  if (kinds.length === 0) return 'No movements yet.\n'
  const statuses = [
    'on_hold',
    'pending',
    'submitted',
    'accepted',
    'failed',
    'succeeded',
    'canceled',
  ]
  const used = statuses.filter(status => kinds.some(([, counted]) => (counted[status] ?? 0) > 0))
  return table(
    ['movements', ...used],
    kinds.map(([kind, counted]) => [kind, ...used.map(status => String(counted[status] ?? ''))]),
  )
}

function totals({ totals: byCurrency }: StatusReport): string {
  const rows = Object.entries(byCurrency).map(([currency, sums]) => [
    currency,
    ...[
      sums.captured,
      sums.transferred,
      sums.collected,
      sums.paidOut,
      sums.onHold,
      sums.failed,
    ].map(amount => amountText(amount, currency).replace(` ${currency}`, '')),
  ])
  if (rows.length === 0) return ''
  return table(
    ['money', 'captured', 'transferred', 'collected', 'paid out', 'on hold', 'failed'],
    rows,
  )
}

function holds({ holds: lines }: StatusReport): string {
  if (lines.length === 0) return ''
  const rows = lines
    .slice(0, holdsShown)
    .map(line => [
      line.kind,
      line.reason,
      String(line.count),
      amountText(line.amount, line.currency),
      line.since.slice(0, 16).replace('T', ' '),
      line.unblockedBy,
    ])
  return table(['on hold', 'reason', 'count', 'amount', 'since', 'ended by'], rows)
}

function runs({ runs: lines }: StatusReport): string {
  if (lines.length === 0) return ''
  const rows = lines.map(run => [
    run.job,
    run.startedAt.slice(0, 19).replace('T', ' '),
    run.endedAt === null ? 'running' : run.error === null ? 'done' : pc.red('ended early'),
    run.error ?? counted(run.counts),
  ])
  return table(['last run', 'started', '', ''], rows)
}

function counted(counts: StatusReport['runs'][number]['counts']): string {
  return ['planned', 'sent', 'succeeded', 'accepted', 'confirmed', 'onHold', 'failed', 'unknown']
    .filter(name => Number(counts[name] ?? 0) > 0)
    .map(name => `${Number(counts[name])} ${name === 'onHold' ? 'on hold' : name}`)
    .join(', ')
}

function rest({
  setAside,
  openEvents,
  jobs,
  expiring,
  disputes,
  debts,
  outsides,
}: StatusReport): string {
  const waiting = jobs.filter(job => job.failed > 0).map(job => `${job.name}: ${job.failed} failed`)
  const lines = [
    ...(setAside.count > 0 ? [`${setAside.count} set aside:`] : []),
    ...setAside.newest.map(each => `  ${each.kind} ${each.id}  ${each.field}: ${each.problem}`),
    ...expiring.map(
      each =>
        `payment ${each.payment} of ${each.purchase ?? '?'} must be captured before ${each.captureBefore}`,
    ),
    ...disputes.map(
      each =>
        `dispute ${each.id} of ${each.purchase ?? each.payment} waits for evidence until ${each.evidenceDue ?? '?'}`,
    ),
    ...debts.map(
      each => `${each.count} debts of sellers, ${amountText(each.open, each.currency)} open`,
    ),
    ...outsides
      .filter(each => each.state !== 'closed')
      .map(each =>
        pc.red(
          `${each.name} does not answer since ${each.since ?? each.seenAt} (${each.problem ?? 'no answer'})`,
        ),
      ),
    ...(openEvents > 0 ? [`${openEvents} webhooks wait to be applied`] : []),
    ...waiting,
  ]
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
