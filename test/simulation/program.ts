import { createMirakl } from '../../src/adapters/mirakl/mirakl.ts'
import { createStripe } from '../../src/adapters/stripe/provider.ts'
import { applyProviderEvents } from '../../src/workflows/apply-provider-event.ts'
import { type JobName, type RunReport, runJob } from '../../src/workflows/run-job.ts'
import { createTally } from '../../src/workflows/tally.ts'
import type { Work } from '../../src/workflows/work.ts'
import { Crash, type Fate, createGate } from './gate.ts'
import { gateDatabase } from './gated-database.ts'
import { type World, purchaseKey, secrets } from './world.ts'

/** What became of one run of a program. */
export interface Ran {
  readonly job: JobName | 'apply-events'
  readonly report: RunReport | null
  /** What it threw; a killed program throws always. */
  readonly thrown: Error | null
  readonly crashed: boolean
  readonly queryFailed: boolean
  readonly calls: number
}

/** A program with everything it needs, all of it behind one gate. It runs one job. */
export async function runProgram(world: World, job: Ran['job'], fate: Fate): Promise<Ran> {
  const gate = createGate(fate)
  const gated =
    (reach: typeof fetch): typeof fetch =>
    (input, init) =>
      gate.request(() => reach(input, init))
  const work: Work = {
    database: gateDatabase(world.database, gate),
    environment: world.environment,
    clock: world.clock,
    names: world.names,
    provider: createStripe({
      secretKey: secrets.stripeKey,
      fetch: gated(world.networkOf('stripe')),
      purchaseMetadataKey: purchaseKey,
      requestsPerSecond: null,
      totalPerSecond: null,
      networkRetries: 0,
      pluginVersion: '0.1.0',
    }),
    marketplace: createMirakl({
      baseUrl: 'https://tenant.example',
      auth: { kind: 'apiKey', key: secrets.miraklKey },
      customFieldCode: 'stripe-url',
      ignoredFieldCode: 'stripe-ignored',
      fetch: gated(world.networkOf('mirakl')),
      clock: world.clock,
      countBudgets: false,
      wait: async () => undefined,
    }),
    log: (level, message, fields) => world.logs.push({ level, message, fields }),
    actor: `job:${job}`,
    mode: 'move',
    tally: createTally(),
    scope: {},
    progress: () => undefined,
    notes: {},
    stopping: () => gate.isDead(),
  }
  let report: RunReport | null = null
  let thrown: Error | null = null
  try {
    if (job === 'apply-events') await applyProviderEvents(work, world.reader)
    else report = await runJob(work, job, world.signer)
  } catch (error) {
    thrown = error instanceof Error ? error : new Error(String(error))
  }
  const crashed = gate.isDead() || thrown instanceof Crash
  return { job, report, thrown, crashed, queryFailed: gate.queryFailed(), calls: gate.calls() }
}
