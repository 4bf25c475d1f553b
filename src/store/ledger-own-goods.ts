import type { Queries } from '../database/connection.ts'
import { settledPart } from '../domain/ledger-conversion.ts'
import { ownGoodsPosting } from '../domain/ledger-payments.ts'
import { appendPostings } from './ledger.ts'
import { settlementOf } from './ledger-settlements.ts'

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
    .select(['captured', 'settled_amount', 'settled_currency'])
    .where('environment_id', '=', environmentId)
    .where('id', 'in', known)
    .where('captured', '>', 0n)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  if (payments.length === 0) return
  const booked = await bookedOf(queries, environmentId, payments)
  for (const payment of payments) {
    const { id, provider, purchase_id: purchaseId } = payment
    const settlement = settlementOf(payment)
    const amount = amounts.get(id) ?? 0n
    const currency = settlement?.settled.currency ?? payment.currency
    const own = booked.filter(each => each.payment_id === id)
    const made = ownGoodsPosting(
      { id, purchaseId, currency },
      settlement === null ? amount : settledPart(settlement, amount),
      {
        booked: BigInt(own.find(each => each.currency === currency)?.amount ?? '0'),
        postings: own.reduce((sum, each) => sum + Number(each.postings), 0),
      },
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
  return (
    queries
      .selectFrom('ledger_entries')
      .select(({ fn }) => [
        'payment_id',
        'currency',
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
      .groupBy(['payment_id', 'currency'])
      .execute()
  )
}
