import type { Queries } from '../../database/connection.ts'
import type { Currency } from '../../domain/currency.ts'
import { orderedByCustomer } from '../../domain/ordered-worth.ts'
import { movementOf } from '../../store/movement-rows.ts'
import type { Movement } from '../../domain/movement.ts'
import { ordersOfPurchases } from '../../store/orders.ts'
import { paymentOf } from '../../store/payments.ts'
import type { CurrencySums } from './simulator-books.ts'

/** Where the customers' money of one currency went, as Tributary's tables have it. Minor units. */
export interface Destinations {
  /** What Stripe was asked to transfer for orders, and did. */
  readonly sellerTransfers: bigint
  readonly commission: bigint
  readonly taxesKept: bigint
  /** Goods of the operator in customers' baskets. */
  readonly ownGoods: bigint
  /** The operator's part of promotions, which came from no customer: negative. */
  readonly operatorFunding: bigint
  /** Owed to sellers and not transferred, by reason (or by status, when it is under way). */
  readonly held: Readonly<Record<string, bigint>>
  /** Owed to sellers by transfers that Stripe could not express to the last digit. */
  readonly remainders: bigint
  /** Captured less and refunded more than owed, for the same cause: negative. */
  readonly rounding: bigint
}

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
  const orders = await ordersOfPurchases(queries, environmentId, [...purchases])
  const currencies = new Set([...movements, ...paid].map(({ currency }) => currency))
  const sums = new Map<Currency, CurrencySums>()
  const destinations = new Map<Currency, Destinations>()
  for (const currency of [...currencies].toSorted()) {
    const own = movements.filter(movement => movement.currency === currency)
    const payments = paid.filter(payment => payment.currency === currency)
    const authorized = total(payments.map(payment => payment.authorized))
    const ordered = total(
      orders.filter(order => order.currency === currency).map(orderedByCustomer),
    )
    sums.set(currency, sumsOf(own, total(payments.map(payment => payment.captured))))
    destinations.set(currency, destinationsOf(own, purchases, authorized - ordered))
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

function sumsOf(movements: readonly Movement[], captured: bigint): CurrencySums {
  const sent = (kinds: readonly string[], statuses: readonly string[] = ['succeeded']): bigint =>
    total(
      movements
        .filter(({ kind, status }) => kinds.includes(kind) && statuses.includes(status))
        .map(movement => movement.sentAmount ?? movement.amount ?? 0n),
    )
  return {
    captured,
    refunded: sent(['refund']),
    transferred: sent(['transfer', 'credit']),
    collected: sent(['collection']),
    paidOut: sent(['payout'], ['accepted', 'succeeded']) - sent(['return']),
  }
}

function destinationsOf(
  movements: readonly Movement[],
  purchases: ReadonlySet<string>,
  ownGoods: bigint,
): Destinations {
  const transfers = movements.filter(
    movement => movement.kind === 'transfer' && purchases.has(movement.parties.purchaseId ?? ''),
  )
  const done = transfers.filter(movement => movement.status === 'succeeded')
  const open = transfers.filter(({ status }) => status !== 'succeeded' && status !== 'canceled')
  // The commission ate the whole price: nothing to transfer, all of it is the operator's.
  const eaten = transfers.filter(movement => movement.reason === 'amount_not_positive')
  const decided = [...done, ...open].filter(movement => movement.source.part === '')
  const held: Record<string, bigint> = {}
  for (const movement of open) {
    const reason = movement.status === 'on_hold' ? movement.reason : null
    const name = reason ?? movement.status
    held[name] = (held[name] ?? 0n) + (movement.amount ?? 0n)
  }
  return {
    sellerTransfers: total(done.map(movement => movement.sentAmount ?? 0n)),
    commission:
      total(decided.map(figure('commission'))) +
      total(eaten.map(figure('share'))) -
      total(eaten.map(figure('refunded'))),
    taxesKept: 0n,
    ownGoods,
    operatorFunding: -total([...decided, ...eaten].map(figure('funding'))),
    held,
    remainders: total(done.map(lessThanOwed)),
    rounding:
      -total(finished(movements, 'capture').map(lessThanOwed)) +
      total(finished(movements, 'refund').map(lessThanOwed)),
  }
}

function finished(movements: readonly Movement[], kind: Movement['kind']): Movement[] {
  return movements.filter(movement => movement.kind === kind && movement.status === 'succeeded')
}

/** Owed less asked; a refund is rounded up, so for it this is negative. */
function lessThanOwed(movement: Movement): bigint {
  return (movement.amount ?? 0n) - (movement.sentAmount ?? 0n)
}

/** A figure that the plan of a transfer wrote down; 0 when it did not get so far. */
function figure(name: string): (movement: Movement) => bigint {
  return movement => {
    const text = movement.facts[name]
    return typeof text === 'string' ? BigInt(text) : 0n
  }
}

function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((left, right) => left + right, 0n)
}
