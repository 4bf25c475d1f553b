import type { Database } from '../../src/database/connection.ts'
import type { Plan } from '../../src/domain/plan.ts'
import { type TransferFacts, planTransfer } from '../../src/domain/plan-transfer.ts'
import type { Queries } from '../../src/database/connection.ts'
import { type PlanWriting, type Written, writePlans } from '../../src/store/movement-plans.ts'
import { at } from './moments.ts'
import { orderOf } from './order.ts'
import { exact, transferFacts } from './plan-facts.ts'

/** The transfer of order `orderId`; of 90.00 EUR unless the facts say otherwise. */
export function transferPlan(orderId: string, change: Partial<TransferFacts> = {}): Plan {
  const facts = transferFacts(change)
  const order = orderOf({ ...facts.order, id: orderId })
  return planTransfer({ ...facts, order }, exact)
}

/** A writer whose movements are named `mv_<prefix>1`, `mv_<prefix>2` ... */
export function writingOf(environmentId: string, prefix = '', now = at('09:00')): PlanWriting {
  let count = 0
  const nextId = () => `mv_${prefix}${(count += 1)}`
  return { environmentId, provider: 'stripe', actor: 'split-payments', now, nextId }
}

/** Writes plans in an SQL transaction of their own. */
export function writeAll(
  database: Database,
  writing: PlanWriting,
  plans: readonly Plan[],
): Promise<Written[]> {
  return database.inTransaction(queries => writePlans(queries, writing, plans))
}

/** Empties the tables that movements are in. */
export async function forgetMovements(queries: Queries): Promise<void> {
  await queries.deleteFrom('movement_journal').execute()
  await queries.deleteFrom('movements').execute()
}
