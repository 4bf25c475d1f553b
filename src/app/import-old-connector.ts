import { openOldConnector } from '../adapters/old-connector/old-connector.ts'
import { createOldMoney } from '../adapters/stripe/old-movements.ts'
import { UsageError } from '../domain/errors.ts'
import { importOldConnector } from '../workflows/import-old-connector.ts'
import type { ImportReport } from '../workflows/import-report.ts'
import type { ImportCheck } from '../workflows/import-work.ts'
import type { Work } from '../workflows/work.ts'
import { connected } from './config.ts'
import { plainFetch } from './plain-fetch.ts'
import { version } from './version.ts'
import type { App } from './wiring.ts'

export { needsPerson, type ImportReport } from '../workflows/import-report.ts'

/** One import by hand. */
export interface ImportOrder {
  /** `postgres://…` of the old connector's database. */
  readonly from: string
  readonly apply: boolean
  readonly check: ImportCheck
  readonly progress?: Work['progress']
  readonly stopping?: Work['stopping']
}

const checks = ['all', 'open', 'none'] as const

/** @throws UsageError for anything but `all`, `open` and `none`; and for `none` with --apply */
export function readCheck(text: string, apply: boolean): ImportCheck {
  const found = checks.find(each => each === text)
  if (found === undefined) {
    throw new UsageError('--check', `--check is ${text}: write one of ${checks.join(', ')}`)
  }
  if (found === 'none' && apply) {
    throw new UsageError(
      '--check',
      '--check none cannot be applied: what the old connector left open must be looked up, or it may be paid twice; write --check open',
    )
  }
  return found
}

/**
 * The address as the driver takes it; the old connector's own DATABASE_URL may be written `pgsql://`.
 * @throws UsageError when it is no address of a PostgreSQL
 */
export function readFrom(text: string): string {
  const address = text.replace(/^(pdo-)?pgsql:/, 'postgres:')
  const isPostgres = /^postgres(ql)?:\/\//.test(address) && URL.canParse(address)
  if (isPostgres && new URL(address).host !== '') return address
  throw new UsageError(
    '--from',
    '--from is not the address of a PostgreSQL: write postgres://user:password@host:5432/database',
  )
}

/** Opens the old connector's database and imports it into the environment of the configuration. */
export async function importFrom(app: App, order: ImportOrder): Promise<ImportReport> {
  const old = await openOldConnector(order.from)
  try {
    const work = await app.workFor({
      actor: 'operator:cli',
      mode: order.apply ? 'move' : 'dry_run',
      scheduled: false,
      ...(order.progress === undefined ? {} : { progress: order.progress }),
      ...(order.stopping === undefined ? {} : { stopping: order.stopping }),
    })
    const { apply, check } = order
    return await importOldConnector(work, { old, sights: createSights(app), apply, check })
  } finally {
    await old.close()
  }
}

function createSights(app: App) {
  const { stripe } = connected(app.config)
  return createOldMoney({
    secretKey: stripe.secretKey,
    apiBase: stripe.apiBase,
    fetch: plainFetch,
    ...(stripe.accountId === null ? {} : { platformAccountId: stripe.accountId }),
    purchaseMetadataKey: stripe.purchaseMetadataKey,
    requestsPerSecond: stripe.requestsPerSecond,
    pluginVersion: version,
  })
}
