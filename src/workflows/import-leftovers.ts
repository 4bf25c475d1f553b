import type { OldMovement } from '../domain/old-records.ts'
import { saveCycles } from '../store/cycles.ts'
import { setAside } from '../store/set-aside.ts'
import { type ImportWork, isApplied } from './import-work.ts'
import type { Marketplace } from './ports.ts'
import { readOrders } from './read-orders.ts'
import { readServiceOrders } from './read-service-orders.ts'

/** What the old connector left open, by what the marketplace calls it. */
export interface Leftovers {
  readonly orders: Set<string>
  readonly serviceOrders: Set<string>
  readonly cycles: Set<string>
}

export function createLeftovers(): Leftovers {
  return { orders: new Set(), serviceOrders: new Set(), cycles: new Set() }
}

export function leave(leftovers: Leftovers, old: OldMovement): void {
  const name = old.name.replace(/_TAX$/, '')
  if (old.table === 'payouts') leftovers.cycles.add(name)
  else if (old.table === 'refunds' || old.type === 'TRANSFER_REFUND') return
  else if (old.type === 'TRANSFER_SERVICE_ORDER') leftovers.serviceOrders.add(name)
  else if (old.type.endsWith('_ORDER')) leftovers.orders.add(name)
  else leftovers.cycles.add(name)
}

/**
 * Reads the orders and cycles that are left to planning: they are older than the checkpoints, so no
 * later reading would bring them, and the old connector asked for them by id at every run.
 */
export async function readLeftovers(work: ImportWork, leftovers: Leftovers): Promise<void> {
  if (!isApplied(work)) return
  const parts = [
    ['orders', leftovers.orders, readOrdersOf],
    ['service orders', leftovers.serviceOrders, readServicesOf],
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

/** With a date given, a reading leaves the checkpoint alone. */
function narrowed(work: ImportWork, change: Partial<Marketplace>): ImportWork {
  const scope = { since: work.clock.now() }
  return { ...work, scope, marketplace: { ...work.marketplace, ...change } }
}

async function readOrdersOf(work: ImportWork, ids: readonly string[]): Promise<void> {
  await readOrders(narrowed(work, { orders: () => work.marketplace.orders({ ids }) }))
}

async function readServicesOf(work: ImportWork, ids: readonly string[]): Promise<void> {
  const serviceOrders = () => work.marketplace.serviceOrders({ ids })
  await readServiceOrders(narrowed(work, { serviceOrders }))
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
