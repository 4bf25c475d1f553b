import pc from 'picocolors'
import { amountText, bothAmounts } from '../app/amount-text.ts'
import type { ExplainedMovement, ExplainedPlan, Explanation } from '../app/explain.ts'

/** An explanation on a terminal: facts, what would be decided now and why, what happened. */
export function sayExplanation(explanation: Explanation): string {
  const { type, id, facts, setAside, plans, movements, confirmations } = explanation
  const lines = [pc.bold(`${type} ${id}`), ...factLines(facts, '  ')]
  if (setAside !== null) {
    lines.push(pc.red(`  set aside: ${setAside.field}: ${setAside.problem}`))
  }
  for (const plan of plans) lines.push('', ...planLines(plan, movements))
  for (const each of confirmations) {
    const why = each.reason === null ? '' : `  ${each.reason.code}: ${each.reason.text}`
    const answer = each.message === null ? '' : `  "${each.message}"`
    const says = each.says === null ? '' : ` ${each.says}`
    lines.push(
      '',
      `${pc.bold(`${each.kind} ${each.target}`)}  told${says} ${amountText(each.amount, each.currency)}: ${each.status}${why}${answer}`,
    )
  }
  for (const movement of movements) lines.push('', ...movementLines(movement))
  return `${lines.join('\n')}\n`
}

function factLines(facts: Explanation['facts'], indent: string): string[] {
  const currency = typeof facts['currency'] === 'string' ? facts['currency'] : ''
  return Object.entries(facts)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${indent}${pc.dim(name)} ${factText(name, value, currency)}`)
}

// Facts that are minor units of the currency beside them.
const amounts = new Set(
  'total commission cycleAmount setOff withheld amount amountToOperator subscription otherInvoices otherCredits share funding refunded available pending owed ofOrder ofDebit authorized captured toCapture toRefund'.split(
    ' ',
  ),
)

function factText(name: string, value: Explanation['facts'][string], currency: string): string {
  const isAmount = amounts.has(name) && typeof value === 'string' && /^-?\d+$/.test(value)
  return isAmount ? amountText(value, currency) : shown(value)
}

function shown(value: Explanation['facts'][string] | undefined): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(shown).join(', ')
  return JSON.stringify(value)
}

const finished = ['succeeded', 'canceled', 'accepted', 'submitted']

function planLines(plan: ExplainedPlan, movements: readonly ExplainedMovement[]): string[] {
  const stored = movements.find(each => each.id === plan.movement)
  const amount = bothAmounts({ ...plan, amount: plan.amount ?? stored?.amount ?? null })
  const title = pc.bold(`${plan.kind} of ${plan.source}${amount === '' ? '' : `: ${amount}`}`)
  if (stored !== undefined && finished.includes(stored.status)) {
    return [`${title}  ${coloured(stored.status)} since ${moment(stored.since)}`]
  }
  if (plan.decision === 'nothing') return [`${title}  nothing is owed`]
  if (plan.decision === 'move') {
    return [`${title}  ${pc.green('free to go')}; sent by the next run of ${plan.lookedAtBy}`]
  }
  const since = stored === undefined ? '' : ` since ${moment(stored.since)}`
  const word = plan.decision === 'hold' ? pc.yellow('on hold') : pc.dim('will not be done')
  const { reason } = plan
  return [
    `${title}  ${word}${since}`,
    `  ${reason?.code ?? ''}: ${reason?.text ?? ''}`,
    ...(reason === null || reason.mend === '' ? [] : [`  ${pc.dim('what to do')} ${reason.mend}`]),
    ...checkLines(plan),
    `  ${pc.dim('looked at again')} by the next run of ${plan.lookedAtBy}`,
  ]
}

function checkLines({ checks, currency }: ExplainedPlan): string[] {
  const at = checks.findIndex(each => each.decided)
  return checks.slice(0, at + 1).map(({ reason, facts, decided }) => {
    const values = Object.entries(facts)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}=${factText(name, value, currency)}`)
    const mark = decided ? pc.red('stops ') : pc.green('passed')
    return `    ${mark} ${reason}${values.length === 0 ? '' : `  ${pc.dim(values.join(' '))}`}`
  })
}

function movementLines(movement: ExplainedMovement): string[] {
  const amount = bothAmounts(movement)
  const head = `${pc.bold(movement.id)}  ${movement.kind} of ${movement.source}  ${amount}  ${coloured(movement.status)}`
  const sent =
    movement.sentAmount !== null && movement.sentAmount !== movement.amount
      ? [`  ${pc.dim('sent')} ${amountText(movement.sentAmount, movement.currency)}`]
      : []
  const { failure, reason } = movement
  return [
    head,
    ...(movement.providerId === null ? [] : [`  ${pc.dim('provider')} ${movement.providerId}`]),
    ...sent,
    ...(reason === null ? [] : [`  ${reason.code}: ${reason.text}`]),
    ...(failure === null ? [] : [pc.red(`  ${failure.code}: ${failure.message}`)]),
    ...(movement.nextLookAt === null
      ? []
      : [`  ${pc.dim('looked at again')} ${moment(movement.nextLookAt)}`]),
    ...movement.journal.map(line => {
      const why = line.reason === null ? '' : `  ${line.reason}`
      const attempt = line.attempt > 0 ? `  attempt ${line.attempt}` : ''
      return `    ${pc.dim(moment(line.at))}  ${line.from ?? 'new'} -> ${line.to}  by ${line.actor}${attempt}${why}`
    }),
  ]
}

function coloured(status: string): string {
  if (status === 'succeeded') return pc.green(status)
  return status === 'failed' ? pc.red(status) : pc.yellow(status)
}

function moment(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ')
}
