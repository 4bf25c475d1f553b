import type { Queries } from '../database/connection.ts'
import { ownGoodsPosting } from '../domain/ledger-payments.ts'
import { appendPostings } from './ledger.ts'

/** A payment and what it holds for no order of the marketplace. */
export interface OwnGoods {
  readonly paymentId: string
  /** Minor units; null: nobody knows it, and nothing is booked. */
  readonly amount: bigint | null
}

/**
 * Brings the books to what the operator sold himself in these payments; those that were not captured
 * are left out. The payments are locked: two bookings at once would each not see the other. Call it
 * in an SQL transaction.
 */
export async function bookOwnGoods(
  queries: Queries,
  environmentId: string,
  sold: readonly OwnGoods[],
  at: Date,
): Promise<void> {
  const amounts = new Map(sold.map(each => [each.paymentId, each.amount]))
  const known = [...amounts].filter(([, amount]) => amount !== null).map(([id]) => id)
  if (known.length === 0) return
  const payments = await queries
    .selectFrom('payments')
    .select(['id', 'provider', 'purchase_id', 'currency'])
    .where('environment_id', '=', environmentId)
    .where('id', 'in', known)
    .where('captured', '>', 0n)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  if (payments.length === 0) return
  const booked = await bookedOf(queries, environmentId, payments)
  for (const { id, provider, purchase_id: purchaseId, currency } of payments) {
    const made = ownGoodsPosting(
      { id, purchaseId, currency },
      amounts.get(id) ?? 0n,
      booked.get(id) ?? { booked: 0n, postings: 0 },
    )
    if (made === null) continue
    await appendPostings(queries, { environmentId, provider, at }, [made])
  }
}

async function bookedOf(
  queries: Queries,
  environmentId: string,
  payments: readonly { readonly purchase_id: string | null }[],
) {
  const rows = await queries
    .selectFrom('ledger_entries')
    .select(({ fn }) => [
      'payment_id',
      fn.sum<string>('amount').as('amount'),
      fn.countAll<bigint>().as('postings'),
    ])
    .where('environment_id', '=', environmentId)
    // There is an index on the purchase and none on the payment.
    .where(
      'purchase_id',
      'in',
      payments.flatMap(each => each.purchase_id ?? []),
    )
    .where('event', '=', 'own_goods')
    .where('account', '=', 'operator_sales')
    .groupBy('payment_id')
    .execute()
  return new Map(
    rows.map(({ payment_id: id, amount, postings }) => [
      id ?? '',
      { booked: BigInt(amount), postings: Number(postings) },
    ]),
  )
}
