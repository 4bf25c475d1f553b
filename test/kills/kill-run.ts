import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/app/config.ts'
import { runNow } from '../../src/app/run-now.ts'
import { openApp } from '../../src/app/wiring.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { createRandom } from '../../src/sandbox/random.ts'
import { runWithRealTime } from '../../src/sandbox/real-time.ts'
import type { JobName } from '../../src/workflows/run-job.ts'
import { type CliMarketplace, openMarketplace } from '../cli/marketplace.ts'
import { auditLedger } from '../ledger-audit.ts'
import { killOne } from './victim.ts'

/** What a kill run did, and what its auditor found. */
export interface KillFigures {
  /** Programs of Tributary that were killed, and those of them that waited for an answer then. */
  readonly kills: number
  readonly inACall: number
  readonly serverKills: number
  readonly backendKills: number
  readonly purchases: number
  /** Captures and transfers that Stripe has. */
  readonly operations: number
  readonly seconds: number
  /** Empty: nothing twice, nothing lost, the ledger as the simulator's books. */
  readonly problems: readonly string[]
}

export interface KillRunOptions {
  readonly kills: number
  /** Kills of PostgreSQL: every other one of the server itself, else of one of its backends. */
  readonly databaseKills: number
  readonly seed: number
  /** Programs that work at the same time. */
  readonly atOnce: number
}

const price = 1_000
const share = 900
/** Purchases that wait to be moved at every moment. */
const waiting = 40

/** Kills programs in the middle of their work, and the embedded database under them; then counts. */
export async function killRun(options: KillRunOptions): Promise<KillFigures> {
  const market = await openMarketplace()
  // Fees are booked when their day is over.
  market.stripeSandbox.configure({ fees: {} })
  const home = mkdtempSync(join(tmpdir(), 'tributary-kills-'))
  // As root the server runs under another account, which has to get into the folder.
  chmodSync(home, 0o711)
  const { DATABASE_URL: _, ...rest } = market.variables
  const variables = { ...rest, TRIBUTARY_HOME: home, LOG_LEVEL: 'fatal' }
  const database = await openDatabase({ home })
  // Programs go by the real clock, and what they read by the simulators': the two must not part.
  const stopTime = runWithRealTime(market.clock, 1)
  try {
    return await play({ market, home, variables, database, options })
  } finally {
    stopTime()
    await database.close()
    await market.close()
    rmSync(home, { recursive: true, force: true })
  }
}

interface Run {
  readonly market: CliMarketplace
  readonly home: string
  readonly variables: Readonly<Record<string, string>>
  readonly database: Database
  readonly options: KillRunOptions
}

async function play(run: Run): Promise<KillFigures> {
  const { market, options } = run
  const began = performance.now()
  const random = createRandom(options.seed)
  const shop = await openShop(run)
  const shopper = createShopper(market, shop)
  await shopper.fill()
  const counts = { kills: 0, inACall: 0, serverKills: 0, backendKills: 0 }
  const slot = async (): Promise<void> => {
    while (counts.kills < options.kills) {
      const kind = random() < 0.3 ? 'serve' : 'runs'
      const calls = 1 + Math.floor(random() * 60)
      const death = await killOne(kind, run.variables, { calls, seconds: 30 })
      if (death.killed) counts.kills += 1
      if (death.killed && death.callsUnderWay > 0) counts.inACall += 1
      // The database goes evenly over the run.
      const due = Math.floor((counts.kills * options.databaseKills) / options.kills)
      if (counts.serverKills + counts.backendKills < due) killDatabase(run, counts, random)
      await shopper.fill()
    }
  }
  await Promise.all(Array.from({ length: options.atOnce }, slot))
  const problems = await endAndAudit(run, shopper.placed())
  return {
    ...counts,
    purchases: shopper.placed(),
    operations: shopper.placed() * 2,
    seconds: Math.round((performance.now() - began) / 1000),
    problems,
  }
}

async function openShop(run: Run): Promise<number> {
  const { market } = run
  const shop = market.mirakl.addShop({ name: 'Atelier Nord' })
  await runJobs(run, ['onboard-sellers'])
  for (const account of (await market.stripe.accounts.list()).data) {
    market.stripeSandbox.completeOnboarding(account.id)
  }
  await runJobs(run, ['onboard-sellers'])
  return shop
}

/** Places purchases so that there is always something left to move. */
function createShopper(market: CliMarketplace, shop: number) {
  let placed = 0
  const moved = () => (market.stripeSandbox.books().totals['eur']?.transferred ?? 0) / share
  async function place(): Promise<void> {
    placed += 1
    const commercialId = `P-${placed}`
    await market.stripe.paymentIntents.create({
      amount: price,
      currency: 'eur',
      capture_method: 'manual',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      metadata: { mirakl_commercial_order_id: commercialId },
    })
    const lines = [{ price: '10.00', commission: '1.00' }]
    const orders = [{ shopId: shop, lines }]
    for (const order of market.mirakl.placePurchase({ commercialId, orders })) {
      market.mirakl.acceptOrder(order)
    }
  }
  return {
    placed: () => placed,
    fill: async () => {
      while (placed - moved() < waiting) await place()
    },
  }
}

function killDatabase(
  { home }: Run,
  counts: { serverKills: number; backendKills: number },
  random: () => number,
): void {
  const server = Number.parseInt(readText(join(home, 'postgres', 'postmaster.pid')), 10)
  // It is being started again just now: the next kill of a program asks for it once more.
  if (!Number.isInteger(server)) return
  const backends = childrenOf(server)
  const backend = backends[Math.floor(random() * backends.length)]
  const takesBackend = counts.backendKills < counts.serverKills && backend !== undefined
  try {
    process.kill(takesBackend ? backend : server, 'SIGKILL')
  } catch {
    return
  }
  if (takesBackend) counts.backendKills += 1
  else counts.serverKills += 1
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      const stat = readText(`/proc/${name}/stat`)
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
    })
    .map(Number)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

async function runJobs(run: Run, jobs: readonly JobName[]): Promise<void> {
  const app = await openApp(readConfig(run.variables), { log: () => undefined })
  try {
    for (const job of jobs) {
      const report = await runNow(app, { job, mode: 'move' })
      if (report.error !== null) throw new Error(`${job}: ${report.error}`)
    }
  } finally {
    await app.close()
  }
}

async function endAndAudit(run: Run, purchases: number): Promise<string[]> {
  const { queries } = run.database
  // What killed programs had asked is taken up when its lease, or its minute, is over: now.
  const past = new Date(0)
  await queries
    .updateTable('movements')
    .set({ lease_until: past })
    .where('status', '=', 'submitted')
    .execute()
  await queries
    .updateTable('confirmations')
    .set({ attempted_at: past })
    .where('status', '=', 'submitted')
    .execute()
  const jobs = ['validate-payments', 'split-payments'] as const
  await runJobs(run, [...jobs, ...jobs, ...jobs])
  return [
    ...(await auditSimulator(run.market, purchases)),
    ...(await auditMovements(run.database, purchases)),
    ...(await auditLedger(queries, 'test', run.market.stripeSandbox.books(), 'acct_platform')),
  ]
}

/** Every purchase captured once and moved on once, by what the simulator itself has. */
async function auditSimulator(market: CliMarketplace, purchases: number): Promise<string[]> {
  const byPurchase = new Map<string, number>()
  for await (const transfer of market.stripe.transfers.list({ limit: 100 })) {
    const group = transfer.transfer_group ?? '?'
    byPurchase.set(group, (byPurchase.get(group) ?? 0) + transfer.amount)
  }
  const wrong = Array.from({ length: purchases }, (_, index) => `P-${index + 1}`).filter(
    id => byPurchase.get(id) !== share,
  )
  const captured = market.stripeSandbox.books().totals['eur']?.captured ?? 0
  return [
    ...wrong.map(id => `${id}: ${byPurchase.get(id) ?? 0} transferred instead of ${share}`),
    ...(byPurchase.size === purchases ? [] : [`${byPurchase.size} purchases have transfers`]),
    ...(captured === purchases * price ? [] : [`${captured} captured of ${purchases * price}`]),
  ]
}

async function auditMovements(database: Database, purchases: number): Promise<string[]> {
  const rows = await database.queries
    .selectFrom('movements')
    .select(({ fn }) => ['kind', 'status', fn.countAll<bigint>().as('count')])
    .groupBy(['kind', 'status'])
    .orderBy('kind')
    .execute()
  const found = rows.map(row => `${row.kind} ${row.status} ${row.count}`).join(', ')
  const wanted = `capture succeeded ${purchases}, transfer succeeded ${purchases}`
  if (found === wanted) return []
  const waiting = await database.queries
    .selectFrom('movements')
    .select(['kind', 'purchase_id', 'status', 'reason', 'failure_message'])
    .where('status', '<>', 'succeeded')
    .execute()
  const told = await database.queries
    .selectFrom('confirmations')
    .select(['order_id', 'status', 'attempt', 'attempted_at', 'message'])
    .where('status', '<>', 'succeeded')
    .execute()
  return [`movements: ${found}`, ...[...waiting, ...told].map(each => JSON.stringify(each))]
}
