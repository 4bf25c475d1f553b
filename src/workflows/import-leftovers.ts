import type { OldMovement } from '../domain/old-records.ts'
import type { MarketplaceRefund } from '../domain/refund.ts'
import { saveCycles } from '../store/cycles.ts'
import { saveRefunds } from '../store/marketplace-refunds.ts'
import { setAside } from '../store/set-aside.ts'
import { type ImportWork, isApplied } from './import-work.ts'
import { refreshOrders } from './read-orders.ts'
import { refreshServiceOrders } from './read-service-orders.ts'

/** What the old connector left open, by what the marketplace calls it. */
export interface Leftovers {
  readonly orders: Set<string>
  readonly serviceOrders: Set<string>
  readonly cycles: Set<string>
  /** Refunds that the customer has and whose reversal was never made. */
  readonly refunds: Map<string, { readonly old: OldMovement; readonly refund: MarketplaceRefund }>
}

export function createLeftovers(): Leftovers {
  return { orders: new Set(), serviceOrders: new Set(), cycles: new Set(), refunds: new Map() }
}

/** Remembers a row that is left to planning. */
export function leave(work: ImportWork, leftovers: Leftovers, old: OldMovement): void {
  const name = old.name.replace(/_TAX$/, '')
  if (old.table === 'payouts') leftovers.cycles.add(name)
  else if (old.type === 'TRANSFER_REFUND') leaveReversal(work, leftovers, old)
  // The marketplace lists a refund until it is told.
  else if (old.table === 'refunds') return
  else if (old.type === 'TRANSFER_SERVICE_ORDER') leftovers.serviceOrders.add(name)
  else if (old.type.endsWith('_ORDER')) leftovers.orders.add(name)
  else leftovers.cycles.add(name)
}

/** A refund that the marketplace was told of is not listed any more: it is stored from here. */
function leaveReversal({ sights }: ImportWork, leftovers: Leftovers, old: OldMovement): void {
  const { refund, orderId } = old
  if (refund === null || orderId === null || old.name.endsWith('_TAX')) return
  const { domain, lineId, currency } = refund
  const { purchaseId, sellerId } = old
  const amount = sights.minor(refund.amount, currency)
  const parties = { orderId, lineId, purchaseId, sellerId }
  const stored = { id: old.name, domain, ...parties, amount, currency }
  leftovers.refunds.set(old.name, { old, refund: stored })
}

/**
 * Reads the orders and cycles that are left to planning: they are older than the checkpoints, so no
 * later reading would bring them, and the old connector asked for them by id at every run.
 */
export async function readLeftovers(work: ImportWork, leftovers: Leftovers): Promise<void> {
  if (!isApplied(work)) return
  const { queries } = work.database
  for (const { old, refund } of leftovers.refunds.values()) {
    await saveRefunds(queries, work.environment.id, [refund], old.createdAt)
  }
  const parts = [
    ['orders', leftovers.orders, refreshOrders],
    ['service orders', leftovers.serviceOrders, refreshServiceOrders],
    ['cycles', leftovers.cycles, readCyclesOf],
  ] as const
  for (const [what, ids, read] of parts) {
    if (ids.size === 0 || work.stopping()) continue
    try {
      await read(work, [...ids])
    } catch (error) {
      work.book.problem(`${what} that are left open could not be read: ${String(error)}`)
    }
  }
}

async function readCyclesOf(work: ImportWork, ids: readonly string[]): Promise<void> {
  const { queries } = work.database
  for await (const page of work.marketplace.cycles({ feed: 'invoices', ids })) {
    const cycles = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    const unreadable = page.readings.flatMap(reading =>
      reading.ok ? [] : [{ ...reading, kind: 'cycle' as const }],
    )
    await saveCycles(queries, work.environment.id, cycles, work.clock.now())
    await setAside(queries, work.environment.id, unreadable, work.clock.now())
  }
}
