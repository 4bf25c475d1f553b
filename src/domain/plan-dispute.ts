import { type Debt, type NewDebt, openOf } from './debt.ts'
import { type Dispute, isEnded } from './dispute.ts'
import type { MovementStatus } from './lifecycle.ts'
import { allocate, type Money, money } from './money.ts'
import type { MovementParties, MovementSource } from './movement.ts'
import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import type { Account } from './seller.ts'

/**
 * When the seller's share of a disputed payment is taken back. `hold`: once the dispute is lost.
 * `reverse`: as soon as the bank has taken the money; it is given back when the dispute is won.
 */
export type DisputeSetting = 'hold' | 'reverse'

/** What one dispute has to do with one transfer of its purchase. Minor units of its currency. */
export interface DisputeShareFacts {
  readonly dispute: Pick<Dispute, 'id' | 'status' | 'currency'>
  readonly setting: DisputeSetting
  /** What the bank has taken and not given back. */
  readonly withdrawn: bigint
  /** What the customer had paid when it was disputed: captured, less refunds. */
  readonly paid: bigint
  readonly transfer: {
    /** Our movement's id. */
    readonly id: string
    /** The provider's id; null while it has none. */
    readonly providerId: string | null
    readonly status: MovementStatus
    readonly currency: string
    /** What everything but this dispute has left of it. */
    readonly left: bigint
    /** The same in the order's currency. */
    readonly leftOrdered: Money
    readonly parties: MovementParties
  }
  /** What the seller bore of this dispute: its reversal, or the set-offs of its debt. */
  readonly reversed: bigint
  /** The same in the order's currency. */
  readonly reversedOrdered: bigint
  readonly account: Account | null
  /** The seller's balance; null: not read. */
  readonly balance: { readonly available: bigint; readonly pending: bigint } | null
  /** The provider refused this reversal once because the balance was too small. */
  readonly refusedShort: boolean
  /** The platform's available balance; null: not read. */
  readonly platform: bigint | null
  readonly barred: 'no_start_date' | 'before_start_date' | null
  readonly paused: boolean
}

/** The seller bears the part of the transfer that the bank took of the payment; rounded down. */
export function shareOfDispute(
  facts: Pick<DisputeShareFacts, 'withdrawn' | 'paid' | 'transfer'>,
): bigint {
  return partTaken(facts, money(facts.transfer.left, facts.transfer.currency))
}

function partTaken(
  { withdrawn, paid }: Pick<DisputeShareFacts, 'withdrawn' | 'paid'>,
  left: Money,
): bigint {
  if (withdrawn <= 0n || left.amount <= 0n) return 0n
  if (withdrawn >= paid) return left.amount
  const [share] = allocate(left, [withdrawn, paid - withdrawn], 1)
  return share?.amount ?? 0n
}

/** The amount in the order's currency; null: nothing was converted. */
function originalOf({ transfer }: DisputeShareFacts, amount: bigint): Money | null {
  const { currency } = transfer.leftOrdered
  return currency === transfer.currency ? null : money(amount, currency)
}

function sourceOf({ dispute, transfer }: DisputeShareFacts): MovementSource {
  return { type: 'provider', id: dispute.id, part: transfer.id, sequence: 1 }
}

/** As with refunds: pending money may do, until the provider has refused it once. */
function isShort({ balance, refusedShort }: DisputeShareFacts, amount: bigint): boolean {
  if (balance === null) return true
  const { available, pending } = balance
  return available < amount && (refusedShort || available + pending < amount)
}

/**
 * Lost, and the seller has not got it: waiting would leave the next payout short, because the
 * marketplace knows nothing of disputes. Taken wholly or not at all, so that a seller who sells on
 * pays it back within the cap on debts, and one unit is never owed by two rows.
 */
function isForGood({ dispute, balance, paused }: DisputeShareFacts, amount: bigint): boolean {
  // Money that is pending already is worth the wait of some days.
  const lacks = balance !== null && balance.available + balance.pending < amount
  return isEnded(dispute.status) && lacks && !paused
}

function reversalChecks(facts: DisputeShareFacts, amount: bigint): Check[] {
  const { dispute, transfer, setting, balance } = facts
  const waits = setting === 'hold' && !isEnded(dispute.status)
  const short = isShort(facts, amount)
  const figures = {
    available: balance?.available.toString() ?? null,
    pending: balance?.pending.toString() ?? null,
    owed: amount.toString(),
  }
  return [
    check('dispute_won', facts.withdrawn <= 0n),
    check('transfer_spent', transfer.left <= 0n, { left: transfer.left.toString() }),
    check(facts.barred ?? 'before_start_date', facts.barred !== null),
    check('currency_differs', transfer.leftOrdered.currency !== dispute.currency, {
      dispute: dispute.currency,
      transfer: transfer.leftOrdered.currency,
    }),
    check('dispute_open', waits, { dispute: dispute.status }),
    check('waits_for_transfer', transfer.status !== 'succeeded', { transfer: transfer.status }),
    check('became_debt', isForGood(facts, amount), figures),
    check('seller_balance_short', short, figures),
    check('paused', facts.paused),
  ]
}

/** Takes the seller's share of a disputed payment back, out of one transfer. */
export function planDisputeReversal(facts: DisputeShareFacts, representable: Representable): Plan {
  const { transfer } = facts
  const amount = shareOfDispute(facts)
  const checks = reversalChecks(facts, amount)
  const move = (): Decision => ({
    to: 'move',
    amount,
    instruction: {
      do: 'reversal',
      currency: transfer.currency,
      amount: representable(amount, transfer.currency),
      transferId: transfer.providerId ?? '',
    },
  })
  const made = decide(checks, amount, move)
  return {
    kind: 'reversal',
    source: sourceOf(facts),
    parties: { ...transfer.parties, cycleId: null },
    currency: transfer.currency,
    original: originalOf(facts, partTaken(facts, transfer.leftOrdered)),
    account: facts.account?.id ?? null,
    checks,
    decision: made.decision,
    facts: {
      dispute: facts.dispute.id,
      withdrawn: facts.withdrawn.toString(),
      paid: facts.paid.toString(),
      left: transfer.left.toString(),
      ...made.facts,
    },
  }
}

/** Gives back what was taken for a dispute that was won, or won in part, after all. */
export function planDisputeRestitution(
  facts: DisputeShareFacts,
  representable: Representable,
): Plan {
  const { transfer, account, platform } = facts
  const amount = isEnded(facts.dispute.status) ? facts.reversed - shareOfDispute(facts) : 0n
  const checks = [
    check('seller_unknown', account === null, { seller: transfer.parties.sellerId }),
    check('seller_restricted', account?.standing !== 'open' || !account.transfersActive, {
      account: account?.id ?? null,
      disabledReason: account?.disabledReason ?? null,
    }),
    check('platform_balance_short', platform === null || platform < amount, {
      available: platform?.toString() ?? null,
      owed: amount.toString(),
    }),
    check('paused', facts.paused),
  ]
  const move = (): Decision => ({
    to: 'move',
    amount,
    instruction: {
      do: 'transfer',
      currency: transfer.currency,
      amount: representable(amount, transfer.currency),
      destination: account?.id ?? '',
      sourceCharge: null,
      group: transfer.parties.purchaseId,
    },
  })
  const made =
    amount <= 0n
      ? { decision: { to: 'nothing' } as const, facts: {} }
      : decide(checks, amount, move)
  return {
    kind: 'restitution',
    source: sourceOf(facts),
    parties: { ...transfer.parties, cycleId: null },
    currency: transfer.currency,
    original: originalOf(facts, facts.reversedOrdered - partTaken(facts, transfer.leftOrdered)),
    account: account?.id ?? null,
    checks,
    decision: made.decision,
    facts: { dispute: facts.dispute.id, reversed: facts.reversed.toString(), ...made.facts },
  }
}

/** The debt that stands for a reversal which the seller could not bear. */
export function debtOfDispute(facts: DisputeShareFacts, plan: Plan): NewDebt | null {
  const { decision, parties, currency } = plan
  if (decision.to !== 'cancel' || decision.reason !== 'became_debt') return null
  const original = decision.amount ?? 0n
  if (parties.sellerId === null || original <= 0n) return null
  return {
    sellerId: parties.sellerId,
    currency,
    source: { type: 'dispute', id: facts.dispute.id, part: facts.transfer.id },
    purchaseId: parties.purchaseId,
    original,
    collectable: original,
    facts: { dispute: facts.dispute.id, order: parties.orderId, transfer: facts.transfer.id },
  }
}

/** What of a dispute's debt is not owed any more, because the dispute was won after all. */
export function givenUpOf(facts: DisputeShareFacts, debt: Debt): bigint {
  const open = openOf(debt)
  const owed = shareOfDispute(facts) - debt.setOff - debt.writtenOff
  if (owed <= 0n) return open
  return open > owed ? open - owed : 0n
}
