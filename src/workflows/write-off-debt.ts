import type { Debt } from '../domain/debt.ts'
import { appendDebtEntry, claimedOfDebt, listDebts } from '../store/debts.ts'
import { lockSeller } from '../store/sellers.ts'
import type { Work } from './work.ts'

type Acting = Pick<Work, 'database' | 'environment' | 'clock' | 'actor'>

export type WrittenOff =
  | { readonly ok: true; readonly debt: Debt; readonly amount: bigint }
  | { readonly ok: false; readonly message: string }

/**
 * An operator gives up what a seller owes, wholly or in part. What a collection is about to take
 * cannot be written off, nor what held reversals take by themselves.
 * @param wanted minor units; null: all that can be
 */
export async function writeOffDebt(
  work: Acting,
  id: string,
  { wanted, note }: { readonly wanted: bigint | null; readonly note: string },
): Promise<WrittenOff> {
  const environmentId = work.environment.id
  return work.database.inTransaction(async queries => {
    const [known] = await listDebts(queries, environmentId, { id, limit: 1 })
    if (known === undefined) return { ok: false, message: `no debt ${id}` }
    // Settlements decide under the same lock: nothing is collected that is written off.
    await lockSeller(queries, environmentId, known.sellerId)
    const [debt = known] = await listDebts(queries, environmentId, { id, limit: 1 })
    const claimed = await claimedOfDebt(queries, environmentId, id)
    const free = debt.openCollectable - claimed
    const amount = wanted ?? free
    if (amount <= 0n || amount > free) return { ok: false, message: refusal(debt, free, claimed) }
    await appendDebtEntry(queries, environmentId, {
      debtId: id,
      kind: 'written_off',
      amount,
      movementId: null,
      cycleId: null,
      actor: work.actor,
      note,
      at: work.clock.now(),
    })
    const [after = debt] = await listDebts(queries, environmentId, { id, limit: 1 })
    return { ok: true, debt: after, amount }
  })
}

function refusal({ id, openElsewhere }: Debt, free: bigint, claimed: bigint): string {
  const most = free > 0n ? free : 0n
  const reasons = [
    ...(claimed > 0n ? [`${claimed} is being collected`] : []),
    ...(openElsewhere > 0n ? [`${openElsewhere} is taken back by reversals of refunds`] : []),
  ]
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
  return `debt ${id} was not changed: at most ${most} can be written off, in minor units${why}`
}
