import pc from 'picocolors'
import type { RunReport } from '../app/run-now.ts'

const previewsShown = 30

/** What a run did, for a person. */
export function sayRun(report: RunReport): string {
  const { job, mode, seconds } = report
  const headline = mode === 'move' ? job : `${job} (${mode.replace('_', ' ')}: nothing moved)`
  const counts = [
    ['planned', report.planned],
    ['sent', report.sent],
    ['succeeded', report.succeeded],
    ['accepted', report.accepted],
    ['confirmed', report.confirmed],
    ['on hold', report.onHold],
    ['failed', report.failed],
    ['unknown', report.unknown],
    ['set aside', report.setAside],
  ] as const
  const told = counts.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`)
  const lines = [
    `${pc.bold(headline)}: ${told.length === 0 ? 'nothing to do' : told.join(', ')} in ${seconds} s`,
    ...Object.entries(report.holds).map(([reason, count]) => `  on hold  ${reason}: ${count}`),
    ...previewLines(report),
  ]
  if (report.error !== null) lines.push(pc.red(`  ended early: ${report.error}`))
  return `${lines.join('\n')}\n`
}

function previewLines({ previews }: RunReport): string[] {
  const lines = previews.slice(0, previewsShown).map(preview => {
    const amount = preview.amount === null ? '' : ` ${preview.amount} ${preview.currency}`
    const why = preview.reason === null ? '' : ` (${preview.reason})`
    const agrees =
      preview.agrees === undefined ? '' : preview.agrees ? '  agrees' : pc.red('  differs')
    return `  would ${preview.to}  ${preview.kind} of ${preview.source}${amount}${why}${agrees}`
  })
  const more = previews.length - previewsShown
  return more > 0 ? [...lines, `  and ${more} more; --json shows them`] : lines
}
