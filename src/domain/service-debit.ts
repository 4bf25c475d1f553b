import type { Currency } from './currency.ts'
import type { Order } from './order.ts'

/** What the customer owes for a service order (SPA11), paid or not. Amount in minor units. */
export interface ServiceDebit {
  readonly id: string
  readonly orderId: string
  readonly customerId: string
  readonly amount: bigint
  readonly currency: Currency
  /** SPA11 lists paid debits too. A state that Mirakl adds one day counts as waiting. */
  readonly state: 'waiting' | 'paid' | 'refused'
  /** When the customer paid; null unless paid. */
  readonly paidAt: Date | null
  /** The provider's charge or payment intent, as SPA01 told it; null unless paid. */
  readonly reference: string | null
}

/** Does this service order wait for its debit? Until then no share of it is owed to anybody. */
export function awaitsServiceDebit(order: Order): boolean {
  return order.domain === 'service' && order.debitedAt === null
}

/** False for a service order without any debit yet: there is no amount to show. */
export function isWorthKnown(order: Order): boolean {
  return !awaitsServiceDebit(order) || order.total !== 0n
}

/**
 * A service order with what its debits say. Their amount is the order's share, whatever its price
 * shows: unit price, quantity, options and their taxes, and MULTI prices (which have no amount at
 * all) never have to be added up. While one debit waits beside a paid one the order is not paid: its
 * share would be split a second time. Without any debit the share is 0 and the order waits.
 */
export function withDebits(order: Order, debits: readonly ServiceDebit[]): Order {
  const own = debits.filter(debit => debit.orderId === order.id)
  const waiting = own.filter(debit => debit.state === 'waiting')
  const paid = own.filter(debit => debit.state === 'paid')
  const open = [...paid, ...waiting]
  const counted = open.length > 0 ? open : own.slice(-1)
  const share = counted.reduce((sum, debit) => sum + debit.amount, 0n)
  const last = waiting.length > 0 ? undefined : newest(paid)
  const taxes = taxesAt(order, share)
  const { taxesUnknown: _, ...known } = order
  return {
    ...known,
    ...(taxes === 'unknown' ? { taxesUnknown: true } : {}),
    total: share,
    debitedAt: last?.paidAt ?? null,
    transactionNumber: last?.reference ?? null,
    lines: order.lines.map(line => ({
      ...line,
      total: share,
      taxes: taxes === 'unknown' ? line.taxes : (taxes ?? line.taxes),
    })),
  }
}

/** The taxes of a price that can be read in several ways: those that make what is owed. */
function taxesAt({ taxReadings }: Order, share: bigint): bigint | 'unknown' | null {
  if (taxReadings === undefined) return null
  const fit = new Set(taxReadings.filter(each => each.amount === share).map(each => each.taxes))
  const [only] = fit
  return fit.size === 1 && only !== undefined ? only : 'unknown'
}

function newest(paid: readonly ServiceDebit[]): ServiceDebit | undefined {
  return paid.toSorted((a, b) => (a.paidAt?.getTime() ?? 0) - (b.paidAt?.getTime() ?? 0)).at(-1)
}
