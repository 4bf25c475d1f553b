import type { Queries } from '../database/connection.ts'
import type { Debt } from '../domain/debt.ts'
import type { Plan } from '../domain/plan.ts'
import { type DisputeShareFacts, debtOfDispute, givenUpOf } from '../domain/plan-dispute.ts'
import { appendDebtEntry, claimedOfDebt, insertDebt, listDebts } from '../store/debts.ts'
import type { Written } from '../store/movement-plans.ts'
import { lockSeller } from '../store/sellers.ts'
import type { Work } from './work.ts'
import { decideAll } from './write-plans.ts'

/** What is decided on one transfer of a disputed payment. */
export interface DisputeShare {
  readonly facts: DisputeShareFacts
  readonly plans: readonly Plan[]
  /** What the seller owes of it already; null: no debt. */
  readonly debt: Debt | null
}

/**
 * Writes the plans of a dispute. A reversal that is given up for a debt and the debt are one SQL
 * transaction: the seller owes it once, never twice and never not.
 */
export async function writeShares(work: Work, shares: readonly DisputeShare[]): Promise<Written[]> {
  return decideAll(
    work,
    shares.flatMap(share => share.plans),
    {
      after: async (queries, written) => {
        for (const share of shares) {
          for (const plan of share.plans) {
            const result = written.find(each => each.plan === plan)
            if (result?.changed === true) await writeDebt(queries, work, share.facts, plan)
          }
          if (share.debt !== null) await giveUp(queries, work, share.facts, share.debt)
        }
      },
    },
  )
}

async function writeDebt(
  queries: Queries,
  work: Work,
  facts: DisputeShareFacts,
  plan: Plan,
): Promise<void> {
  const debt = debtOfDispute(facts, plan)
  if (debt === null) return
  const id = work.names.next('debt')
  const writing = { id, reason: 'dispute_lost', actor: work.actor, now: work.clock.now() } as const
  await insertDebt(queries, work.environment.id, debt, writing)
}

/** The money is back: what the seller still owes for it is not owed any more. */
async function giveUp(
  queries: Queries,
  work: Work,
  facts: DisputeShareFacts,
  seen: Debt,
): Promise<void> {
  if (givenUpOf(facts, seen) === 0n) return
  await lockSeller(queries, work.environment.id, seen.sellerId)
  const [debt = seen] = await listDebts(queries, work.environment.id, { id: seen.id, limit: 1 })
  // What a collection is about to take is given back by a restitution once it has.
  const free = debt.openCollectable - (await claimedOfDebt(queries, work.environment.id, debt.id))
  const wanted = givenUpOf(facts, debt)
  const amount = wanted < free ? wanted : free
  if (amount <= 0n) return
  await appendDebtEntry(queries, work.environment.id, {
    debtId: debt.id,
    kind: 'given_up',
    amount,
    movementId: null,
    cycleId: null,
    actor: work.actor,
    note: facts.dispute.id,
    at: work.clock.now(),
  })
}
