import { Command, CommanderError } from 'commander'
import { version } from '../app/version.ts'
import { registerAudit } from './audit.ts'
import { registerBackup } from './backup.ts'
import { registerDebts } from './debts.ts'
import { explainFailure } from './failure.ts'
import { registerDemo } from './demo.ts'
import { registerDoctor } from './doctor.ts'
import { registerExplain } from './explain.ts'
import { registerImport } from './import.ts'
import { registerLedger } from './ledger.ts'
import { registerMigrate } from './migrate.ts'
import { registerMovements } from './movements.ts'
import { registerNotifications } from './notifications.ts'
import { registerReconcile } from './reconcile.ts'
import { registerPersonalData } from './personal-data.ts'
import { registerRun } from './run.ts'
import { registerSandbox } from './sandbox.ts'
import { registerSellers } from './sellers.ts'
import { registerServe } from './serve.ts'
import { registerStatus } from './status.ts'

/** One entry per file of this folder: a family registers its own commands. */
const families: readonly ((program: Command) => void)[] = [
  registerDemo,
  registerServe,
  registerSandbox,
  registerMigrate,
  registerDoctor,
  registerRun,
  registerStatus,
  registerExplain,
  registerMovements,
  registerLedger,
  registerAudit,
  registerNotifications,
  registerSellers,
  registerDebts,
  registerReconcile,
  registerImport,
  registerPersonalData,
  registerBackup,
]

const program = new Command('tributary')
  .description('The payments operations hub of a marketplace')
  .version(version)
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride()
  .configureHelp({ sortSubcommands: false })
for (const register of families) register(program)

try {
  await program.parseAsync()
} catch (error) {
  // Help and version come this way too, with the exit code 0.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = explainFailure(error)
}
