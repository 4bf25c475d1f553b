import type { Queries } from '../database/connection.ts'
import { debtPosting, type BookedDebt, type BookedDebtEntry } from '../domain/ledger-debts.ts'
import { appendPostings } from './ledger.ts'

/** Books a line of a debt, in the SQL transaction that writes it. */
export async function bookDebtEntry(
  queries: Queries,
  environmentId: string,
  debt: BookedDebt,
  entry: BookedDebtEntry,
  at: Date,
): Promise<void> {
  const made = debtPosting(debt, entry)
  if (made === null) return
  const provider = await providerOf(queries, environmentId, debt.sellerId)
  await appendPostings(queries, { environmentId, provider, at }, [made])
}

/** Where a seller's account is: nobody without one is owed or owes anything. */
async function providerOf(
  queries: Queries,
  environmentId: string,
  sellerId: string,
): Promise<string> {
  const row = await queries
    .selectFrom('sellers')
    .innerJoin('accounts', join =>
      join
        .onRef('accounts.environment_id', '=', 'sellers.environment_id')
        .onRef('accounts.id', '=', 'sellers.account_id'),
    )
    .select('accounts.provider')
    .where('sellers.environment_id', '=', environmentId)
    .where('sellers.id', '=', sellerId)
    .executeTakeFirst()
  return row?.provider ?? 'stripe'
}
