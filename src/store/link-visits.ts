import type { Queries } from '../database/connection.ts'

/** Every click on a seller's link, for the audit and the rate limit. */
export async function recordVisit(
  queries: Queries,
  environmentId: string,
  visit: { id: string; sellerId: string; at: Date; outcome: string; visitor: string | null },
): Promise<void> {
  await queries
    .insertInto('link_visits')
    .values({
      environment_id: environmentId,
      id: visit.id,
      seller_id: visit.sellerId,
      at: visit.at,
      outcome: visit.outcome,
      visitor: visit.visitor,
    })
    .execute()
}

export async function countVisits(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  since: Date,
): Promise<number> {
  const row = await queries
    .selectFrom('link_visits')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
