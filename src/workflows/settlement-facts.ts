import type { SettlementFacts } from '../domain/plan-settlement.ts'
import type { Facts } from '../domain/json.ts'
import type { Movement } from '../domain/movement.ts'
import type { Currency } from '../domain/currency.ts'
import { settledCurrencyOf } from '../domain/settled-sales.ts'
import { barredBy } from '../domain/settings.ts'
import type { Cycle } from '../domain/settlement.ts'
import type { Account } from '../domain/seller.ts'
import { accountById } from '../store/accounts.ts'
import { journalOf } from '../store/journal.ts'
import { listMovements, remainderOf } from '../store/movements.ts'
import { heldReversals } from '../store/refund-sources.ts'
import { listDebts } from '../store/debts.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { cycleSales } from './cycle-sales.ts'
import { debtFacts } from './debt-facts.ts'
import { refreshAccount } from './refresh-account.ts'
import type { Balances } from './balances.ts'
import type { Deciding } from './work.ts'

/** A cycle has four parts and its payouts; a seller with more movements than this is a defect. */
const movementsMax = 500

/** Everything that the plans of one cycle look at. */
export async function settlementFacts(
  work: Deciding,
  cycle: Cycle,
  balances: Balances,
): Promise<SettlementFacts> {
  const { environment, database } = work
  const sellers = await sellersWithAccounts(database.queries, environment.id, [cycle.sellerId])
  const known = sellers.get(cycle.sellerId)
  const account = await presentAccount(work, known?.account ?? null)
  const own = await listMovements(database.queries, environment.id, {
    cycleId: cycle.id,
    limit: movementsMax,
  })
  const wanted = account !== null && cycle.payState !== 'paid'
  const needsPlatform = wanted && cycle.otherCredits > 0n
  const sales = await cycleSales(work, cycle)
  const settled = settledCurrencyOf(sales, cycle.currency)
  const remainder = await remainderOf(
    database.queries,
    environment.id,
    cycle.sellerId,
    cycle.currency,
  )
  return {
    cycle,
    seller: known?.seller ?? null,
    account,
    balance: wanted ? await balances.of(account.id) : null,
    platform: needsPlatform || (wanted && remainder > 0n) ? await balances.of(null) : null,
    // What is left of unconverted sales waits for a cycle in which it can be paid out.
    remainder: settled === null ? ownRemainder(own, remainder) : 0n,
    sales,
    original: null,
    partsDone: partsDone(own),
    unfinished: { ...unfinishedOf(own), ...(await reversalsOf(work, cycle, settled)) },
    ourPspCodes: environment.settings.ourPspCodes,
    partsStanding: partsStanding(own),
    negativeCycles: environment.settings.negativeCycles,
    cycleDebt: await debtOfCycle(work, cycle),
    debts: await debtFacts(database.queries, environment, {
      ...cycle,
      currency: settled ?? cycle.currency,
    }),
    payoutSequence: payoutSequence(own),
    bankRefused: await bankRefused(work, own, account),
    needsApproval: false,
    paused: environment.paused,
    barred: barredBy(environment, cycle.createdAt),
  }
}

/** An event about the account may have been lost; a payout is worth a question. */
async function presentAccount(work: Deciding, stored: Account | null): Promise<Account | null> {
  if (stored === null || stored.standing !== 'open') return stored
  return refreshAccount(work, stored.id).catch((error: unknown) => {
    work.log('warn', 'an account could not be read', { account: stored.id, problem: String(error) })
    return stored
  })
}

/** A remainder credited for this cycle is not owed again, and its plan stays the same. */
function ownRemainder(own: readonly Movement[], open: bigint): bigint {
  const credited = own.find(each => each.kind === 'credit' && each.source.part === 'remainder')
  return credited === undefined || credited.status === 'on_hold' ? open : (credited.amount ?? 0n)
}

function partsDone(own: readonly Movement[]): Record<string, boolean> {
  return Object.fromEntries(
    own
      .filter(each => each.kind === 'credit' || each.kind === 'collection')
      // Set-offs of debts belong to the debt, not to a part of the cycle.
      .filter(each => each.source.type === 'cycle')
      .map(each => [each.source.part, each.status === 'succeeded' || each.status === 'canceled']),
  )
}

/** Collections that nobody changes any more, by part. */
function partsStanding(own: readonly Movement[]): Record<string, bigint> {
  return Object.fromEntries(
    own
      .filter(each => each.kind === 'collection' && each.source.type === 'cycle')
      .filter(each => ['submitted', 'accepted', 'failed', 'succeeded'].includes(each.status))
      .map(each => [each.source.part, each.amount ?? 0n]),
  )
}

async function debtOfCycle(work: Deciding, cycle: Cycle): Promise<SettlementFacts['cycleDebt']> {
  const { database, environment } = work
  const query = { sourceType: 'cycle', sourceId: cycle.id, limit: 1 } as const
  const [debt = null] = await listDebts(database.queries, environment.id, query)
  return debt
}

/** Movements of the cycle that were asked or failed and are not finished: the payout waits. */
function unfinishedOf(own: readonly Movement[]): Record<string, string> {
  const parts = own.filter(each => each.kind === 'credit' || each.kind === 'collection')
  const open = parts.filter(each => each.status !== 'succeeded' && each.status !== 'canceled')
  return Object.fromEntries(open.map(each => [each.id, each.status]))
}

/** The marketplace nets refunds in its cycles: what the seller still holds of them goes back first. */
async function reversalsOf(
  work: Deciding,
  cycle: Cycle,
  settled: Currency | null,
): Promise<Record<string, string>> {
  const { database, environment } = work
  const held = await heldReversals(database.queries, environment.id, cycle.sellerId, [
    cycle.currency,
    ...(settled === null ? [] : [settled]),
  ])
  return Object.fromEntries(held.map(each => [each.id, each.reason ?? each.status]))
}

/** The payout's sequence: one more than the payouts that the provider took back. */
function payoutSequence(own: readonly Movement[]): number {
  return 1 + own.filter(each => each.kind === 'return').length
}

/** The bank refused, and the seller's account is as it was then, and has no other bank since. */
async function bankRefused(
  work: Deciding,
  own: readonly Movement[],
  present: Account | null,
): Promise<boolean> {
  const refused = own.find(each => each.kind === 'payout' && each.reason === 'bank_refused')
  const returned = own.find(each => each.kind === 'return')
  const last = [refused, returned]
    .flatMap(each => (each === undefined ? [] : [each]))
    .toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())[0]
  if (last === undefined || last.account === null) return false
  const account = await accountById(work.database.queries, work.environment.id, last.account)
  if (account === null || account.changedAt > last.updatedAt) return false
  // The change may have been seen before the refusal: the payout was under way to the bank before.
  const went = await bankOf(work, payoutOf(own, last))
  const goes = (present ?? account).banks?.[last.currency]
  return went === null || goes === undefined || went === goes
}

/** The payout that came back as `last`, which is itself unless it is a return. */
function payoutOf(own: readonly Movement[], last: Movement): Movement | undefined {
  if (last.kind === 'payout') return last
  return own.find(each => each.kind === 'payout' && each.id === last.source.id)
}

/** Where a payout went, as the provider said; null: it did not say. */
async function bankOf(work: Deciding, payout: Movement | undefined): Promise<string | null> {
  if (payout === undefined) return null
  const journal = await journalOf(work.database.queries, work.environment.id, payout.id)
  const banks = journal.flatMap(({ facts }) => {
    const bank = (facts as Facts)['bank']
    return typeof bank === 'string' ? [bank] : []
  })
  return banks.at(-1) ?? null
}
