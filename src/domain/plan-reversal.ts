import { type Part, takenFrom } from './conversion.ts'
import type { Currency } from './currency.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Money } from './money.ts'
import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import { refundParties } from './plan-refund.ts'
import type { MovementParties } from './movement.ts'
import type { RefundCase } from './refund.ts'
import type { Account } from './seller.ts'

/**
 * How far a refund is: `open` not asked, `asked` without an answer, `stands` accepted or done (the
 * customer has the money, or gets it), `refused` for good or taken back.
 */
export type RefundStanding = 'open' | 'asked' | 'stands' | 'refused'

/** The transfer that a reversal takes from. Minor units of the currencies that are named. */
export interface ReversedTransfer {
  /** The provider's id; null while the transfer has none. */
  readonly providerId: string | null
  /** '' the order's transfer, `funding` what the operator's promotion added to it. */
  readonly part: string
  readonly status: MovementStatus
  /** What it was sent in; the refund's unless the payment settled in another one. */
  readonly currency: Currency
  /** What other reversals have left of it, in its currency. */
  readonly left: bigint
  /** The same in the refund's currency; equal to `left` when nothing was converted. */
  readonly leftOrdered: bigint
}

/**
 * What a refund takes or gives back: the seller's part, the tax of the tax account, or the commission
 * that exceeds what was refunded, which the seller is owed.
 */
export type RefundSide = 'seller' | 'tax' | 'commission'

export interface ReversalFacts {
  readonly refund: RefundCase
  readonly side: RefundSide
  readonly standing: RefundStanding
  readonly transfer: ReversedTransfer
  /** The provider's account that the transfer went to. */
  readonly account: string | null
  /** What is given back out of this transfer, in the refund's currency; null: not known yet. */
  readonly owed: bigint | null
  /** The transfer was made net of this refund: nothing is taken back a second time. */
  readonly netted: boolean
  /** One more than the restitutions of this refund. */
  readonly sequence: number
  /** The account's balance in the transfer's currency; null: not read, as nothing could go anyway. */
  readonly balance: { readonly available: bigint; readonly pending: bigint } | null
  /** The provider refused this reversal once because the balance was too small. */
  readonly refusedShort: boolean
  readonly paused: boolean
}

/**
 * Is the account's balance too small? Stripe takes a reversal from pending money while the transfer
 * itself is pending, and from available money afterwards; which of the two it is shows when it is
 * asked. After one refusal only available money counts.
 */
function isShort({ balance, refusedShort }: ReversalFacts, amount: bigint): boolean {
  if (balance === null) return true
  return (
    balance.available < amount && (refusedShort || balance.available + balance.pending < amount)
  )
}

function checks(facts: ReversalFacts, amount: bigint): Check[] {
  const { refund, transfer, standing, balance } = facts
  const owed = facts.owed ?? 0n
  const unfinished = ['pending', 'submitted', 'accepted'].includes(transfer.status)
  return [
    check('refund_refused', standing === 'refused'),
    check('transfer_net_of_refund', facts.netted),
    check('transfer_spent', facts.owed !== null && facts.owed > 0n && transfer.left <= 0n, {
      left: transfer.left.toString(),
    }),
    // A part of a unit, where a unit of the transfer's currency is worth many of the refund's.
    check('amount_not_positive', owed > 0n && transfer.left > 0n && amount === 0n),
    check('waits_for_refund', standing === 'open' || standing === 'asked'),
    check('waits_for_transfer', unfinished, { transfer: transfer.status }),
    check('amount_unreadable', facts.owed === null, { refund: refund.id }),
    check(
      facts.side === 'tax' ? 'tax_balance_short' : 'seller_balance_short',
      isShort(facts, amount),
      {
        available: balance?.available.toString() ?? null,
        pending: balance?.pending.toString() ?? null,
        owed: amount.toString(),
      },
    ),
    check('paused', facts.paused),
  ]
}

/** Until an amount of the transfer is known, what is shown is in the refund's currency. */
function amountIn(
  { refund, transfer, netted }: ReversalFacts,
  owed: bigint,
  amount: bigint,
): { currency: Currency; original: Money | null } {
  if (transfer.currency === refund.currency || amount <= 0n || netted)
    return { currency: refund.currency, original: null }
  const ordered = owed < transfer.leftOrdered ? owed : transfer.leftOrdered
  return {
    currency: transfer.currency,
    original: { amount: ordered, currency: refund.currency },
  }
}

/**
 * Takes back from the seller what a refund costs the seller, or from the tax account the refunded
 * tax; never more than the transfer has left.
 */
export function planReversal(facts: ReversalFacts, representable: Representable): Plan {
  const { refund, transfer } = facts
  const owed = facts.owed ?? 0n
  const { currency, left, leftOrdered } = transfer
  const amount = takenFrom({ ordered: leftOrdered, sent: left }, owed)
  const list = checks(facts, amount)
  const move = (): Decision => ({
    to: 'move',
    amount,
    instruction: {
      do: 'reversal',
      currency,
      amount: representable(amount, currency),
      transferId: transfer.providerId ?? '',
    },
  })
  // A transfer that is still on hold is made net of the refund, when it is made.
  const unasked = ['on_hold', 'failed', 'canceled'].includes(transfer.status)
  const nothing = unasked || facts.owed === 0n
  const shown = facts.netted ? 0n : facts.owed === null ? null : amount > 0n ? amount : owed
  const made = nothing
    ? { decision: { to: 'nothing' } as const, facts: {} }
    : decide(list, shown, move)
  return {
    kind: facts.side === 'tax' ? 'tax_reversal' : 'reversal',
    source: { type: 'refund', id: refund.id, part: transfer.part, sequence: facts.sequence },
    parties: partiesOf(refund, facts.side),
    ...amountIn(facts, owed, amount),
    account: facts.account,
    checks: list,
    decision: made.decision,
    facts: {
      share: refund.share?.toString() ?? null,
      commission: refund.commission?.toString() ?? null,
      tax: refund.tax.toString(),
      ...made.facts,
    },
  }
}

function partiesOf(refund: RefundCase, side: RefundSide): MovementParties {
  const parties = refundParties(refund, null)
  // The tax account belongs to no seller.
  return side === 'tax' ? { ...parties, sellerId: null } : parties
}

export interface RestitutionFacts {
  readonly refund: RefundCase
  readonly side: RefundSide
  readonly standing: RefundStanding
  readonly account: Account | null
  /** What was taken for this refund, in the currency that it was taken in. */
  readonly taken: Part
  readonly group: string | null
  readonly sequence: number
  /** The platform's available balance in the currency of `taken`; null: not read. */
  readonly platform: bigint | null
  readonly paused: boolean
}

/**
 * Gives back what a refund took that did not reach the customer after all: to the seller, or to the
 * tax account (part `tax`). The part `commission` gives the seller what a refund that stands leaves
 * to the seller; its facts are those of the mirror.
 */
export function planRestitution(facts: RestitutionFacts, representable: Representable): Plan {
  const { refund, account, side } = facts
  const { amount: taken, currency, original } = facts.taken
  const isClosed = account?.standing !== 'open' || !account.transfersActive
  const list = [
    check('seller_unknown', account === null && side !== 'tax', { seller: refund.sellerId }),
    check(side === 'tax' ? 'tax_account_unusable' : 'seller_restricted', isClosed, {
      account: account?.id ?? null,
      disabledReason: account?.disabledReason ?? null,
    }),
    check('platform_balance_short', facts.platform === null || facts.platform < taken, {
      available: facts.platform?.toString() ?? null,
      owed: taken.toString(),
    }),
    check('paused', facts.paused),
  ]
  const move = (): Decision => ({
    to: 'move',
    amount: taken,
    instruction: {
      do: 'transfer',
      currency,
      amount: representable(taken, currency),
      destination: account?.id ?? '',
      sourceCharge: null,
      group: facts.group,
    },
  })
  const nothing = taken <= 0n || facts.standing !== 'refused'
  const made = nothing
    ? { decision: { to: 'nothing' } as const, facts: {} }
    : decide(list, taken, move)
  return {
    kind: 'restitution',
    source: {
      type: 'refund',
      id: refund.id,
      part: side === 'seller' ? '' : side,
      sequence: facts.sequence,
    },
    parties: partiesOf(refund, side),
    currency,
    original,
    account: account?.id ?? null,
    checks: list,
    decision: made.decision,
    facts: made.facts,
  }
}
