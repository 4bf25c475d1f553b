import { sql } from 'kysely'
import { auditCycle } from '../domain/audit-cycle.ts'
import type { AuditCause } from '../domain/audit-causes.ts'
import type { Compared, Rounding } from '../domain/audit-moved.ts'
import { auditOrder, auditRefund, type OrderAudit } from '../domain/audit-order.ts'
import { barredBy } from '../domain/settings.ts'
import { taxOfRefund } from '../domain/tax-split.ts'
import type { Movement } from '../domain/movement.ts'
import type { TransferFacts } from '../domain/plan-transfer.ts'
import {
  countSince,
  cutsOfCycles,
  cyclesSince,
  movedByHand,
  ordersSince,
  refundsStillOpen,
} from '../store/audit-rows.ts'
import { confirmationsOf } from '../store/confirmations.ts'
import { refundsOfOrders } from '../store/marketplace-refunds.ts'
import { movementsOfSources } from '../store/movements.ts'
import { movementsOfOrders, ordersClosedForSplit } from '../store/refund-sources.ts'
import { fromMemory, type Remembered } from './decide-from-memory.ts'
import { transferFacts } from './split-payments.ts'
import { batchSize, type Deciding, type Work } from './work.ts'

/** One amount that differs from what was owed. Minor units of `currency`. */
export interface AuditLine {
  /** Whose money: the seller's of an order, its tax, the customer's of a refund, a cycle's payout. */
  readonly what: 'seller' | 'tax' | 'refund' | 'payout'
  readonly order: string | null
  readonly refund: string | null
  readonly cycle: string | null
  readonly seller: string | null
  readonly currency: string
  readonly should: bigint
  readonly did: bigint
  readonly cause: AuditCause
}

/** How many were compared. What waits says so itself (`status`), and is no difference. */
export interface AuditCounts {
  readonly orders: number
  readonly refunds: number
  readonly cycles: number
  readonly waiting: number
  readonly differing: number
}

export interface Auditing extends Remembered {
  /** Orders and cycles that were made from this moment on. */
  readonly since: Date
  readonly progress: Work['progress']
  readonly stopping: Work['stopping']
  /** Told page by page, so that memory holds one page. */
  readonly found: (line: AuditLine) => void
}

/** Why a comparison ended before its end; null: it did not. */
export interface Audited extends AuditCounts {
  readonly stopped: boolean
}

type Counter = { -readonly [name in keyof AuditCounts]: number }
type Named = Omit<AuditLine, 'should' | 'did' | 'cause'>

/**
 * Works out from what the marketplace showed (orders, debits, refunds, cycles) what should have been
 * moved, and compares it with what was. It reads alone: nobody is asked, nothing is written.
 */
export async function auditAmounts(auditing: Auditing): Promise<Audited> {
  const { database, environment, since } = auditing
  const total = await countSince(database.queries, environment.id, since)
  const counts: Counter = { orders: 0, refunds: 0, cycles: 0, waiting: 0, differing: 0 }
  const judge = (named: Named, { should, did, verdict }: Compared) => {
    if (verdict === 'agrees') return
    counts[verdict === 'waits' ? 'waiting' : 'differing'] += 1
    if (verdict !== 'waits') auditing.found({ ...named, should, did, cause: verdict })
  }
  const steps = [
    { name: 'comparing orders', total: total.orders, page: orderPage, count: 'orders' },
    { name: 'comparing cycles', total: total.cycles, page: cyclePage, count: 'cycles' },
  ] as const
  for (const { name, total: all, page, count } of steps) {
    let after: string | null = ''
    while (after !== null && !auditing.stopping()) {
      const from: string = after
      const { results, next } = await inSnapshot(auditing, at => page(at, since, from))
      for (const { named, compared } of results) {
        // An order counts once, whatever is compared of it.
        if (named.what === 'refund') counts.refunds += 1
        else if (named.what !== 'tax') counts[count] += 1
        judge(named, compared)
      }
      auditing.progress(name, counts[count], all)
      after = next
    }
  }
  return { ...counts, stopped: auditing.stopping() }
}

interface Page {
  readonly results: readonly { readonly named: Named; readonly compared: Compared }[]
  /** Null: that was the last page. */
  readonly next: string | null
}

/** One page is read as of one moment: what moves meanwhile must not look like a difference. */
function inSnapshot(auditing: Auditing, read: (work: Deciding) => Promise<Page>): Promise<Page> {
  const { database } = auditing
  return database.inTransaction(async queries => {
    await sql`set transaction isolation level repeatable read, read only`.execute(queries)
    return read(fromMemory({ ...auditing, database: { ...database, queries } }))
  })
}

async function orderPage(work: Deciding, since: Date, after: string): Promise<Page> {
  const { queries } = work.database
  const query = { since, after, limit: batchSize }
  const orders = await ordersSince(queries, work.environment.id, query)
  const facts = await transferFacts(work, orders)
  const audits = await orderAudits(work, facts)
  const round = roundingOf(work)
  const results = audits.flatMap(audit => {
    const { order } = audit.facts
    const named = {
      order: order.id,
      refund: null,
      cycle: null,
      seller: order.sellerId,
      currency: order.currency,
    }
    const sides = (['seller', 'tax'] as const).map(side => ({
      named: { ...named, what: side },
      compared: auditOrder(audit, side, round),
    }))
    const refunds = audit.refunds.map(each => ({
      named: { ...named, what: 'refund' as const, refund: each.refund.id },
      compared: auditRefund(each, audit, round),
    }))
    return [...sides, ...refunds]
  })
  return { results, next: orders.length < batchSize ? null : (orders.at(-1)?.id ?? null) }
}

const kinds = [
  'transfer',
  'tax_transfer',
  'reversal',
  'tax_reversal',
  'restitution',
  'collection',
  'refund',
]

async function orderAudits(work: Deciding, facts: readonly TransferFacts[]): Promise<OrderAudit[]> {
  const { queries } = work.database
  const { id } = work.environment
  const orderIds = facts.map(each => each.order.id)
  const refunds = await refundsOfOrders(queries, id, orderIds)
  const refundIds = refunds.map(refund => refund.id)
  const open = await refundsStillOpen(queries, id, refundIds)
  const told = await confirmationsOf(queries, id, 'refund', { targetIds: refundIds })
  const closed = await ordersClosedForSplit(queries, id, orderIds)
  const ofOrders = await movementsOfOrders(queries, id, kinds, orderIds)
  const ofRefunds = await movementsOfSources(queries, id, ['refund'], refundIds)
  const byHand = await movedByHand(queries, id, [
    ...new Set(facts.map(each => each.order.purchaseId)),
  ])
  const all = [...new Map([...ofOrders, ...ofRefunds].map(each => [each.id, each])).values()]
  const returned = await returnedOf(work, all)
  return facts.map(each => {
    const { order, taxes } = each
    const own = refunds.filter(refund => refund.orderId === order.id)
    const names = new Set(own.map(refund => refund.id))
    const isOwn = ({ parties, kind, source }: Movement) =>
      parties.orderId === order.id || (kind === 'refund' && names.has(source.id))
    const isOfHands = ({ parties }: Movement) =>
      parties.purchaseId === order.purchaseId && parties.sellerId === order.sellerId
    return {
      facts: each,
      isUndecided: !closed.has(order.id),
      refunds: own.map(refund => ({
        refund: {
          ...refund,
          tax: taxes === null ? 0n : taxOfRefund(order, refund.id, taxes.scope),
        },
        open: open.has(refund.id),
        told:
          told.findLast(one => one.targetId === refund.id && one.status === 'succeeded')?.says ??
          null,
      })),
      movements: [...all.filter(isOwn), ...byHand.filter(isOfHands)],
      returned,
    }
  })
}

/** Which of these movements the provider took back. */
async function returnedOf(
  work: Deciding,
  movements: readonly Movement[],
): Promise<ReadonlySet<string>> {
  const ids = movements
    .filter(each => each.kind === 'refund' || each.kind === 'payout')
    .map(each => each.id)
  const { queries } = work.database
  const returns = await movementsOfSources(queries, work.environment.id, ['return'], ids)
  return new Set(returns.map(each => each.source.id))
}

async function cyclePage(work: Deciding, since: Date, after: string): Promise<Page> {
  const { queries } = work.database
  const { environment } = work
  const query = { since, after, limit: batchSize }
  const cycles = await cyclesSince(queries, environment.id, query)
  const ids = cycles.map(({ cycle }) => cycle.id)
  const payouts = await movementsOfSources(queries, environment.id, ['payout'], ids)
  const returned = await returnedOf(work, payouts)
  const cuts = await cutsOfCycles(queries, environment.id, ids)
  const results = cycles.map(({ cycle, open }) => ({
    named: {
      what: 'payout' as const,
      order: null,
      refund: null,
      cycle: cycle.id,
      seller: cycle.sellerId,
      currency: cycle.currency,
    },
    compared: auditCycle(
      {
        cycle,
        open,
        cut: cuts.get(cycle.id) ?? 0n,
        payouts: payouts.filter(each => each.source.id === cycle.id),
        returned,
        ourPspCodes: environment.settings.ourPspCodes,
        barred: barredBy(environment, cycle.createdAt),
      },
      roundingOf(work),
    ),
  }))
  return { results, next: cycles.length < batchSize ? null : (cycles.at(-1)?.cycle.id ?? null) }
}

function roundingOf({ provider }: Deciding): Rounding {
  return (...asked) => provider.representable(...asked)
}
