import { settlementCurrencyOf } from '../domain/conversion.ts'
import { operatorFunding } from '../domain/order-amounts.ts'
import { withStandingRefunds } from '../domain/order-refunds.ts'
import type { Facts } from '../domain/json.ts'
import { lifecycle } from '../domain/lifecycle.ts'
import { isAborted, type Order } from '../domain/order.ts'
import type { Plan } from '../domain/plan.ts'
import { planTaxTransfer } from '../domain/plan-tax-transfer.ts'
import {
  type TransferFacts,
  planFundedTransfer,
  planOrderCollection,
  planTransfer,
  splitOf,
} from '../domain/plan-transfer.ts'
import { awaitsServiceDebit } from '../domain/service-debit.ts'
import { barredBy } from '../domain/settings.ts'
import type { Balance } from '../domain/settlement.ts'
import { debitsOfOrders } from '../store/debits.ts'
import { disputedPurchases } from '../store/disputes.ts'
import { ordersMovedElsewhere } from '../store/movement-import.ts'
import { movementsOfSources } from '../store/movements.ts'
import { closeOrders, openOrders } from '../store/orders.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { setAsideOf } from '../store/set-aside.ts'
import { knownRefunds } from './known-refunds.ts'
import { findPayments, paymentsFor, withSettled } from './find-payments.ts'
import { readOrders } from './read-orders.ts'
import { readServiceOrders } from './read-service-orders.ts'
import { taxSplits } from './tax-account.ts'
import { decideAll } from './write-plans.ts'
import { type Deciding, type Work, batchSize } from './work.ts'

/** Reads what changed: orders of each domain by update date, payments by date of creation. */
export async function readForSplit(work: Work): Promise<void> {
  const { productSplit, serviceSplit } = work.environment.settings.enable
  if (productSplit) await readOrders(work)
  if (serviceSplit) await readServiceOrders(work)
  if (!productSplit && !serviceSplit) return
  await findPayments(work)
}

function domains(work: Work): string[] {
  const { productSplit, serviceSplit } = work.environment.settings.enable
  return [...(productSplit ? ['product'] : []), ...(serviceSplit ? ['service'] : [])]
}

/**
 * One transfer per paid order, from the order's own charge; the commission stays on the platform.
 * Orders whose split is not decided for good are planned batch by batch, so memory holds one batch.
 */
export async function planSplits(work: Work): Promise<void> {
  if (domains(work).length === 0) {
    work.log('warn', 'payment split is switched off (ENABLE_PRODUCT_PAYMENT_SPLIT)')
    return
  }
  let after = ''
  let done = 0
  while (!work.stopping()) {
    const orders = await openOrders(work.database.queries, work.environment.id, {
      after,
      limit: batchSize,
      domains: domains(work),
      sellerId: work.scope.sellerId,
    })
    const last = orders.at(-1)
    if (last === undefined) break
    after = last.id
    await planBatch(work, orders)
    done += orders.length
    work.progress('planning transfers', done)
  }
}

async function planBatch(work: Work, orders: readonly Order[]): Promise<void> {
  const facts = await transferFacts(work, orders)
  const representable = (amount: bigint, currency: string) =>
    work.provider.representable(amount, currency, 'down', 'transfer')
  const platformFor = createPlatformBalance(work)
  const plans: Plan[] = []
  const asked = await leftBesideTransfers(work, orders)
  for (const each of facts) {
    plans.push(planTransfer(each, representable))
    const left = asked.get(each.order.id)
    const platform = await platformFor(each)
    const balance = await balanceForCollection(work, each)
    const beside = [
      planTaxTransfer(each, platform, representable),
      planFundedTransfer(each, platform, representable, left),
      planOrderCollection(each, balance, representable),
    ]
    plans.push(...beside.filter(plan => plan !== null))
  }
  const written = await decideAll(work, [...plans, ...(await givenUp(work, plans))])
  const open = new Set(
    written
      .filter(({ status }) => status === 'on_hold' || status === 'failed')
      .map(({ plan }) => plan.parties.orderId),
  )
  if (work.mode !== 'move') return
  const decided = orders.filter(order => !open.has(order.id))
  await closeOrders(work.database.queries, work.environment.id, decided)
}

/**
 * Of orders whose transfer was asked for: what it left to the operator's promotion, as it was decided
 * then. A refund since then is taken back from that transfer; it changes nothing of the rest.
 */
export async function leftBesideTransfers(
  work: Pick<Deciding, 'database' | 'environment'>,
  orders: readonly Order[],
): Promise<Map<string, bigint>> {
  const ids = orders.map(order => order.id)
  const { queries } = work.database
  const stored = await movementsOfSources(queries, work.environment.id, ['transfer'], ids)
  const asked = stored.filter(({ source, status }) => source.part === '' && lifecycle[status].asked)
  return new Map(
    asked.map(({ source, facts, amount, original }) => {
      const figure = (name: string): bigint => {
        const text = facts[name]
        return typeof text === 'string' ? BigInt(text) : 0n
      }
      const kept = figure('commission') + figure('tax')
      const toSeller = figure('share') - figure('refunded') - kept
      return [source.id, toSeller - (original?.amount ?? amount ?? 0n)]
    }),
  )
}

/**
 * What an earlier plan held beside the transfer (taxes, a collection, a promotion's part) and no plan asks
 * for any more: the order changed, nothing is owed, the hold ends.
 */
async function givenUp(work: Work, plans: readonly Plan[]): Promise<Plan[]> {
  const transfers = plans.filter(plan => plan.kind === 'transfer' && plan.source.part === '')
  const byOrder = new Map(transfers.map(plan => [plan.source.id, plan]))
  const kinds = ['transfer', 'tax_transfer', 'collection']
  const ids = [...byOrder.keys()]
  const stored = await movementsOfSources(work.database.queries, work.environment.id, kinds, ids)
  return stored.flatMap(({ kind, source, status, account, parties }) => {
    const base = byOrder.get(source.id)
    const asked = plans.some(
      plan =>
        plan.kind === kind && plan.source.id === source.id && plan.source.part === source.part,
    )
    const isTax = kind === 'tax_transfer' && ['on_hold', 'pending', 'failed'].includes(status)
    const isBeside = source.part !== '' && status === 'on_hold'
    if (base === undefined || asked || (!isTax && !isBeside)) return []
    const { netted } = base.facts
    // What refunds left no tax of is given back, to where it was to go, should one of them fail.
    const facts: Facts = isTax && netted !== undefined ? { netted } : {}
    const decision = { to: 'nothing' } as const
    return [{ ...base, kind, source, parties, account, checks: [], facts, decision }]
  })
}

/** The platform's balance, read once and only for orders that it may have to add to. */
function createPlatformBalance(work: Work) {
  let balance: Promise<Balance | null> | null = null
  const read = () =>
    work.provider.balance(null).catch((error: unknown) => {
      work.log('warn', 'the balance of the platform could not be read', { problem: String(error) })
      return null
    })
  return async ({ order, payment }: TransferFacts): Promise<bigint | null> => {
    if (operatorFunding(order) === 0n) return null
    balance ??= read()
    return (await balance)?.available[settlementCurrencyOf(payment) ?? order.currency] ?? null
  }
}

/** Only an order whose commission and taxes exceed its share asks the seller for money. */
async function balanceForCollection(work: Work, facts: TransferFacts): Promise<bigint | null> {
  const { order, account, payment, debited, taxes } = facts
  if (account === null || isAborted(order)) return null
  if (splitOf(order, debited, taxes?.scope).toSeller >= 0n) return null
  if (awaitsServiceDebit(order)) return null
  try {
    const balance = await work.provider.balance(account.id)
    return balance.available[settlementCurrencyOf(payment) ?? order.currency] ?? 0n
  } catch (error) {
    work.log('warn', 'a balance could not be read', { account: account.id, problem: String(error) })
    return null
  }
}

/** Everything that the plans of a batch look at, read with one query per table. */
export async function transferFacts(
  work: Deciding,
  orders: readonly Order[],
): Promise<TransferFacts[]> {
  const { queries } = work.database
  const { environment } = work
  const ids = orders.map(order => order.id)
  const sellers = await sellersWithAccounts(
    queries,
    environment.id,
    orders.map(order => order.sellerId),
  )
  const debits = await debitsOfOrders(queries, environment.id, ids)
  const unreadable = await setAsideOf(queries, environment.id, 'order', { ids })
  const services = orders.filter(order => order.domain === 'service').map(order => order.id)
  const movedElsewhere = await ordersMovedElsewhere(queries, environment.id, ids)
  const brokenDebits = await setAsideOf(queries, environment.id, 'debit', { ids: services })
  const hints = orders
    .filter(order => !isAborted(order))
    .map(order => ({
      purchaseId: order.purchaseId,
      reference: order.transactionNumber ?? order.imprintNumber,
    }))
  const payments = await withSettled(work, await paymentsFor(work, hints))
  const known = await knownRefunds(work, ids)
  const disputed = await disputedPurchases(
    queries,
    environment.id,
    orders.map(order => order.purchaseId),
  )
  const taxes = await taxSplits(work, orders)
  return orders.map(order => ({
    order: withStandingRefunds(order, known.get(order.id) ?? []),
    debited: debits.get(order.id) ?? null,
    seller: sellers.get(order.sellerId)?.seller ?? null,
    account: sellers.get(order.sellerId)?.account ?? null,
    payment: payments.get(order.purchaseId) ?? null,
    taxes: taxes.get(order.id) ?? null,
    ourPspCodes: environment.settings.ourPspCodes,
    movedBefore: movedElsewhere.has(order.id),
    unreadable: unreadable.get(order.id) ?? brokenDebits.get(order.id) ?? null,
    disputed: disputed.get(order.purchaseId) ?? null,
    paused: environment.paused,
    barred: barredBy(environment, order.createdAt),
  }))
}
