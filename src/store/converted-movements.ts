import type { Queries } from '../database/connection.ts'
import type { Currency } from '../domain/currency.ts'

/**
 * The currency that a seller's sales of a currency were moved in, by the last one that was converted;
 * null: none was.
 */
export async function convertedTo(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  currency: Currency,
): Promise<Currency | null> {
  const row = await queries
    .selectFrom('movements')
    .select('currency')
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('original_currency', '=', currency)
    .where('kind', '=', 'transfer')
    .where('status', 'in', ['submitted', 'accepted', 'succeeded'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.currency ?? null
}
