import type { Queries } from '../database/connection.ts'
import type { Dispute } from '../domain/dispute.ts'
import { disputePosting } from '../domain/ledger-disputes.ts'
import { listDebts } from './debts.ts'
import { appendPostings } from './ledger.ts'
import { movementsOfSources } from './movements.ts'

/** One for each transfer of the purchase at most. */
const debtsMax = 1000

/** Books what a dispute that is settled cost the operator. Call it in an SQL transaction. */
export async function bookDispute(
  queries: Queries,
  environmentId: string,
  dispute: Dispute & { readonly purchaseId: string | null },
  at: Date,
): Promise<void> {
  const { purchaseId } = dispute
  // Without a purchase the commission bore it when it was booked.
  if (purchaseId === null) return
  const row = await queries
    .selectFrom('disputes')
    .select('provider')
    .where('environment_id', '=', environmentId)
    .where('id', '=', dispute.id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (row === undefined) return
  const kinds = ['reversal', 'restitution']
  const movements = await movementsOfSources(queries, environmentId, kinds, [dispute.id])
  const booked = await queries
    .selectFrom('ledger_entries')
    .select(({ fn }) => [
      fn.sum<string | null>('amount').as('amount'),
      fn.countAll<bigint>().as('postings'),
    ])
    .where('environment_id', '=', environmentId)
    .where('purchase_id', '=', purchaseId)
    .where('account', '=', 'commission')
    .where('event', '=', 'dispute_settled')
    .where('posting_key', 'like', `dispute:${dispute.id}:settled:%`)
    .executeTakeFirstOrThrow()
  const made = disputePosting({
    dispute,
    purchaseId,
    movements,
    owed: await owedFor(queries, environmentId, dispute.id),
    booked: -BigInt(booked.amount ?? '0'),
    postings: Number(booked.postings),
  })
  if (made === null) return
  await appendPostings(queries, { environmentId, provider: row.provider, at }, [made])
}

/** What sellers owe for a dispute, or owed and paid; minor units. */
async function owedFor(
  queries: Queries,
  environmentId: string,
  disputeId: string,
): Promise<bigint> {
  const query = { sourceType: 'dispute', sourceId: disputeId, limit: debtsMax } as const
  const debts = await listDebts(queries, environmentId, query)
  return debts.reduce((sum, debt) => sum + debt.original - debt.givenUp, 0n)
}
