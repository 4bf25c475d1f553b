import type { Command } from 'commander'
import { readConfig } from '../app/config.ts'
import { openRecords } from '../app/records.ts'

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Bring the schema of the database up to date')
    .action(async () => {
      const records = await openRecords(readConfig(process.env))
      await records.close()
      process.stdout.write('The schema is up to date.\n')
    })
}
