import { createMirakl } from '../../adapters/mirakl/mirakl.ts'
import { createStripe } from '../../adapters/stripe/provider.ts'
import { UsageError } from '../../domain/errors.ts'
import type { Clock } from '../../workflows/ports.ts'
import { type Config, readConfig } from '../config.ts'
import type { Variables } from '../environment-values.ts'
import { systemClock } from '../names.ts'
import { version } from '../version.ts'
import { checkClocks, watchDates } from './clock-check.ts'
import { checkDatabase } from './database-check.ts'
import { fail, type Finding, ok } from './finding.ts'
import { checkMirakl } from './mirakl-check.ts'
import { checkSetup } from './setup-check.ts'
import { checkStripe } from './stripe-check.ts'

export type { Finding } from './finding.ts'

export interface DoctorOptions {
  readonly fetch?: typeof fetch
  readonly clock?: Clock
}

/**
 * Looks at everything that a run needs, from the variables to the clocks. Moves nothing, makes no
 * more than the key file that every first start makes,
 * and never throws for what it finds.
 */
export async function examine(
  variables: Variables,
  options: DoctorOptions = {},
): Promise<readonly Finding[]> {
  const config = read(variables)
  if ('verdict' in config) return [config]
  const clock = options.clock ?? systemClock
  const dates = watchDates(options.fetch ?? fetch, clock)
  const [database, mirakl, stripe] = await Promise.all([
    checkDatabase(config),
    checkMirakl(config, marketplaceOf(config, dates.fetch, clock)),
    checkStripe(config, providerOf(config, dates.fetch)),
  ])
  return [
    ok(
      'configuration',
      `Every variable can be read; the environment is ${config.mode ?? 'not known'}.`,
    ),
    ...database,
    ...mirakl,
    ...stripe,
    ...checkSetup(config),
    ...checkClocks(dates.skews()),
  ]
}

function read(variables: Variables): Config | Finding {
  try {
    return readConfig(variables)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const [found = '', ...mend] = error.message.split(': ')
    return fail('configuration', `${found}.`, `${mend.join(': ')}.`)
  }
}

function marketplaceOf(config: Config, fetchWatched: typeof fetch, clock: Clock) {
  if (config.mirakl === null) return null
  return createMirakl({ ...config.mirakl, fetch: fetchWatched, clock, countBudgets: false })
}

function providerOf(config: Config, fetchWatched: typeof fetch) {
  if (config.stripe === null) return null
  const { secretKey, apiBase, accountId, purchaseMetadataKey } = config.stripe
  return createStripe({
    secretKey,
    apiBase,
    fetch: fetchWatched,
    ...(accountId === null ? {} : { platformAccountId: accountId }),
    purchaseMetadataKey,
    pluginVersion: version,
  })
}
