import type { Debit } from '../domain/debit.ts'
import { type Order, isAborted, stageOf } from '../domain/order.ts'
import { type ServiceDebit, withDebits } from '../domain/service-debit.ts'
import { saveDebits } from '../store/debits.ts'
import { saveOrders, undebitedServices } from '../store/orders.ts'
import { type Unreadable, setAside, takeBack } from '../store/set-aside.ts'
import type { Page } from './ports.ts'
import { readFeed, storePage } from './read-orders.ts'
import type { Work } from './work.ts'

/** SPA11 takes a hundred orders per call. */
const askedAtOnce = 100

/**
 * Reads the service orders that changed, with the debits that say what they are worth, and asks
 * again for the debits of those that still wait: a debit may be paid without a new update date of
 * its order. What waits costs one SPA11 call per hundred orders, and no SOR11 call.
 * @param seenAt marks the debits that wait for a confirmation; absent: they are not kept
 */
export async function readServiceOrders(work: Work, seenAt?: Date): Promise<void> {
  await askForWaitingDebits(work, seenAt)
  await readFeed(work, {
    checkpoint: 'service-orders',
    pages: query => withTheirDebits(work, work.marketplace.serviceOrders(query), seenAt),
  })
}

/** Reads these service orders anew, with their debits. */
export async function refreshServiceOrders(work: Work, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const pages = withTheirDebits(work, work.marketplace.serviceOrders({ ids }))
  for await (const page of pages) await storePage(work, page)
}

/** Reads the service orders of these purchases anew, with their debits. */
export async function refreshServicePurchases(
  work: Work,
  purchaseIds: readonly string[],
): Promise<void> {
  if (purchaseIds.length === 0) return
  const pages = withTheirDebits(work, work.marketplace.serviceOrders({ purchaseIds }))
  for await (const page of pages) await storePage(work, page)
}

/** An order is stored with its debits or not at all: the page fails when SPA11 cannot be read. */
async function* withTheirDebits(
  work: Work,
  pages: AsyncIterable<Page<Order>>,
  seenAt?: Date,
): AsyncGenerator<Page<Order>> {
  for await (const page of pages) {
    const orders = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    const debits = await debitsOf(work, orders)
    await keepWaiting(work, orders, debits, seenAt)
    const readings = page.readings.map(reading =>
      reading.ok ? { ...reading, value: withDebits(reading.value, debits) } : reading,
    )
    yield { ...page, readings }
  }
}

async function askForWaitingDebits(work: Work, seenAt?: Date): Promise<void> {
  let after = ''
  while (!work.stopping()) {
    const open = await undebitedServices(work.database.queries, work.environment.id, {
      after,
      limit: askedAtOnce,
      sellerId: work.scope.sellerId,
    })
    const last = open.at(-1)
    if (last === undefined) return
    after = last.id
    // Before the seller's decision there is no debit; the decision changes the order itself.
    const waiting = open.filter(order => stageOf(order) === 'waiting_debit')
    const debits = await debitsOf(work, waiting)
    const told = waiting.map(order => withDebits(order, debits))
    const { queries } = work.database
    await saveOrders(queries, work.environment.id, told, work.clock.now())
    await keepWaiting(work, waiting, debits, seenAt)
  }
}

/** The service debits that wait for a confirmation, beside those that PA11 lists. */
async function keepWaiting(
  work: Work,
  orders: readonly Order[],
  debits: readonly ServiceDebit[],
  seenAt: Date | undefined,
): Promise<void> {
  if (seenAt === undefined || !work.environment.settings.tellServiceDebits) return
  const byId = new Map(orders.map(order => [order.id, order]))
  const waiting = debits
    .filter(debit => debit.state === 'waiting')
    .flatMap(debit => {
      const order = byId.get(debit.orderId)
      return order === undefined || isAborted(order) ? [] : [debitOf(order, debit)]
    })
  await saveDebits(work.database.queries, work.environment.id, waiting, seenAt)
}

function debitOf(order: Order, { id, customerId, amount, currency }: ServiceDebit): Debit {
  return {
    id,
    domain: 'service',
    entityType: 'ORDER',
    orderId: order.id,
    purchaseId: order.purchaseId,
    customerId,
    sellerId: order.sellerId,
    amount,
    currency,
    imprintNumber: order.imprintNumber,
    payOutPspCode: order.payOutPspCode,
  }
}

/**
 * The debits of these orders. One that cannot be read, or that has another currency than its order,
 * is set aside under the order's id, and its order counts as one without debits: it waits, and is
 * asked for again.
 */
async function debitsOf(work: Work, orders: readonly Order[]): Promise<readonly ServiceDebit[]> {
  if (orders.length === 0) return []
  const currencies = new Map(orders.map(order => [order.id, order.currency]))
  const debits: ServiceDebit[] = []
  const broken: Unreadable[] = []
  for await (const page of work.marketplace.serviceDebits([...currencies.keys()])) {
    for (const reading of page.readings) {
      if (!reading.ok) {
        broken.push({ ...reading, kind: 'debit' })
        continue
      }
      const { orderId, currency } = reading.value
      const expected = currencies.get(orderId)
      if (expected === undefined) continue
      if (expected === currency) debits.push(reading.value)
      else broken.push(otherCurrency(reading.value, expected, reading.raw))
    }
  }
  await recordBroken(work, orders, broken)
  const aside = new Set(broken.map(each => each.id))
  return debits.filter(debit => !aside.has(debit.orderId))
}

function otherCurrency(debit: ServiceDebit, expected: string, raw: Unreadable['raw']): Unreadable {
  const problem = `currency_code: the debit is in ${debit.currency}, its order in ${expected}.`
  return { kind: 'debit', id: debit.orderId, field: 'currency_code', problem, raw }
}

async function recordBroken(
  work: Work,
  orders: readonly Order[],
  broken: readonly Unreadable[],
): Promise<void> {
  const { id: environmentId } = work.environment
  const aside = new Set(broken.map(each => each.id))
  const read = orders.map(order => order.id).filter(id => !aside.has(id))
  await work.database.inTransaction(async queries => {
    await takeBack(queries, environmentId, 'debit', read)
    await setAside(queries, environmentId, broken, work.clock.now())
  })
  work.tally.setAside(broken.length)
  for (const { id, field, problem } of broken) {
    work.log('warn', 'the debit of a service order is set aside', { order: id, field, problem })
  }
}
