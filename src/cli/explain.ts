import type { Command } from 'commander'
import { explainStored, readExplainRequest } from '../app/explain.ts'
import { sayExplanation } from './explain-text.ts'
import { printJson, withRecords } from './opening.ts'

interface ExplainOptions {
  readonly lang: string
  readonly environment?: string
  readonly json?: boolean
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('Why an order, a seller, an invoice or a movement is as it is')
    .argument('<type>', 'order, seller, invoice or movement')
    .argument('<id>', 'its id; of an invoice that of IV01 or of the billing cycle')
    .option('--lang <language>', 'reasons in en, fr or de', 'en')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .action(async (type: string, id: string, options: ExplainOptions) => {
      const request = readExplainRequest(type, id, options.lang)
      const found = await withRecords(records =>
        explainStored(records, request, options.environment),
      )
      if (found === null) {
        process.stderr.write(`tributary: no ${type} ${id} is known here\n`)
        process.exitCode = 1
      } else if (options.json === true) printJson(found)
      else process.stdout.write(sayExplanation(found))
    })
}
