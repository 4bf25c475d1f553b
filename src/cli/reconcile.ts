import type { Command } from 'commander'
import { readConfig } from '../app/config.ts'
import { readMoment } from '../app/environment-values.ts'
import { acceptedDifference, readReconciliation, reconciliationCsv } from '../app/reconcile.ts'
import { runNow } from '../app/run-now.ts'
import { openApp } from '../app/wiring.ts'
import { sayChange } from './movements.ts'
import { printJson, withRecords } from './opening.ts'
import { createProgress } from './progress.ts'
import { sayReconciliation } from './reconcile-text.ts'
import { stopOnSignals } from './stopping.ts'

interface ReconcileOptions {
  readonly since?: string
  readonly stored?: boolean
  readonly environment?: string
  readonly json?: boolean
  readonly csv?: boolean
}

export function registerReconcile(program: Command): void {
  const reconcile = program
    .command('reconcile')
    .description('Compare Mirakl, Tributary and Stripe; exit code 1 when something does not match')
  reconcile
    .command('compare', { isDefault: true })
    .description('Read both sides, compare, and show what does not match')
    .option('--since <date>', 'only what happened from then on; by default the last 35 days')
    .option('--stored', 'show what the last comparison found; reads nothing')
    .option('--environment <slug>', 'test or live; the keys must be of it')
    .option('--json', 'one JSON document on stdout')
    .option('--csv', 'the differences as CSV on stdout')
    .action(async (options: ReconcileOptions) => {
      process.exitCode = await compare(options)
    })
  reconcile
    .command('accept <difference>')
    .description('Say that a difference is right as it is; it fails no comparison any more')
    .requiredOption('--note <text>', 'why; kept with the difference')
    .option('--environment <slug>', 'test or live')
    .action(async (id: string, options: { note: string; environment?: string }) => {
      sayChange(
        await withRecords(records =>
          acceptedDifference(records, id, options.note, options.environment),
        ),
      )
    })
}

async function compare(options: ReconcileOptions): Promise<0 | 1> {
  const since = options.since === undefined ? undefined : readMoment('--since', options.since)
  const error = options.stored === true ? null : await runIt(options, since)
  return withRecords(async records => {
    const report = await readReconciliation(records, since, options.environment)
    if (options.csv === true) {
      for await (const piece of reconciliationCsv(records, since, options.environment)) {
        process.stdout.write(piece)
      }
    } else if (options.json === true) printJson(report)
    else process.stdout.write(sayReconciliation(report))
    if (error !== null) process.stderr.write(`tributary: the comparison ended early: ${error}\n`)
    const matches = report.waiting === 0 && report.comparedAt !== null && !report.unfinished
    return matches && error === null ? 0 : 1
  })
}

/** Returns why the comparison ended early; null: it did not. */
async function runIt(options: ReconcileOptions, since: Date | undefined): Promise<string | null> {
  const app = await openApp(readConfig(process.env), { environment: options.environment })
  try {
    const bar = createProgress()
    const stopping = stopOnSignals(text => app.log('warn', text))
    const report = await runNow(app, {
      job: 'reconcile',
      mode: 'move',
      since,
      progress: (...told) => bar.tell(...told),
      stopping: () => stopping.asked(),
    })
    bar.end()
    return report.error
  } finally {
    await app.close()
  }
}
