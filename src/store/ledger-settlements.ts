import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import {
  type Settlement,
  inSettledCurrency,
  isOfPayment,
  movedToSettled,
} from '../domain/ledger-conversion.ts'
import type { LedgerAccount, LedgerEvent, Posting } from '../domain/ledger.ts'
import { appendPostings } from './ledger.ts'
import { bookRateDifferences } from './ledger-rate-differences.ts'

/** A purchase whose payment was converted, with all its orders. */
export interface PurchaseSettlement {
  readonly purchaseId: string
  readonly provider: string
  readonly orderIds: readonly string[]
  readonly settlement: Settlement
}

interface LockedOrder extends PaymentRow {
  readonly order_id: string
  /** Null: its payment was not converted. */
  readonly purchase_id: string | null
  readonly provider: string
}

/**
 * Locks some orders, and with them all orders of a purchase whose payment was converted, in one order.
 * Call it in an SQL transaction.
 */
export async function lockOrders(
  queries: Queries,
  environmentId: string,
  wanted: readonly string[],
): Promise<{ ids: string[]; settlements: PurchaseSettlement[] }> {
  const { rows } = await sql<LockedOrder>`
    with converted as (
      select distinct on (p.purchase_id) p.purchase_id, p.provider, p.currency, p.captured,
        p.settled_amount, p.settled_currency
      from orders o
      join payments p on p.environment_id = o.environment_id and p.purchase_id = o.purchase_id
      where o.environment_id = ${environmentId} and o.id = any(${[...wanted]})
        and p.settled_currency <> p.currency and p.captured > 0
      order by p.purchase_id, p.created_at, p.id
    )
    select o.id as order_id, c.* from orders o
    left join converted c on c.purchase_id = o.purchase_id
    where o.environment_id = ${environmentId} and o.id in (
      select unnest(${[...wanted]}::text[])
      union all
      select other.id from orders other
      join converted on converted.purchase_id = other.purchase_id
      where other.environment_id = ${environmentId}
    )
    order by o.id for no key update of o`.execute(queries)
  const settlements = new Map<string, PurchaseSettlement>()
  for (const row of rows) {
    if (row.purchase_id === null) continue
    const { purchase_id: purchaseId, provider } = row
    const settlement = settlementOf(row)
    if (settlement === null) continue
    const orderIds = [...(settlements.get(purchaseId)?.orderIds ?? []), row.order_id]
    settlements.set(purchaseId, { purchaseId, provider, orderIds, settlement })
  }
  // An order that was imported may have movements and no row of its own.
  const ids = [...new Set([...wanted, ...rows.map(row => row.order_id)])].toSorted()
  return { ids, settlements: [...settlements.values()] }
}

/**
 * Postings of payments in the currency that their payment settled in, as far as that is known. The
 * payments are locked: whoever learns it at this moment moves what was booked before.
 */
export async function inSettledCurrencies(
  queries: Queries,
  environmentId: string,
  postings: readonly Posting[],
): Promise<readonly Posting[]> {
  const purchases = postings.filter(isOfPayment).flatMap(each => each.parties.purchaseId ?? [])
  if (purchases.length === 0) return postings
  const payments = await queries
    .selectFrom('payments')
    .select(['purchase_id', 'provider', 'currency', 'captured'])
    .select(['settled_amount', 'settled_currency'])
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', purchases)
    .where('captured', '>', 0n)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  return postings.map(made => {
    const payment = payments.find(each => each.purchase_id === made.parties.purchaseId)
    const settlement = payment === undefined ? null : settlementOf(payment)
    return settlement === null || !isOfPayment(made) ? made : inSettledCurrency(made, settlement)
  })
}

/**
 * Moves what was booked of these payments before anybody knew that they were converted. Call it when
 * they were stored, in the same SQL transaction; what has been moved stays as it is.
 */
export async function bookSettlements(
  queries: Queries,
  environmentId: string,
  paymentIds: readonly string[],
  at: Date,
): Promise<void> {
  if (paymentIds.length === 0) return
  const payments = await queries
    .selectFrom('payments')
    .select(['purchase_id', 'provider', 'currency', 'captured'])
    .select(['settled_amount', 'settled_currency'])
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...paymentIds])
    .whereRef('settled_currency', '<>', 'currency')
    .where('captured', '>', 0n)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  for (const payment of payments) {
    const { purchase_id: purchaseId, currency, provider } = payment
    const settlement = settlementOf(payment)
    if (settlement === null || purchaseId === null) continue
    const postings = await bookedPostings(queries, environmentId, { purchaseId, currency })
    const moved = postings.flatMap(made => movedToSettled(made, settlement))
    if (moved.length === 0) continue
    await appendPostings(queries, { environmentId, provider, at }, moved)
    await bookRateDifferences(queries, environmentId, { purchaseIds: [purchaseId] }, at)
  }
}

/** Postings of a purchase in a currency that were not moved out of it. */
async function bookedPostings(
  queries: Queries,
  environmentId: string,
  of: { readonly purchaseId: string; readonly currency: string },
): Promise<Posting[]> {
  const rows = await queries
    .selectFrom('ledger_entries')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('purchase_id', '=', of.purchaseId)
    .where('currency', '=', of.currency)
    .orderBy('number')
    .execute()
  const keys = new Set(rows.map(row => row.posting_key))
  const open = rows.filter(
    row => !row.posting_key.endsWith(':unsettled') && !keys.has(`${row.posting_key}:unsettled`),
  )
  return [...Map.groupBy(open, row => row.posting_key)].flatMap(([key, entries]) => {
    const [any] = entries
    if (any === undefined) return []
    return {
      key,
      event: any.event as LedgerEvent,
      currency: any.currency,
      parties: {
        movementId: any.movement_id,
        paymentId: any.payment_id,
        orderId: any.order_id,
        purchaseId: any.purchase_id,
        sellerId: any.seller_id,
        cycleId: any.cycle_id,
      },
      entries: entries.map(({ account, amount }) => ({
        account: account as LedgerAccount,
        amount,
      })),
    }
  })
}

/** A payment's own columns. */
interface PaymentRow {
  readonly currency: string
  readonly captured: bigint
  readonly settled_amount: bigint | null
  readonly settled_currency: string | null
}

/** Null: the payment was not converted, or nobody knows yet. */
export function settlementOf(row: PaymentRow): Settlement | null {
  const { currency, captured, settled_amount: amount, settled_currency: settledIn } = row
  if (amount === null || settledIn === null || settledIn === currency) return null
  return { currency, captured, settled: { amount, currency: settledIn } }
}
