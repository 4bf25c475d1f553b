import type { Database } from '../database/connection.ts'
import type { Environment } from '../domain/settings.ts'
import type { Json } from '../domain/json.ts'
import type { Clock, Marketplace, Names, PaymentProvider } from './ports.ts'
import type { Tally } from './tally.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Structured logging; the fields never carry secrets or customers' personal data. */
export type Log = (level: LogLevel, message: string, fields?: { [key: string]: Json }) => void

/** Everything a workflow works with. Made anew for each run; nothing in it outlives the run. */
export interface Work {
  readonly database: Database
  readonly environment: Environment
  readonly marketplace: Marketplace
  readonly provider: PaymentProvider
  readonly clock: Clock
  readonly names: Names
  readonly log: Log
  /** Who acts, for the journal: `job:split-payments`, `operator:anna`, `event`. */
  readonly actor: string
  /**
   * `move`: the real thing. `dry_run`: reads and decides, writes no decision, moves nothing.
   * `shadow`: as dry_run, and compares with what the provider shows that somebody else moved.
   */
  readonly mode: 'move' | 'dry_run' | 'shadow'
  readonly tally: Tally
  readonly scope: { readonly sellerId?: string | undefined; readonly since?: Date | undefined }
  /** Told as the run goes on; `total` is absent while nobody knows it. */
  readonly progress: (step: string, done: number, total?: number) => void
  /** What one step of a run leaves for the next of the same run. */
  readonly notes: { debitsSeenAt?: Date; refundsSeenAt?: Date }
  /** Ends the run after the movement that is under way. */
  readonly stopping: () => boolean
}

/** What decisions are made from; of the outside world only what is not stored, or may have changed. */
export type Deciding = Pick<Work, 'database' | 'environment' | 'clock' | 'log'> & {
  readonly provider: Pick<PaymentProvider, 'name' | 'representable' | 'payment' | 'account'>
}

/** Orders, cycles and payments are planned in batches of this size; memory holds one batch. */
export const batchSize = 200
