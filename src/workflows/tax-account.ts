import { lifecycle } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import { customerShare } from '../domain/order-amounts.ts'
import type { Order } from '../domain/order.ts'
import type { Account } from '../domain/seller.ts'
import {
  isTaxScope,
  keptTaxes,
  type TaxScope,
  type TaxSplit,
  taxScopeOf,
} from '../domain/tax-split.ts'
import { accountById } from '../store/accounts.ts'
import { movementsOfSources } from '../store/movements.ts'
import { refreshAccount } from './refresh-account.ts'
import type { Deciding } from './work.ts'

/**
 * How the taxes of these orders are kept apart, by order; absent: they stay with the seller. What a
 * transfer was asked net of is owed to the tax account whatever the setting says by now.
 */
export async function taxSplits(
  work: Deciding,
  orders: readonly Order[],
): Promise<Map<string, TaxSplit>> {
  const { settings, id } = work.environment
  const ids = orders.map(order => order.id)
  const kinds = ['transfer', 'tax_transfer']
  const stored = await movementsOfSources(work.database.queries, id, kinds, ids)
  const wanted = taxScopeOf(settings)
  const accountId = settings.taxAccount
  const splits = new Map<string, TaxSplit>()
  let account: Account | null | undefined
  for (const order of orders) {
    const own = stored.filter(each => each.source.id === order.id)
    const main = own.find(each => each.kind === 'transfer' && each.source.part === '')
    const promised = decidedScope(own) ?? importedScope(order, main, wanted)
    const isMoved = main !== undefined && lifecycle[main.status].asked
    const scope = promised ?? (isMoved ? null : wanted)
    if (scope === null) continue
    account ??= accountId === null ? null : await readTaxAccount(work, accountId)
    splits.set(order.id, { scope, accountId, account, promised: promised !== null })
  }
  return splits
}

/** The taxes that the order's split was decided without for good; null: not decided, or none. */
export function decidedScope(ofOrder: readonly Movement[]): TaxScope | null {
  for (const { kind, status, facts, origin } of ofOrder) {
    // A seller whose share is nothing beside the tax has a transfer that was given up.
    if (!lifecycle[status].asked && status !== 'canceled') continue
    if (isTaxScope(facts['taxes'])) return facts['taxes']
    // The connector before ours kept the taxes of goods apart, never those of shipping.
    if (kind === 'tax_transfer' && origin === 'observed') return 'goods'
  }
  return null
}

/**
 * A transfer of the connector before ours whose tax transfer was never made: its amount alone tells
 * that it is net of taxes.
 */
function importedScope(
  order: Order,
  main: Movement | undefined,
  wanted: TaxScope | null,
): TaxScope | null {
  if (wanted === null || main?.origin !== 'observed' || main.status !== 'succeeded') return null
  const tax = keptTaxes(order, null, 'goods')
  const net = customerShare(order, null) - order.commission - tax
  return tax > 0n && main.amount === net ? 'goods' : null
}

/** The tax account as it is stored; asked for while it is not known, or not ready. */
export async function readTaxAccount(work: Deciding, id: string): Promise<Account | null> {
  const stored = await accountById(work.database.queries, work.environment.id, id)
  if (stored?.standing === 'open' && stored.transfersActive) return stored
  return refreshAccount(work, id).catch((error: unknown) => {
    work.log('warn', 'the tax account could not be read', { account: id, problem: String(error) })
    return stored
  })
}
