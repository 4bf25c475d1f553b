import type { Command } from 'commander'
import { readStatus, type StatusReport } from '../app/status.ts'
import { printJson, withRecords } from './opening.ts'
import { sayStatus } from './status-text.ts'

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('Movements, holds, totals and runs of an environment')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: { environment?: string; json?: boolean }) => {
      const report: StatusReport = await withRecords(records =>
        readStatus(records, options.environment),
      )
      if (options.json === true) printJson(report)
      else process.stdout.write(sayStatus(report))
    })
}
