import type { Currency } from './currency.ts'
import { isAborted } from './order.ts'
import { type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import {
  figuresOf,
  isTaxFromCharge,
  movedOf,
  orderChecks,
  planOf,
  splitOf,
  type TransferFacts,
  waitingChecks,
} from './plan-transfer.ts'
import { awaitsServiceDebit } from './service-debit.ts'
import type { Account } from './seller.ts'

/**
 * Taxes of an order to the tax account, when they are kept apart (movements on paper, section 1).
 * Null: none are owed. They come from the order's own charge, or wholly from the platform's balance
 * where an operator's promotion left the customer less to pay than the taxes.
 * @param available the platform's balance; null: not read
 */
export function planTaxTransfer(
  facts: TransferFacts,
  available: bigint | null,
  representable: Representable,
): Plan | null {
  const { order, payment, taxes } = facts
  if (taxes === null || isAborted(order) || awaitsServiceDebit(order)) return null
  const split = splitOf(order, facts.debited, taxes.scope)
  if (split.tax <= 0n) return null
  const moved = movedOf(facts, split.tax, representable)
  const { amount, currency } = moved
  if (amount === 0n) return null
  const hasCharge = isTaxFromCharge(split, facts.debited)
  const { account, accountId } = taxes
  const isOpen = account?.standing === 'open' && account.transfersActive
  // What the account cannot keep as it was sent could not be taken back from it as it was sent.
  const clash = moved.original !== null && !keeps(account, currency)
  // A seller may be owed nothing beside the tax; what was made net of it is owed in any case.
  const left = ['amount_not_positive', ...(taxes.promised ? ['already_moved'] : [])]
  const list = [
    ...orderChecks(facts, split).filter(each => !left.includes(each.reason)),
    ...waitingChecks(facts, split),
    check('tax_account_missing', accountId === null),
    check('tax_account_unusable', !isOpen, {
      account: accountId,
      standing: account?.standing ?? null,
      disabledReason: account?.disabledReason ?? null,
    }),
    check('tax_account_currency', clash, {
      account: accountId,
      owed: currency,
      of: account?.currency ?? null,
    }),
    check('platform_balance_short', !hasCharge && (available === null || available < amount), {
      available: available?.toString() ?? null,
      owed: amount.toString(),
    }),
  ]
  const move = (): Decision => ({
    to: 'move',
    amount,
    instruction: {
      do: 'transfer',
      currency,
      amount: representable(amount, currency),
      destination: accountId ?? '',
      sourceCharge: hasCharge ? (payment?.chargeId ?? null) : null,
      group: payment?.transferGroup ?? order.purchaseId,
    },
  })
  const made = decide(list, amount, move)
  const shown = { ...made, facts: { ...figuresOf(facts, split), ...made.facts } }
  const plan = planOf(facts, 'tax_transfer', '', list, shown, moved)
  // The tax account belongs to no seller.
  return { ...plan, account: accountId, parties: { ...plan.parties, sellerId: null } }
}

/** Is it the account's own currency, or one that it has a bank for? */
function keeps(account: Account | null, currency: Currency): boolean {
  return account?.currency === currency || account?.banks?.[currency] !== undefined
}
