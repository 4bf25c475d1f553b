import { type Part, partOf } from './conversion.ts'
import { customerShare, operatorFunding, paidRefunds } from './order-amounts.ts'
import { type Order, isAborted, needsDebit, stageOf } from './order.ts'
import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import type { Facts } from './json.ts'
import type { MovementKind, MovementParties } from './movement.ts'
import type { Payment } from './payment.ts'
import type { ReasonCode } from './reasons.ts'
import { awaitsServiceDebit, isWorthKnown } from './service-debit.ts'
import { nettedRefunds } from './order-refunds.ts'
import { type TaxScope, type TaxSplit, taxKeptApart } from './tax-split.ts'
import type { Account, Seller } from './seller.ts'

export interface TransferFacts {
  readonly order: Order
  /** The amount of the debit that the marketplace asked to confirm (PA11); null: not seen. */
  readonly debited: bigint | null
  readonly seller: Seller | null
  readonly account: Account | null
  readonly payment: Payment | null
  /** How the order's taxes are kept apart; null: they stay with the seller. */
  readonly taxes: TaxSplit | null
  /** Our own name at the marketplace: `pay_out_psp_code` values that mean us. */
  readonly ourPspCodes: readonly string[]
  /** Was this order's money moved before Tributary (or is it being moved)? */
  readonly movedBefore: boolean
  /** The newest reading of the order failed: what is stored is older than what Mirakl shows. */
  readonly unreadable: { readonly field: string; readonly problem: string } | null
  /** The dispute that took the payment's money and is not decided; null: none. */
  readonly disputed: string | null
  readonly paused: boolean
  readonly barred: ReasonCode | null
}

/** What an order's customer pays, what the operator keeps, and what the seller gets. Minor units. */
export interface Split {
  readonly share: bigint
  readonly funding: bigint
  readonly refunded: bigint
  /** Commission less what refunds gave back. */
  readonly commission: bigint
  /** Kept apart for the tax account, net of refunds; 0 without tax split. */
  readonly tax: bigint
  /** Negative: the seller owes the operator. */
  readonly toSeller: bigint
}

/**
 * Example: 100, commission 10, refund 30 (commission 3) before the split: 63 and commission 7.
 * @param scope the taxes that are kept apart; null: none, they are the seller's
 */
export function splitOf(
  order: Order,
  debited: bigint | null,
  scope: TaxScope | null = null,
): Split {
  const share = customerShare(order, debited)
  const refunds = paidRefunds(order)
  const commission = order.commission - refunds.commission
  const tax = scope === null ? 0n : taxKeptApart(order, debited, scope)
  return {
    share,
    funding: operatorFunding(order),
    refunded: refunds.amount,
    commission,
    tax,
    toSeller: share - refunds.amount - commission - tax,
  }
}

/** What the order's customer has paid and not been given back. */
function leftOfCharge(split: Split, debited: bigint | null): bigint {
  return paidByCustomer(split, debited) - split.refunded
}

/** Taxes come first on the charge, and all of them or none: one order has one tax transfer. */
export function isTaxFromCharge(split: Split, debited: bigint | null): boolean {
  return leftOfCharge(split, debited) >= split.tax
}

/**
 * The part of the seller's share that the order's own charge pays for. The rest, where a promotion of
 * the operator is larger than the commission, no customer paid: the platform's balance does.
 */
function fromCharge(split: Split, debited: bigint | null): bigint {
  const paid = leftOfCharge(split, debited) - (isTaxFromCharge(split, debited) ? split.tax : 0n)
  if (paid >= split.toSeller) return split.toSeller
  return paid > 0n ? paid : 0n
}

function paidByCustomer(split: Split, debited: bigint | null): bigint {
  return debited ?? split.share - split.funding
}

/** What the amounts of a split were made from; the ledger books the operator's part by them. */
export function figuresOf(facts: TransferFacts, split: Split): Facts {
  return {
    share: split.share.toString(),
    paid: paidByCustomer(split, facts.debited).toString(),
    funding: split.funding.toString(),
    refunded: split.refunded.toString(),
    commission: split.commission.toString(),
    ...taxFigures(facts, split),
    ...nettedIn(facts.order),
  }
}

/** The debit is what the customer pays; only the operator's funding may lie between it and the share. */
function differs(split: Split, debited: bigint | null): boolean {
  if (debited === null) return false
  return split.share !== debited && split.share - split.funding !== debited
}

export function paidByUs(payOutPspCode: string, ourPspCodes: readonly string[]): boolean {
  return payOutPspCode === 'NOT_SPECIFIED' || ourPspCodes.includes(payOutPspCode)
}

/** The taxes that were kept apart, and which; nothing without tax split. */
function taxFigures({ taxes }: TransferFacts, split: Split): Facts {
  return taxes === null ? {} : { tax: split.tax.toString(), taxes: taxes.scope }
}

/** Questions about the order that end a split for good. */
export function orderChecks(facts: TransferFacts, split: Split): Check[] {
  const { order, payment } = facts
  const stage = stageOf(order)
  const code = order.payOutPspCode
  return [
    ...(facts.barred === null ? [] : [check(facts.barred, true)]),
    check('already_moved', facts.movedBefore),
    check('order_refused', stage === 'refused', { state: order.state }),
    check('order_canceled', stage === 'canceled', { state: order.state }),
    check('payment_canceled', payment?.status === 'canceled', { payment: payment?.id ?? null }),
    check('payment_failed', payment?.status === 'failed', { payment: payment?.id ?? null }),
    check('payment_refunded', payment?.status === 'refunded', { payment: payment?.id ?? null }),
    check('paid_elsewhere', !paidByUs(code, facts.ourPspCodes), { payOutPspCode: code }),
    // Before the amount is judged for good: what is stored may be older than what is owed now.
    check('set_aside', facts.unreadable !== null, {
      field: facts.unreadable?.field ?? null,
      problem: facts.unreadable?.problem ?? null,
    }),
    // A seller is not paid less a tax that nobody knows; without tax split nobody asks.
    ...(facts.taxes === null
      ? []
      : [check('amount_unreadable', order.taxesUnknown === true, { field: 'price.taxes' })]),
    check('amount_not_positive', stage === 'kept' && split.toSeller <= 0n, {
      share: split.share.toString(),
      refunded: split.refunded.toString(),
      commission: split.commission.toString(),
      ...taxFigures(facts, split),
    }),
  ]
}

/**
 * What a split waits for.
 * @param clash what is asked of the seller's account is in another currency than the account's
 */
export function waitingChecks(facts: TransferFacts, split: Split, clash = false): Check[] {
  const { order, payment, seller, account, debited } = facts
  const stage = stageOf(order)
  const unready = account !== null && !account.transfersActive
  const onboarding = account === null || (unready && !account.detailsSubmitted)
  return [
    check('seller_unknown', seller === null, { seller: order.sellerId }),
    check('seller_ignored', seller?.ignored === true, { seller: order.sellerId }),
    check('seller_not_onboarded', onboarding, { account: account?.id ?? null }),
    check('seller_restricted', unready || account?.standing !== 'open', {
      account: account?.id ?? null,
      disabledReason: account?.disabledReason ?? null,
    }),
    check('order_not_accepted', stage === 'undecided', { state: order.state }),
    check(
      'order_not_debited',
      stage === 'waiting_debit' || (order.debitedAt === null && needsDebit(order)),
      {
        state: order.state,
      },
    ),
    check('payment_unknown', payment === null, { transactionNumber: order.transactionNumber }),
    check('payment_not_captured', payment?.status === 'authorized', {
      payment: payment?.id ?? null,
    }),
    check('payment_pending', payment?.status === 'pending', { payment: payment?.id ?? null }),
    check('payment_disputed', facts.disputed !== null, { dispute: facts.disputed }),
    check('settlement_unknown', payment?.status === 'captured' && payment.settled === null, {
      payment: payment?.id ?? null,
    }),
    check('amount_differs', differs(split, debited), {
      ofOrder: split.share.toString(),
      ofDebit: debited?.toString() ?? null,
    }),
    check('currency_differs', clash || (payment !== null && payment.currency !== order.currency), {
      order: order.currency,
      payment: payment?.currency ?? null,
      settled: payment?.settled?.currency ?? null,
      account: account?.currency ?? null,
    }),
    check('paused', facts.paused),
  ]
}

function partiesOf(order: Order, payment: Payment | null): MovementParties {
  return {
    sellerId: order.sellerId,
    orderId: order.id,
    purchaseId: order.purchaseId,
    cycleId: null,
    paymentId: payment?.id ?? null,
  }
}

/** Refunds that the amount is net of: no reversal takes them back a second time. */
function nettedIn(order: Order): { readonly netted?: string[] } {
  const netted = nettedRefunds(order)
  return netted.length === 0 ? {} : { netted }
}

/** A plan for one order, and with it for its seller and its payment. */
export function planOf(
  { order, payment, account }: TransferFacts,
  kind: MovementKind,
  part: string,
  checks: readonly Check[],
  made: { readonly decision: Decision; readonly facts: Facts },
  moved: Part,
): Plan {
  return {
    kind,
    source: { type: 'order', id: order.id, part, sequence: 1 },
    parties: partiesOf(order, payment),
    currency: moved.currency,
    original: moved.original,
    account: account?.id ?? null,
    checks,
    decision: made.decision,
    facts: made.facts,
  }
}

/** An amount of the order in the currency that its payment settled in. */
export function movedOf(facts: TransferFacts, amount: bigint, representable: Representable): Part {
  return partOf({ amount, currency: facts.order.currency }, facts.payment, representable)
}

/** One transfer per paid order: the customer's share less the commission, from the order's own charge. */
export function planTransfer(facts: TransferFacts, representable: Representable): Plan {
  const { order, payment, account } = facts
  const split = splitOf(order, facts.debited, facts.taxes?.scope)
  const moved = movedOf(facts, fromCharge(split, facts.debited), representable)
  const { amount, currency } = moved
  const list = [...orderChecks(facts, split), ...waitingChecks(facts, split)]
  const move = (): Decision => ({
    to: 'move',
    amount,
    instruction: {
      do: 'transfer',
      currency,
      amount: representable(amount, currency),
      destination: account?.id ?? '',
      sourceCharge: payment?.chargeId ?? null,
      group: payment?.transferGroup ?? order.purchaseId,
    },
  })
  // A customer who paid nothing: all of it is `planFundedTransfer`'s.
  const nothing = amount === 0n && split.toSeller > 0n
  const made = nothing
    ? { decision: { to: 'nothing' } as const, facts: {} }
    : decide(list, isWorthKnown(order) ? amount : null, move)
  const figures = figuresOf(facts, split)
  const shown = { decision: made.decision, facts: { ...figures, ...made.facts } }
  return planOf(facts, 'transfer', '', list, shown, moved)
}

/**
 * What the operator's promotion adds to an order beyond what its customer paid: a transfer of its
 * own from the platform's balance. Null: the charge covers the share, as it nearly always does.
 * @param left what a transfer that was asked for already left to it; absent: none was
 */
export function planFundedTransfer(
  facts: TransferFacts,
  available: bigint | null,
  representable: Representable,
  left?: bigint,
): Plan | null {
  const { order, payment, account } = facts
  const split = splitOf(order, facts.debited, facts.taxes?.scope)
  const owed = left ?? split.toSeller - fromCharge(split, facts.debited)
  if (owed <= 0n || isAborted(order) || awaitsServiceDebit(order)) return null
  const moved = movedOf(facts, owed, representable)
  const { amount, currency } = moved
  if (amount === 0n) return null
  const list = [
    ...orderChecks(facts, split),
    ...waitingChecks(facts, split),
    check('platform_balance_short', available === null || available < amount, {
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
      destination: account?.id ?? '',
      sourceCharge: null,
      group: payment?.transferGroup ?? order.purchaseId,
    },
  })
  const made = decide(list, isWorthKnown(order) ? amount : null, move)
  const figures = figuresOf(facts, split)
  const shown = { decision: made.decision, facts: { ...figures, ...made.facts } }
  return planOf(facts, 'transfer', 'funding', list, shown, moved)
}

/** The part of an order's commission that its own share cannot bear is collected from the seller. */
export function planOrderCollection(
  facts: TransferFacts,
  available: bigint | null,
  representable: Representable,
): Plan | null {
  const { order, account } = facts
  const split = splitOf(order, facts.debited, facts.taxes?.scope)
  if (split.toSeller >= 0n || isAborted(order) || awaitsServiceDebit(order)) return null
  const moved = movedOf(facts, -split.toSeller, representable)
  const { amount: owed, currency } = moved
  if (owed === 0n) return null
  const clash = moved.original !== null && account?.currency !== currency
  const list = [
    ...orderChecks(facts, split).filter(each => each.reason !== 'amount_not_positive'),
    ...waitingChecks(facts, split, clash),
    check('seller_balance_short', available === null || available < owed, {
      available: available?.toString() ?? null,
      owed: owed.toString(),
    }),
  ]
  const move = (): Decision => ({
    to: 'move',
    amount: owed,
    instruction: {
      do: 'collection',
      currency,
      amount: representable(owed, currency),
      account: account?.id ?? '',
      group: order.purchaseId,
    },
  })
  const made = decide(list, owed, move)
  return planOf(facts, 'collection', 'commission', list, made, moved)
}
