import { pendingMigrations } from '../database/migrate.ts'
import { createHttpApp } from '../http/app.ts'
import type { HttpDeps } from '../http/deps.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { createAppJobs, scheduleJobs } from './job-table.ts'
import { version } from './version.ts'
import type { App } from './wiring.ts'

/** A running part of Tributary. */
export interface Running {
  /** Where the server listens; null for a worker. */
  readonly url: string | null
  readonly jobs: Jobs
  /** Takes no more work, finishes the movement under way, and leaves. */
  stop(): Promise<void>
}

export interface ServeOptions {
  /** False: no jobs run here, other programs do them. */
  readonly works: boolean
  /** False: no HTTP. */
  readonly listens: boolean
  /** Overrides PORT; 0 takes any free one. */
  readonly port?: number
  readonly host?: string
  /** The status is shown without a token: the demo. */
  readonly publicStatus?: boolean
  /** The status page links to it: the demo's mailbox. */
  readonly mailboxUrl?: string
  /** False: nothing runs by the clock; the demo triggers its runs itself. */
  readonly schedules?: boolean
}

/** Seconds that runs get to finish the movement under way when the program stops. */
const stopSeconds = 25

/** Starts the worker, the server, or both. The app stays open after `stop`. */
export async function serve(app: App, options: ServeOptions): Promise<Running> {
  let leaving = false
  const jobs = createAppJobs(app, { works: options.works, leaving: () => leaving })
  await jobs.start()
  try {
    if (options.works && options.schedules !== false) await scheduleJobs(app, jobs)
    const server = options.listens ? createHttpApp(httpDeps(app, jobs, options)) : null
    const url =
      (await server?.listen({
        port: options.port ?? app.config.port,
        host: options.host ?? '0.0.0.0',
      })) ?? null
    return {
      url,
      jobs,
      stop: async () => {
        leaving = true
        await server?.close()
        await jobs.stop({ timeoutSeconds: stopSeconds })
      },
    }
  } catch (error) {
    await jobs.stop({ timeoutSeconds: 1 })
    throw error
  }
}

/** What the HTTP surface is given; exported for what serves it by itself. */
export function httpDeps(
  app: App,
  jobs: Jobs,
  options: Pick<ServeOptions, 'publicStatus' | 'mailboxUrl'>,
): HttpDeps {
  const { config, database } = app
  const only = (secret: string | null | undefined) => [secret ?? []].flat()
  return {
    database,
    environments: [
      {
        environment: app.environment,
        reader: app.events,
        secrets: {
          sellers: only(config.stripe?.sellersWebhookSecret),
          operator: only(config.stripe?.operatorWebhookSecret),
          callback: app.webhookSecrets,
        },
        provider: app.provider,
        marketplace: app.marketplace,
        mailer: app.mailer,
      },
    ],
    signer: app.signer,
    clock: app.clock,
    names: app.names,
    log: app.log,
    operatorToken: config.operatorPassword,
    publicStatus: options.publicStatus ?? false,
    mailboxUrl: options.mailboxUrl ?? null,
    wakeUp: async environment => {
      await jobs.enqueue(database.queries, 'apply-provider-events', { environment })
    },
    jobStates: () => jobs.jobStates(),
    pendingMigrations: () => pendingMigrations(database),
    version,
  }
}
