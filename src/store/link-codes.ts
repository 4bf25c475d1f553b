import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** Replaces the seller's code; false: the last one was made after `notAfter`, too short ago. */
export async function replaceCode(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  code: { hash: string; madeAt: Date; expiresAt: Date; notAfter: Date },
): Promise<boolean> {
  const columns = {
    code_hash: code.hash,
    made_at: code.madeAt,
    expires_at: code.expiresAt,
    tries: 0,
  }
  const result = await queries
    .insertInto('link_codes')
    .values({ environment_id: environmentId, seller_id: sellerId, ...columns })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'seller_id'])
        .doUpdateSet(columns)
        .where('link_codes.made_at', '<', code.notAfter),
    )
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Uses up one try; the code is gone with the right answer. */
export async function spendCode(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  given: { hash: string; now: Date; triesMax: number },
): Promise<boolean> {
  const tried = await queries
    .updateTable('link_codes')
    .set({ tries: sql<number>`tries + 1` })
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('expires_at', '>', given.now)
    .where('tries', '<', given.triesMax)
    .returning('code_hash')
    .executeTakeFirst()
  if (tried?.code_hash !== given.hash) return false
  const spent = await queries
    .deleteFrom('link_codes')
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('code_hash', '=', given.hash)
    .executeTakeFirst()
  return spent.numDeletedRows > 0n
}
