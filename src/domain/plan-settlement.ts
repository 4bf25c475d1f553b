import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import { collectedOf, isCarried } from './carried-cycle.ts'
import { type Cut, type DebtFacts, cutOf } from './set-off.ts'
import { paidByUs } from './plan-transfer.ts'
import type { Money } from './money.ts'
import { type SettledSales, differenceOf, mayBeConverted } from './settled-sales.ts'
import type { Instruction, MovementKind } from './movement.ts'
import type { Facts } from './json.ts'
import type { ReasonCode } from './reasons.ts'
import type { Account, Seller } from './seller.ts'
import type { Balance, Cycle } from './settlement.ts'

/**
 * `ask`: held for an operator. `marketplace`: Mirakl nets it in later cycles itself. `tributary`: it
 * becomes a debt that is set off against later payouts.
 */
export type NegativeCycles = 'ask' | 'marketplace' | 'tributary'

export interface SettlementFacts {
  readonly cycle: Cycle
  readonly seller: Seller | null
  readonly account: Account | null
  /** The seller's balance at the provider; null: not read, because nothing could go anyway. */
  readonly balance: Balance | null
  /** The platform's balance; null as above. */
  readonly platform: Balance | null
  /**
   * What earlier movements of this seller owed and could not express (three decimals and the like),
   * less what was given back since. Minor units, may be negative.
   */
  readonly remainder: bigint
  /**
   * How the cycle's sales were moved. Null: no sale of the seller in this currency was converted.
   * `unread`: some were, and what the cycle holds has not been read.
   */
  readonly sales: SettledSales | 'unread' | null
  /** What the marketplace names, when `cycle` has what its sales brought (`asSettled`); else null. */
  readonly original: Money | null
  /** Movements of this seller that the payout must follow: id -> status, finished ones left out. */
  readonly unfinished: Readonly<Record<string, string>>
  /** Parts of this cycle whose movement is finished, by part. */
  readonly partsDone: Readonly<Record<string, boolean>>
  readonly ourPspCodes: readonly string[]
  /** Collections that were asked of the provider or failed: part -> what was asked, minor units. */
  readonly partsStanding: Readonly<Record<string, bigint>>
  /** Who carries a cycle in which the seller owes. */
  readonly negativeCycles: NegativeCycles
  /** The debt that this cycle became; null: none. */
  readonly cycleDebt: { readonly collectable: bigint } | null
  /** What the payout may be less by. */
  readonly debts: DebtFacts
  /** What the cycle's payout already did: its row rises by one after the provider took it back. */
  readonly payoutSequence: number
  /** The payout failed at the bank and the account has not changed since. */
  readonly bankRefused: boolean
  readonly needsApproval: boolean
  readonly paused: boolean
  readonly barred: ReasonCode | null
}

/** The parts of a cycle that are moved beside its payout, in the order in which they are sent. */
export const cycleParts = ['credits', 'remainder', 'invoices', 'subscription'] as const
export type CyclePart = (typeof cycleParts)[number]

/** What ends a cycle here for good. */
export function finalChecks(facts: SettlementFacts): Check[] {
  const { cycle } = facts
  const code = cycle.payOutPspCode
  return [
    ...(facts.barred === null ? [] : [check(facts.barred, true)]),
    check('already_paid', cycle.payState === 'paid', { cycle: cycle.id }),
    check('paid_elsewhere', !paidByUs(code, facts.ourPspCodes), { payOutPspCode: code }),
  ]
}

/** Not known, left alone by the operator, or without an account: three things, three mends. */
function knownChecks(facts: SettlementFacts): Check[] {
  const { seller, account, cycle } = facts
  return [
    check('seller_unknown', seller === null, { seller: cycle.sellerId }),
    check('seller_ignored', account === null && seller?.ignored === true, {
      seller: cycle.sellerId,
    }),
    check('seller_not_onboarded', account === null, { seller: cycle.sellerId }),
  ]
}

/** Until the cycle's sales are known and moved, nothing can be said of its amount. */
function knownSalesChecks({ cycle, sales, unfinished }: SettlementFacts): Check[] {
  if (sales === null) return []
  if (sales === 'unread') return [check('contents_unknown', true, { cycle: cycle.id })]
  const movements = { ...unfinished, ...sales.unfinished }
  return [check('waits_for_movements', Object.keys(movements).length > 0, { movements })]
}

/** As above, and what the sales brought must be what the marketplace pays for. */
export function salesChecks(facts: SettlementFacts): Check[] {
  const difference = differenceOf(facts)
  const differs = check('currency_differs', difference !== null, difference ?? {})
  return [...knownSalesChecks(facts), ...(difference === null ? [] : [differs])]
}

/**
 * A part is named in the cycle's currency. Where the cycle's sales were converted, or the account
 * has never had that currency, moving it would take the money of other sales or find none.
 */
function partChecks(facts: SettlementFacts, amount: bigint): Check[] {
  const { cycle, account, balance, sales } = facts
  const own = account?.currency ?? cycle.currency
  const isForeign = own !== cycle.currency && balance?.available[cycle.currency] === undefined
  const differs = isForeign || mayBeConverted(sales, cycle.currency)
  const figures = {
    owed: `${amount} ${cycle.currency}`,
    account: `${balance?.available[own] ?? 0n} ${own}`,
  }
  // The payout waits for the cycle's own parts; they only wait for its sales.
  const sold = knownSalesChecks({ ...facts, unfinished: {} })
  return [...sold, check('currency_differs', differs, figures)]
}

/** What keeps money from going to or from the seller's account. */
export function sellerChecks(facts: SettlementFacts): Check[] {
  const { account } = facts
  const open = account?.standing === 'open' && account.transfersActive
  return [
    check('cycle_not_final', !facts.cycle.final),
    ...knownChecks(facts),
    check('seller_restricted', !open, { disabledReason: account?.disabledReason ?? null }),
  ]
}

function planOf(
  facts: SettlementFacts,
  kind: MovementKind,
  part: string,
  sequence: number,
  checks: readonly Check[],
  amount: bigint,
  instruction: Instruction,
): Plan {
  const move = (): Decision => ({ to: 'move', amount, instruction })
  const made =
    amount === 0n
      ? { decision: { to: 'nothing' } as const, facts: {} }
      : decide(checks, amount, move)
  return {
    kind,
    source: { type: 'cycle', id: facts.cycle.id, part, sequence },
    parties: {
      sellerId: facts.cycle.sellerId,
      orderId: null,
      purchaseId: null,
      cycleId: facts.cycle.id,
      paymentId: null,
    },
    currency: facts.cycle.currency,
    original: facts.original,
    account: facts.account?.id ?? null,
    checks,
    decision: made.decision,
    facts: made.facts,
  }
}

/** Operator -> seller: other credits of the cycle, or the remainders that could not be expressed. */
function planCredit(
  facts: SettlementFacts,
  part: 'credits' | 'remainder',
  amount: bigint,
  representable: Representable,
): Plan {
  const { cycle, account, platform } = facts
  const available = platform?.available[cycle.currency] ?? 0n
  const checks = [
    ...finalChecks(facts),
    ...sellerChecks(facts),
    ...partChecks(facts, amount),
    check('platform_balance_short', platform === null || available < amount, {
      available: available.toString(),
      owed: amount.toString(),
    }),
    check('paused', facts.paused),
  ]
  return planOf(facts, 'credit', part, 1, checks, amount, {
    do: 'transfer',
    currency: cycle.currency,
    amount: representable(amount, cycle.currency),
    destination: account?.id ?? '',
    sourceCharge: null,
    group: cycle.id,
  })
}

/** Seller -> operator: subscription and manual invoices. */
function planCollection(
  facts: SettlementFacts,
  part: 'invoices' | 'subscription',
  amount: bigint,
  representable: Representable,
): Plan {
  const { cycle, account, balance } = facts
  const available = balance?.available[cycle.currency] ?? 0n
  const checks = [
    ...finalChecks(facts),
    ...sellerChecks(facts),
    ...partChecks(facts, amount),
    check('seller_balance_short', balance === null || available < amount, {
      available: available.toString(),
      owed: amount.toString(),
    }),
    check('paused', facts.paused),
  ]
  return planOf(facts, 'collection', part, 1, checks, amount, {
    do: 'collection',
    currency: cycle.currency,
    amount: representable(amount, cycle.currency),
    account: account?.id ?? '',
    group: cycle.id,
  })
}

function balanceChecks(facts: SettlementFacts, amount: bigint): Check[] {
  const { cycle, balance } = facts
  const available = balance?.available[cycle.currency] ?? 0n
  const pending = balance?.pending[cycle.currency] ?? 0n
  const figures = {
    available: available.toString(),
    pending: pending.toString(),
    owed: amount.toString(),
  }
  return [
    check('balance_pending', available < amount && available + pending >= amount, figures),
    check('balance_short', available < amount, figures),
  ]
}

/** What the payout differs from its cycle by, as facts of the movement; nothing when it does not. */
function cutFacts(facts: SettlementFacts, cut: Cut): Facts {
  const { cycle, debts } = facts
  if (cut.payout === cycle.amount) return {}
  const withheld = debts.withheld + cut.withhold
  return {
    cycleAmount: cycle.amount.toString(),
    setOff: (cycle.amount - cut.payout - withheld).toString(),
    withheld: withheld.toString(),
  }
}

function payoutChecks(facts: SettlementFacts, amount: bigint, cut: Cut): Check[] {
  const { cycle, account, seller } = facts
  const waits = Object.keys(facts.unfinished)
  const figures = { amount: cycle.amount.toString() }
  // What debts leave nothing of was owed all the same.
  const owed = amount > 0n || cycle.amount > cut.payout
  return [
    ...finalChecks(facts),
    ...salesChecks(facts),
    check('became_debt', facts.cycleDebt !== null || isCarried(facts), figures),
    check('negative_cycle', cycle.amount < 0n && facts.negativeCycles === 'ask', figures),
    check('amount_not_positive', !owed, figures),
    check('cycle_not_final', !cycle.final),
    ...knownChecks(facts),
    check('payouts_disabled', account?.payoutsEnabled !== true, {
      disabledReason: account?.disabledReason ?? null,
    }),
    check('payment_blocked', seller?.paymentBlocked === true),
    ...(facts.sales === null
      ? [check('waits_for_movements', waits.length > 0, { movements: facts.unfinished })]
      : []),
    check('set_off_wholly', amount <= 0n),
    ...balanceChecks(facts, amount),
    check('needs_approval', facts.needsApproval),
    check('bank_refused', facts.bankRefused),
    check('paused', facts.paused),
  ]
}

/**
 * The payout of a cycle: Mirakl's `amount_transferred` (of converted sales, what they brought), once
 * all that it nets has really moved, less only what the marketplace does not know of (`cut`).
 */
export function planPayout(
  facts: SettlementFacts,
  representable: Representable,
  cut: Cut = cutOf(facts, representable),
): Plan {
  const { cycle, account } = facts
  const amount = cut.payout > 0n ? representable(cut.payout, cycle.currency) : cut.payout
  // A payout of which nothing is left is written too: it says where the money of its cycle went.
  const owed = cut.payout === 0n ? cycle.amount : cut.payout
  const plan = planOf(
    facts,
    'payout',
    '',
    facts.payoutSequence,
    payoutChecks(facts, amount, cut),
    owed,
    {
      do: 'payout',
      currency: cycle.currency,
      amount,
      account: account?.id ?? '',
      statement: null,
    },
  )
  return { ...plan, facts: { ...plan.facts, ...cutFacts(facts, cut) } }
}

/**
 * Credits and collections of a cycle; parts of 0 write nothing. The remainder is credited as far as
 * the provider can express it; the rest waits for the next cycle.
 */
export function planCycleParts(facts: SettlementFacts, representable: Representable): Plan[] {
  const { cycle } = facts
  const collected = collectedOf(facts)
  const remainder = facts.remainder > 0n ? representable(facts.remainder, cycle.currency) : 0n
  const plans = [
    planCredit(facts, 'credits', cycle.otherCredits, representable),
    planCredit(facts, 'remainder', remainder, representable),
    planCollection(facts, 'invoices', collected.invoices, representable),
    planCollection(facts, 'subscription', collected.subscription, representable),
  ]
  // A part that was written (of a draft, say) and is 0 now is given up; else the payout waits for it.
  const written = (part: string) => facts.partsDone[part] === false
  return plans.filter(({ decision, source }) => decision.to !== 'nothing' || written(source.part))
}
