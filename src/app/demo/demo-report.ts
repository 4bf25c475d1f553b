import { type Debt, openOf } from '../../domain/debt.ts'
import type { Movement } from '../../domain/movement.ts'
import { listDebts } from '../../store/debts.ts'
import type { DemoWorld } from './demo-world.ts'
import type { CurrencySums, SimulatorBooks } from './simulator-books.ts'
import type { TributaryBooks } from './tributary-books.ts'
import type { Equation, Verdict } from './check-books.ts'
import type { LedgerVerdict } from './check-ledger.ts'
import { total } from './sums.ts'

/** Minor units as text. */
interface DebtSums {
  readonly written: string
  /** Taken out of later payouts. */
  readonly setOff: string
  readonly open: string
  /** Debts that took more than one payout to come back, and are back. */
  readonly overSeveralCycles: number
}

/** The one JSON document of `demo --json`. Amounts are minor units as text. */
export interface DemoReport {
  /** Of Tributary: `status --environment` takes it. */
  readonly environment: string
  readonly seed: number
  readonly calm: boolean
  readonly seconds: number
  readonly sellers: { total: number; ready: number; waiting: number; ignored: number }
  readonly purchases: number
  readonly orders: number
  readonly services: number
  readonly payments: { captured: number; canceled: number; failed: number; open: number }
  readonly transfers: number
  readonly collections: number
  readonly payouts: number
  readonly credits: number
  readonly refunds: number
  readonly reversals: number
  readonly restitutions: number
  /** Disputes by how they stand. */
  readonly disputes: Readonly<Record<string, number>>
  /** What came back after it was done: refunds and payouts that a bank could not take. */
  readonly returns: number
  /** What sellers owed that the marketplace does not know of, by currency. */
  readonly debts: Readonly<Record<string, DebtSums>>
  readonly onHold: Readonly<Record<string, number>>
  readonly failed: number
  /** Why they failed: what an operator is told, by reason. */
  readonly failures: Readonly<Record<string, number>>
  readonly unanswered: number
  readonly setAside: number
  readonly totals: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly equation: Readonly<Record<string, unknown>>
  readonly balanced: boolean
  readonly payableOrders: number
  readonly transferredOrders: number
  readonly transferredTwice: number
  /** Orders with a refund that waits for their sellers' next sales. */
  readonly waitingForSellers: number
  /** What is wrong, in words; empty when the books are balanced. */
  readonly problems: readonly string[]
  /** The ledger after each day, and at each seller's account in the end. */
  readonly ledger: Omit<LedgerVerdict, 'problems'>
  /** Orders whose taxes went to the tax account. */
  readonly taxedOrders: number
  /** Other companies in the same database; `balanced` and `problems` count theirs too. */
  readonly others: readonly DemoReport[]
  /** Faults that happened on the network, by side and kind. */
  readonly faults: Readonly<Record<string, number>>
  /** Subjects of the mails that arrived during the week, in order. */
  readonly mails: readonly string[]
  readonly url: string | null
}

export interface ReportParts {
  readonly world: DemoWorld
  readonly seed: number
  readonly calm: boolean
  readonly seconds: number
  readonly simulators: SimulatorBooks
  readonly tributary: TributaryBooks
  readonly verdict: Verdict
  readonly ledger: LedgerVerdict
  readonly serving: boolean
  readonly others: readonly DemoReport[]
}

export async function reportOf(parts: ReportParts): Promise<DemoReport> {
  const { world, simulators, tributary, verdict } = parts
  const { movements } = tributary
  const succeeded = (kind: Movement['kind']): number =>
    movements.filter(movement => movement.kind === kind && movement.status === 'succeeded').length
  const standing = (...statuses: string[]) =>
    movements.filter(({ status }) => statuses.includes(status))
  const counted = await countRows(world)
  const { others } = parts
  const { problems: ledger, ...checked } = parts.ledger
  const theirs = others.flatMap(({ environment, problems }) =>
    problems.map(problem => `${environment}: ${problem}`),
  )
  return {
    environment: world.app.environment.slug,
    seed: parts.seed,
    calm: parts.calm,
    seconds: parts.seconds,
    sellers: counted.sellers,
    purchases: simulators.purchases,
    orders: world.sandbox.mirakl.orders().length,
    services: world.sandbox.mirakl.serviceOrders().length,
    payments: counted.payments,
    transfers: succeeded('transfer'),
    collections: succeeded('collection'),
    payouts: succeeded('payout'),
    credits: succeeded('credit'),
    refunds: succeeded('refund'),
    reversals: succeeded('reversal'),
    restitutions: succeeded('restitution'),
    disputes: counted.disputes,
    returns: succeeded('return'),
    debts: await debtSums(world),
    onHold: countBy(standing('on_hold').map(({ reason }) => reason ?? 'unknown')),
    failed: standing('failed').length,
    failures: countBy(standing('failed').map(({ reason }) => reason ?? 'unknown')),
    unanswered: standing('submitted').length,
    setAside: counted.setAside,
    totals: Object.fromEntries([...tributary.sums].map(([code, sums]) => [code, asText(sums)])),
    equation: Object.fromEntries(verdict.equations.map(each => [each.currency, termsOf(each)])),
    balanced: verdict.balanced && ledger.length === 0 && others.every(other => other.balanced),
    payableOrders: verdict.payableOrders,
    transferredOrders: verdict.transferredOrders,
    transferredTwice: verdict.transferredTwice,
    waitingForSellers: verdict.waitingForSellers,
    problems: [...problemsOf(verdict), ...ledger, ...theirs],
    ledger: checked,
    taxedOrders: verdict.taxedOrders,
    others,
    faults: world.sandbox.faults.counts(),
    mails: world.sandbox.mailbox.mails.map(mail => mail.subject),
    url: parts.serving ? world.url : null,
  }
}

/** Every way in which the books disagree, in words. */
export function problemsOf(verdict: Verdict): string[] {
  const open = verdict.equations
    .filter(({ difference }) => difference !== 0n)
    .map(
      ({ currency, difference }) =>
        `${currency}: ${difference} of the customers' money is unexplained`,
    )
  return [...open, ...verdict.trialDifferences, ...verdict.orderProblems]
}

function termsOf({ customersPaid, destinations, difference }: Equation) {
  const { held, ...rest } = destinations
  return {
    customersPaid: customersPaid.toString(),
    ...asText(rest),
    held: asText(held),
    difference: difference.toString(),
  }
}

function asText(amounts: CurrencySums | Readonly<Record<string, bigint>>): Record<string, string> {
  const entries = Object.entries<bigint>({ ...amounts })
  return Object.fromEntries(entries.map(([name, amount]) => [name, amount.toString()]))
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

async function debtSums({ app }: DemoWorld): Promise<Record<string, DebtSums>> {
  const { queries } = app.database
  const { id } = app.environment
  const debts = await listDebts(queries, id, { limit: 10_000 })
  const parts = await queries
    .selectFrom('debt_entries')
    .select('debt_id')
    .where('environment_id', '=', id)
    .where('kind', '=', 'set_off')
    .execute()
  const times = (debt: Debt) => parts.filter(part => part.debt_id === debt.id).length
  const sums = (own: readonly Debt[]): DebtSums => ({
    written: total(own.map(debt => debt.original)).toString(),
    setOff: total(own.map(debt => debt.setOff)).toString(),
    open: total(own.map(openOf)).toString(),
    overSeveralCycles: own.filter(debt => openOf(debt) === 0n && times(debt) > 1).length,
  })
  const byCurrency = Map.groupBy(debts, debt => debt.currency)
  return Object.fromEntries([...byCurrency].map(([currency, own]) => [currency, sums(own)]))
}

async function countRows({ app }: DemoWorld) {
  const { queries } = app.database
  const { id } = app.environment
  const sellers = await queries
    .selectFrom('sellers')
    .leftJoin('accounts', join =>
      join
        .onRef('accounts.environment_id', '=', 'sellers.environment_id')
        .onRef('accounts.id', '=', 'sellers.account_id'),
    )
    .select(['sellers.ignored', 'accounts.transfers_active'])
    .where('sellers.environment_id', '=', id)
    .execute()
  const payments = await queries
    .selectFrom('payments')
    .select('status')
    .where('environment_id', '=', id)
    .execute()
  const setAside = await queries
    .selectFrom('set_aside')
    .select('id')
    .where('environment_id', '=', id)
    .execute()
  const disputes = await queries
    .selectFrom('disputes')
    .select('status')
    .where('environment_id', '=', id)
    .execute()
  const payment = (...statuses: string[]): number =>
    payments.filter(({ status }) => statuses.includes(status)).length
  const ready = sellers.filter(seller => seller.transfers_active === true).length
  const ignored = sellers.filter(seller => seller.ignored).length
  return {
    sellers: { total: sellers.length, ready, ignored, waiting: sellers.length - ready - ignored },
    payments: {
      captured: payment('captured', 'refunded'),
      canceled: payment('canceled'),
      failed: payment('failed'),
      open: payment('authorized', 'pending'),
    },
    setAside: setAside.length,
    disputes: countBy(disputes.map(({ status }) => status)),
  }
}
