import type { Database } from '../database/connection.ts'
import type { Environment } from '../domain/settings.ts'
import type { JobStates } from '../jobs/job.ts'
import type {
  Clock,
  EventReader,
  Mailer,
  Marketplace,
  Names,
  PaymentProvider,
} from '../workflows/ports.ts'
import type { LinkSigner } from '../workflows/seller-links.ts'
import type { Log } from '../workflows/work.ts'

/** One environment as the HTTP surface serves it. */
export interface HttpEnvironment {
  readonly environment: Environment
  readonly reader: EventReader
  /** Signing secrets of webhooks, by the route that they arrive at; empty: not configured. */
  readonly secrets: {
    readonly sellers: readonly string[]
    readonly operator: readonly string[]
    /** Of `/callbacks/v1.0/stripe/:companyId`; the one that verifies names the environment. */
    readonly callback: readonly string[]
  }
  readonly provider: PaymentProvider
  readonly marketplace: Marketplace
  /** Absent or null: no mail is sent, and a link that needs a code opens for nobody. */
  readonly mailer?: Mailer | null
}

/** Everything that the HTTP surface works with. */
export interface HttpDeps {
  readonly database: Database
  /** The first one is the default; at least one. */
  readonly environments: readonly HttpEnvironment[]
  readonly signer: LinkSigner
  readonly clock: Clock
  readonly names: Names
  readonly log: Log
  /** OPERATOR_PASSWORD: opens the API and the status page; null: they refuse everybody. */
  readonly operatorToken: string | null
  /** The status is shown to everybody: the demo, whose money is play money. */
  readonly publicStatus: boolean
  /** Where the demo's mails are read, linked from the status page; absent or null: no demo. */
  readonly mailboxUrl?: string | null
  /** Enqueues the job that applies stored events; may fail, the schedule comes round anyway. */
  wakeUp(environmentId: string): Promise<void>
  /** Throws when the jobs are not running. */
  jobStates(): Promise<readonly JobStates[]>
  /** Names of migrations that have not run; empty when the schema is up to date. */
  pendingMigrations(): Promise<readonly string[]>
  /** Of Tributary, for /healthz. */
  readonly version: string
}
