import type { Command } from 'commander'
import { erasePerson, exportPerson, readPerson } from '../app/personal-data.ts'
import { printJson, withRecords } from './opening.ts'

interface Options {
  readonly environment?: string
  readonly json?: boolean
}

export function registerPersonalData(program: Command): void {
  const family = program
    .command('personal-data')
    .description('Export or erase what is stored about a person: docs/personal-data.md')
  family
    .command('export <role> <id>')
    .description('Everything about a customer or a seller, as one JSON document')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout; it is that in any case')
    .action(async (role: string, id: string, options: Options) => {
      const person = readPerson(role, id)
      const found = await withRecords(records => exportPerson(records, person, options.environment))
      if (found === null) sayUnknown(role, id)
      else printJson(found)
    })
  family
    .command('erase <role> <id>')
    .description('Take a customer or a seller out of what is stored; amounts and ids stay')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .action(async (role: string, id: string, options: Options) => {
      const person = readPerson(role, id)
      const erased = await withRecords(records => erasePerson(records, person, options.environment))
      if (erased === null) {
        sayUnknown(role, id)
        return
      }
      if (options.json === true) printJson(erased)
      else {
        const counts = Object.entries(erased.redacted).map(([name, count]) => `${count} ${name}`)
        process.stdout.write(`redacted: ${counts.length === 0 ? 'nothing' : counts.join(', ')}\n`)
        for (const left of erased.kept) process.stdout.write(`kept, not finished: ${left}\n`)
      }
      process.exitCode = erased.kept.length > 0 ? 1 : 0
    })
}

function sayUnknown(role: string, id: string): void {
  process.stderr.write(`tributary: nothing is stored about a ${role} ${id}\n`)
  process.exitCode = 1
}
