import type { Command } from 'commander'
import { readMoment } from '../app/environment-values.ts'
import { readConfig } from '../app/config.ts'
import { markAsRestored, restoreBackup, takeBackup } from '../app/backup.ts'

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('Copy the embedded database into one file; with DATABASE_URL: say how')
    .argument('<file>', 'must not exist yet')
    .action(async (file: string) => {
      const { bytes, takenAt } = await takeBackup(readConfig(process.env), file)
      const size = `${(bytes / 1e6).toFixed(1)} MB`
      process.stdout.write(`${file}: ${size}, taken at ${takenAt.toISOString()}\n${keyReminder}\n`)
    })
  program
    .command('restore')
    .description('Put a backup in place of the embedded database; with DATABASE_URL: say how')
    .argument('[file]', 'made by tributary backup')
    .option('--mark <moment>', 'only say that a backup of this moment was restored by other means')
    .action(async (file: string | undefined, options: { mark?: string }, command: Command) => {
      if ((file === undefined) === (options.mark === undefined)) {
        command.error('error: give either a file or --mark')
      }
      if (options.mark !== undefined) {
        await markAsRestored(readConfig(process.env), readMoment('--mark', options.mark))
        process.stdout.write(`Marked as restored. ${next}\n`)
        return
      }
      const { takenAt, former } = await restoreBackup(readConfig(process.env), file ?? '')
      const kept = former === null ? '' : `The former database is kept in ${former}.\n`
      process.stdout.write(`Restored as of ${takenAt.toISOString()}.\n${kept}${next}\n`)
    })
}

const keyReminder =
  'The secret key is not in it: keep TRIBUTARY_SECRET_KEY, or secret.key of TRIBUTARY_HOME, apart.'
const next =
  'The next run looks up at the provider what moved since, before it moves anything; run read-books after it.'
