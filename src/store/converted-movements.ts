import type { Queries } from '../database/connection.ts'
import type { Currency } from '../domain/currency.ts'

/** Was any sale of a seller in this currency moved in another one, or is it about to be? */
export async function hasConvertedSales(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  currency: Currency,
): Promise<boolean> {
  const row = await queries
    .selectFrom('movements')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('original_currency', '=', currency)
    .where('kind', '=', 'transfer')
    .where('status', '<>', 'canceled')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
