import type { Command } from 'commander'
import { readConfig } from '../app/config.ts'
import { mapShop, revokeLink } from '../app/operator-changes.ts'
import { openApp } from '../app/wiring.ts'
import { sayChange } from './movements.ts'
import { withRecords } from './opening.ts'
import { registerStatement } from './statement.ts'

export function registerSellers(program: Command): void {
  program
    .command('links')
    .description("Sellers' links")
    .command('revoke <shop>')
    .description('Make every link of a shop that was written before useless')
    .option('--environment <slug>', 'test or live')
    .action(async (shop: string, options: { environment?: string }) => {
      sayChange(await withRecords(records => revokeLink(records, shop, options.environment)))
    })
  const sellers = program.command('sellers').description('Sellers and their accounts')
  registerStatement(sellers)
  sellers
    .command('map <shop> <account>')
    .description('Give a shop an account that exists already')
    .option('--environment <slug>', 'test or live; the keys must be of it')
    .action(async (shop: string, account: string, options: { environment?: string }) => {
      const app = await openApp(readConfig(process.env), options)
      try {
        sayChange(await mapShop(app, shop, account))
      } finally {
        await app.close()
      }
    })
}
