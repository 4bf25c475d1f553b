import { createRunBook } from '../adapters/mirakl/budgets.ts'
import { createSmtpMailer } from '../adapters/mail/smtp.ts'
import { createMirakl } from '../adapters/mirakl/mirakl.ts'
import { createStripeEvents } from '../adapters/stripe/events.ts'
import { createStripe, type StripeProvider } from '../adapters/stripe/provider.ts'
import { UsageError } from '../domain/errors.ts'
import type { Environment } from '../domain/settings.ts'
import { environmentBySlug, saveEnvironment } from '../store/environments.ts'
import type { EventReader, Mailer, Marketplace, Notifier } from '../workflows/ports.ts'
import { createLinkSigner, type LinkSigner } from '../workflows/seller-links.ts'
import { createTally } from '../workflows/tally.ts'
import type { Work } from '../workflows/work.ts'
import { type Config, connected, type Connected } from './config.ts'
import { guardedFetch, guardedMailer } from './guarded-calls.ts'
import { keepConnections } from './kept-connections.ts'
import { environmentSlug } from './place-config.ts'
import { createOutsides, type Outsides } from './outsides.ts'
import { plainFetch } from './plain-fetch.ts'
import { type AppOptions, openRecords, type Records } from './records.ts'
import { createNotifier, notificationSecret } from './notifier.ts'
import { loadSecrets, type Secrets } from './secrets.ts'
import { version } from './version.ts'

export type { AppOptions } from './records.ts'

/** How one piece of work goes about it. */
export interface WorkOptions {
  /** Who acts, for the journal: `job:split-payments`, `operator:cli`, `event`. */
  readonly actor: string
  readonly mode: Work['mode']
  /** Scheduled runs keep to Mirakl's documented budgets; a run by hand warns and goes. */
  readonly scheduled: boolean
  readonly sellerId?: string | undefined
  readonly since?: Date | undefined
  readonly progress?: Work['progress']
  readonly stopping?: Work['stopping']
}

/** Tributary, wired for one environment. */
export interface App extends Records {
  /** As it was at the start; `workFor` reads it anew. */
  readonly environment: Environment
  readonly marketplace: Marketplace
  readonly provider: StripeProvider
  readonly events: EventReader
  /** Signing secrets that are configured, sellers' first. */
  readonly webhookSecrets: readonly string[]
  readonly signer: LinkSigner
  /** Null: no mail is sent. */
  readonly mailer: Mailer | null
  /** Null: the operator has no URL to be told at. */
  readonly notifier: Notifier | null
  /** Key of the notifications' signature, for the operator. */
  readonly notificationSecret: string
  readonly secrets: Secrets
  /** A new piece of work on the environment as it is now (settings, paused). */
  workFor(options: WorkOptions): Promise<Work>
}

/**
 * Opens the database, migrates it, brings the environment of the configuration up to date and
 * connects the outside world. Nothing is asked of Mirakl or Stripe yet.
 * @throws UsageError when a connection is not configured
 */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const connections = connected(config)
  refuseOther(options.environment, config.company, connections)
  const records = await openRecords(config, options)
  try {
    return await wire(records, connections, options)
  } catch (error) {
    await records.close()
    throw error
  }
}

async function wire(records: Records, connections: Connected, options: AppOptions): Promise<App> {
  const { config, clock } = records
  const secrets = await loadSecrets(config.secretKey, config.home)
  const environment = await saveOwnEnvironment(records, connections)
  await keepConnections(records, environment.id, connections, secrets)
  const notifying = notificationSecret(config, secrets, environment.id)
  const outsides = createOutsides(records, environment.id)
  const marketplaces = createMarketplaces(records, connections, options, outsides)
  const provider = createProvider(connections, options, outsides)
  const { stripe } = connections
  const events = createStripeEvents({
    purchaseMetadataKey: stripe.purchaseMetadataKey,
    live: connections.mode === 'live',
    now: () => clock.now(),
  })
  const both = [stripe.sellersWebhookSecret, stripe.operatorWebhookSecret]
  return {
    ...records,
    close: async () => {
      await outsides.settled()
      await records.close()
    },
    environment,
    marketplace: marketplaces.byHand,
    provider,
    events,
    webhookSecrets: both.flatMap(secret => secret ?? []),
    mailer: createMailer(config, outsides),
    notifier: createNotifier(config, notifying),
    notificationSecret: notifying,
    signer: createLinkSigner(secrets.subkey('links')),
    secrets,
    workFor: async wanted => ({
      database: records.database,
      environment:
        (await environmentBySlug(records.database.queries, environment.slug)) ?? environment,
      marketplace: wanted.scheduled ? marketplaces.scheduled : marketplaces.byHand,
      provider,
      clock,
      names: records.names,
      log: records.log,
      actor: wanted.actor,
      mode: wanted.mode,
      tally: createTally(),
      scope: { sellerId: wanted.sellerId, since: wanted.since },
      progress: wanted.progress ?? (() => undefined),
      notes: {},
      stopping: wanted.stopping ?? (() => false),
    }),
  }
}

/** Variables configure one environment; they are never used for another one. */
function refuseOther(wanted: string | undefined, company: string, { mode }: Connected): void {
  const slug = environmentSlug(company, mode)
  if (wanted === undefined || wanted === slug) return
  throw new UsageError(
    '--environment',
    `--environment is ${wanted}, and the variables are of ${slug} (STRIPE_CLIENT_SECRET is a ${mode} key): give the keys of ${wanted}, or leave the option out`,
  )
}

async function saveOwnEnvironment(records: Records, { mode }: Connected): Promise<Environment> {
  const { config, database, clock } = records
  const { company } = config
  const slug = environmentSlug(company, mode)
  const environment: Environment = {
    id: slug,
    companyId: company,
    slug,
    mode,
    settings: config.settings,
    startDate: config.startDate,
    paused: false,
  }
  await saveEnvironment(database.queries, environment, company, clock.now())
  return (await environmentBySlug(database.queries, slug)) ?? environment
}

/** Two views of one tenant that count their runs in one book. */
function createMarketplaces(
  records: Records,
  { mirakl }: Connected,
  options: AppOptions,
  outsides: Outsides,
) {
  const runBook = createRunBook()
  const view = (countBudgets: boolean) =>
    createMirakl({
      ...mirakl,
      fetch: guardedFetch(options.fetch ?? plainFetch, outsides.mirakl),
      clock: records.clock,
      countBudgets,
      runBook,
      warn: message => records.log('warn', message),
    })
  return { byHand: view(false), scheduled: view(true) }
}

function createProvider(
  { stripe }: Connected,
  options: AppOptions,
  outsides: Outsides,
): StripeProvider {
  const { requestsPerSecond } = stripe
  const provider = createStripe({
    secretKey: stripe.secretKey,
    apiBase: stripe.apiBase,
    fetch: guardedFetch(options.fetch ?? plainFetch, outsides.stripe),
    ...(stripe.accountId === null ? {} : { platformAccountId: stripe.accountId }),
    purchaseMetadataKey: stripe.purchaseMetadataKey,
    requestsPerSecond,
    totalPerSecond: requestsPerSecond === null ? null : Math.max(100, requestsPerSecond),
    pluginVersion: version,
  })
  return { ...provider, answers: () => outsides.stripe.admits() }
}

function createMailer(config: Config, outsides: Outsides): Mailer | null {
  const mailer = config.mail === null ? null : createSmtpMailer(config.mail)
  return mailer === null ? null : guardedMailer(mailer, outsides.mail)
}
