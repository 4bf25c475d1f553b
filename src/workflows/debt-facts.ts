import type { Queries } from '../database/connection.ts'
import type { Debt } from '../domain/debt.ts'
import type { Movement } from '../domain/movement.ts'
import type { Environment } from '../domain/settings.ts'
import type { DebtFacts, OpenDebt } from '../domain/set-off.ts'
import type { Cycle } from '../domain/settlement.ts'
import { listDebts, setOffByCycle } from '../store/debts.ts'
import { movementsOfSources } from '../store/movements.ts'
import { withheldFrom } from '../store/withholdings.ts'

/** Debts that one settlement looks at; the rest is set off by later cycles. */
const debtsMax = 200

/** What a cycle's payout may be less by, as it is stored now. */
export async function debtFacts(
  queries: Queries,
  environment: Pick<Environment, 'id' | 'settings'>,
  cycle: Cycle,
): Promise<DebtFacts> {
  const { id, settings } = environment
  const { sellerId, currency } = cycle
  const query = { sellerId, currency, open: true, limit: debtsMax }
  const debts = await listDebts(queries, id, query)
  const collections = await movementsOfSources(
    queries,
    id,
    ['collection'],
    debts.map(each => each.id),
  )
  return {
    open: debts.map(debt => openDebt(debt, cycle, collections)),
    setOff: await setOffByCycle(queries, id, cycle.id),
    ...(await withheldFrom(queries, id, { sellerId, currency, cycleId: cycle.id })),
    capPercent: settings.debtCapPercent,
  }
}

/** Nothing is owed twice: what another cycle is about to take is not open for this one. */
function openDebt(debt: Debt, cycle: Cycle, collections: readonly Movement[]): OpenDebt {
  const of = collections.filter(({ source }) => source.type === 'debt' && source.id === debt.id)
  const running = of.filter(({ status }) => status !== 'succeeded' && status !== 'canceled')
  const elsewhere = running
    .filter(({ source }) => source.part !== cycle.id)
    .reduce((sum, { amount }) => sum + (amount ?? 0n), 0n)
  const own = of.find(({ source }) => source.part === cycle.id)
  const asked = own?.status === 'submitted' || own?.status === 'accepted'
  const open = running.some(each => each.id === own?.id)
  return {
    id: debt.id,
    collectable: debt.openCollectable - elsewhere,
    elsewhere: debt.openElsewhere,
    own: own === undefined ? 'none' : asked ? 'asked' : open ? 'open' : 'over',
    asked: asked ? (own?.sentAmount ?? 0n) : 0n,
  }
}
