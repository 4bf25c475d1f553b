import type { Command } from 'commander'
import { readConfig } from '../app/config.ts'
import { namesForHelp } from '../app/job-names.ts'
import { readMoment } from '../app/environment-values.ts'
import { leftToSend, type RunReport, runNow, runnableJob, wentWrong } from '../app/run-now.ts'
import { openApp } from '../app/wiring.ts'
import { sayRun } from './run-text.ts'
import { createProgress } from './progress.ts'
import { stopOnSignals } from './stopping.ts'

interface RunOptions {
  readonly dryRun?: boolean
  readonly shadow?: boolean
  readonly shop?: string
  readonly since?: string
  readonly environment?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

export function registerRun(program: Command): void {
  program
    .command('run')
    .description(`Plan and send in one go: ${namesForHelp.join(', ')}`)
    .argument('<job>', 'the job, also by the command name of the old connector')
    .argument('[shop]', 'as --shop, where the old command took it')
    .option('--dry-run', 'show what would move and what would wait; nothing moves')
    .option('--shadow', 'as --dry-run, compared with what somebody else has moved')
    .option('--shop <id>', 'only this shop')
    .option('--since <date>', 'read from this moment on instead of the checkpoint')
    .option('--environment <slug>', 'test or live; the keys must be of it')
    .option('--json', 'one JSON document on stdout')
    .option('-q, --quiet', 'print nothing but errors')
    .action(async (job: string, shop: string | undefined, options: RunOptions) => {
      process.exitCode = await runCommand(job, {
        ...options,
        ...(shop === undefined ? {} : { shop }),
      })
    })
}

async function runCommand(name: string, options: RunOptions): Promise<0 | 1> {
  const job = runnableJob(name)
  const since = options.since === undefined ? undefined : readMoment('--since', options.since)
  const read = readConfig(process.env)
  const config = options.quiet === true ? { ...read, logLevel: 'error' as const } : read
  const app = await openApp(config, { environment: options.environment })
  try {
    const bar = createProgress()
    const stopping = stopOnSignals(text => app.log('warn', text))
    const report = await runNow(app, {
      job,
      mode: options.shadow === true ? 'shadow' : options.dryRun === true ? 'dry_run' : 'move',
      sellerId: options.shop,
      since,
      progress: options.quiet === true ? () => undefined : (...told) => bar.tell(...told),
      stopping: () => stopping.asked(),
    })
    bar.end()
    if (stopping.asked()) {
      const left = await leftToSend(app)
      app.log('warn', 'the run was stopped; the next one goes on', { leftToSend: left })
    }
    print(report, options)
    return wentWrong(report) ? 1 : 0
  } finally {
    await app.close()
  }
}

function print(report: RunReport, options: RunOptions): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (options.quiet !== true) process.stdout.write(sayRun(report))
}
