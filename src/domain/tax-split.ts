import { keptLines, showsFirstAmounts } from './order-amounts.ts'
import type { LineRefund, Order } from './order.ts'
import type { Account } from './seller.ts'
import type { Settings } from './settings.ts'

/** Which taxes of an order are kept apart from its seller's share. */
export const taxScopes = ['goods', 'goods_and_shipping'] as const
export type TaxScope = (typeof taxScopes)[number]

/** How the taxes of one order are kept apart. */
export interface TaxSplit {
  readonly scope: TaxScope
  /** The provider's account that receives them; null: none is configured. */
  readonly accountId: string | null
  /** That account as it was last seen; null: not known. */
  readonly account: Account | null
  /** The seller's transfer was asked for without them: they are owed to the account whatever is set. */
  readonly promised: boolean
}

/** Null: taxes stay with the seller. */
export function taxScopeOf(settings: Settings): TaxScope | null {
  if (!settings.enable.taxSplit) return null
  return settings.taxOnShipping ? 'goods_and_shipping' : 'goods'
}

export function isTaxScope(text: unknown): text is TaxScope {
  return taxScopes.some(scope => scope === text)
}

interface Taxed {
  /** On goods and shipping together. */
  readonly taxes: bigint
  readonly shippingTaxes?: bigint
}

function inScope(part: Taxed, scope: TaxScope): bigint {
  return scope === 'goods' ? part.taxes - (part.shippingTaxes ?? 0n) : part.taxes
}

/** Taxes of the kept lines, less what was canceled of them. Minor units. */
export function keptTaxes(order: Order, debited: bigint | null, scope: TaxScope): bigint {
  const lines = keptLines(order)
  const shown = lines.map(line => line.taxes + (scope === 'goods' ? 0n : line.shippingTaxes))
  const first = showsFirstAmounts(order, debited)
  const canceled = first ? lines.flatMap(line => line.cancelations) : []
  return sum(shown) - sum(canceled.map(part => inScope(part, scope)))
}

/** Taxes of the kept lines, net of refunds already made; never below 0. Minor units. */
export function taxKeptApart(order: Order, debited: bigint | null, scope: TaxScope): bigint {
  const refunds = order.lines.flatMap(line => line.refunds).filter(refund => refund.paid)
  const left = keptTaxes(order, debited, scope) - sum(refunds.map(refund => inScope(refund, scope)))
  return left > 0n ? left : 0n
}

/** The tax of one refund that comes back from the tax account; 0 while the order does not show it. */
export function taxOfRefund(order: Order | null, refundId: string, scope: TaxScope): bigint {
  const refunds: readonly LineRefund[] = order?.lines.flatMap(line => line.refunds) ?? []
  const found = refunds.find(refund => refund.id === refundId)
  return found === undefined ? 0n : inScope(found, scope)
}

function sum(parts: readonly bigint[]): bigint {
  return parts.reduce((left, right) => left + right, 0n)
}
