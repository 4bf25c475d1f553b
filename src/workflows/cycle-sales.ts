import { ordersIn } from '../domain/cycle-contents.ts'
import type { SettlementFacts } from '../domain/plan-settlement.ts'
import type { Cycle } from '../domain/settlement.ts'
import { salesOf } from '../domain/settled-sales.ts'
import { hasConvertedSales } from '../store/converted-movements.ts'
import { contentsOfCycle } from '../store/cycle-contents.ts'
import { movementsOfOrders, ordersClosedForSplit, refundsInWork } from '../store/refund-sources.ts'
import type { Deciding } from './work.ts'

/** How the sales of a cycle were moved, as far as what is stored tells. */
export async function cycleSales(work: Deciding, cycle: Cycle): Promise<SettlementFacts['sales']> {
  const { queries } = work.database
  const { id } = work.environment
  const contents = await contentsOfCycle(queries, id, cycle.id)
  if (contents === null) {
    const converted = await hasConvertedSales(queries, id, cycle.sellerId, cycle.currency)
    return converted && cycle.payState !== 'paid' ? 'unread' : null
  }
  const orders = ordersIn(contents)
  const kinds = ['transfer', 'collection', 'reversal', 'restitution']
  return salesOf({
    cycle,
    contents,
    movements: await movementsOfOrders(queries, id, kinds, orders),
    closedOrders: await ordersClosedForSplit(queries, id, orders),
    refunds: await refundsInWork(queries, id, orders),
  })
}
