import type { Queries } from '../../database/connection.ts'
import type { Currency } from '../../domain/currency.ts'
import { orderedWorth } from '../../domain/ordered-worth.ts'
import { type Destinations, destinationsOf } from './destinations.ts'
import { movementOf } from '../../store/movement-rows.ts'
import type { Movement } from '../../domain/movement.ts'
import type { Order } from '../../domain/order.ts'
import type { Payment } from '../../domain/payment.ts'
import { refundsOfOrders } from '../../store/marketplace-refunds.ts'
import { ordersOfPurchases } from '../../store/orders.ts'
import { paymentOf } from '../../store/payments.ts'
import { sentOf, total } from './sums.ts'
import type { CurrencySums } from './simulator-books.ts'

/** Tributary's own tables, added up. */
export interface TributaryBooks {
  readonly sums: ReadonlyMap<Currency, CurrencySums>
  readonly destinations: ReadonlyMap<Currency, Destinations>
  readonly movements: readonly Movement[]
}

/** Reads what Tributary wrote down; nothing of the simulators. */
export async function readTributaryBooks(
  queries: Queries,
  environmentId: string,
): Promise<TributaryBooks> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .execute()
  const movements = rows.map(movementOf)
  const paid = await capturedPayments(queries, environmentId)
  const purchases = new Set(paid.flatMap(payment => payment.purchaseId ?? []))
  const orders = await ordersOfPurchases(
    queries,
    environmentId,
    [...purchases],
    ['product', 'service'],
  )
  const refunds = await refundsOfOrders(
    queries,
    environmentId,
    orders.map(order => order.id),
  )
  const currencies = new Set([...movements, ...paid].map(({ currency }) => currency))
  const sums = new Map<Currency, CurrencySums>()
  const destinations = new Map<Currency, Destinations>()
  for (const currency of [...currencies].toSorted()) {
    const own = movements.filter(movement => movement.currency === currency)
    const payments = paid.filter(payment => payment.currency === currency)
    sums.set(currency, sumsOf(own, total(payments.map(payment => payment.captured))))
    destinations.set(
      currency,
      destinationsOf({
        movements: own,
        purchases,
        refunds: refunds.filter(refund => refund.currency === currency),
        ownGoods: total(payments.map(payment => ownGoodsIn(payment, orders))),
      }),
    )
  }
  return { sums, destinations, movements }
}

async function capturedPayments(queries: Queries, environmentId: string) {
  const rows = await queries
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('captured', '>', 0n)
    .execute()
  return rows.map(paymentOf)
}

/** What was authorised and is in no order: goods of the operator in the same basket. */
function ownGoodsIn(payment: Payment, orders: readonly Order[]): bigint {
  const own = orders.filter(order => order.purchaseId === payment.purchaseId)
  return payment.authorized - total([...orderedWorth(own, payment.authorized).values()])
}

function sumsOf(movements: readonly Movement[], captured: bigint): CurrencySums {
  const kinds = new Map(movements.map(({ id, kind }) => [id, kind]))
  const sent = (wanted: readonly Movement['kind'][], statuses = ['succeeded']): bigint =>
    total(
      movements
        .filter(({ kind, status }) => wanted.includes(kind) && statuses.includes(status))
        .map(sentOf),
    )
  const returned = (kind: Movement['kind']): bigint =>
    total(
      movements
        .filter(each => each.kind === 'return' && kinds.get(each.source.id) === kind)
        .map(sentOf),
    )
  return {
    captured,
    refunded: sent(['refund']) - returned('refund'),
    transferred: sent(['transfer', 'tax_transfer', 'credit', 'restitution']),
    reversed: sent(['reversal', 'tax_reversal']),
    collected: sent(['collection']),
    paidOut: sent(['payout'], ['accepted', 'succeeded']) - returned('payout'),
    disputed: sent(['dispute_loss']) - sent(['dispute_win']),
  }
}

/** What the ledger has at each connected account, the tax account too: minor units by `<account> <currency>`. */
export async function keptInLedger(
  queries: Queries,
  environmentId: string,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await queries
    .selectFrom('ledger_entries as e')
    .leftJoin('movements as m', join =>
      join.onRef('m.environment_id', '=', 'e.environment_id').onRef('m.id', '=', 'e.movement_id'),
    )
    .select(({ fn }) => ['m.account', 'e.currency', fn.sum<string>('e.amount').as('amount')])
    .where('e.environment_id', '=', environmentId)
    .where(({ eb, or }) =>
      or([eb('e.account', 'like', 'seller:%'), eb('e.account', '=', 'tax_account')]),
    )
    .groupBy(['m.account', 'e.currency'])
    .execute()
  return new Map(
    rows.map(row => [`${row.account ?? 'no account'} ${row.currency}`, BigInt(row.amount)]),
  )
}
