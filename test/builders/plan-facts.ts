import type { CaptureFacts } from '../../src/domain/plan-capture.ts'
import type { DebitFacts } from '../../src/domain/plan-debit.ts'
import type { SettlementFacts } from '../../src/domain/plan-settlement.ts'
import type { TransferFacts } from '../../src/domain/plan-transfer.ts'
import type { Representable } from '../../src/domain/plan.ts'
import { balanceOf, cycleOf, noDebts } from './cycle.ts'
import { at } from './moments.ts'
import { orderOf } from './order.ts'
import { debitOf, paymentOf } from './payment.ts'
import { accountOf, sellerOf } from './seller.ts'

/** A provider that can express every amount. */
export const exact: Representable = amount => amount

/** A provider whose three-decimal amounts end in 0, as Stripe's do; rounded down. */
export const endsInZero: Representable = (amount, currency) =>
  currency === 'KWD' ? amount - (amount % 10n) : amount

/** A purchase of one confirmed order, ready to be captured. */
export function captureFacts(change: Partial<CaptureFacts> = {}): CaptureFacts {
  return {
    payment: paymentOf(),
    orders: [orderOf()],
    askedBack: 0n,
    now: at('10:00'),
    nearExpiry: 'wait',
    warnSeconds: 2 * 24 * 3600,
    paused: false,
    rival: null,
    unreadable: null,
    barred: null,
    ...change,
  }
}

/** An order that is paid, with a seller who is ready: free to be split. */
export function transferFacts(change: Partial<TransferFacts> = {}): TransferFacts {
  return {
    order: orderOf(),
    debited: null,
    seller: sellerOf(),
    account: accountOf(),
    payment: paymentOf({ status: 'captured' }),
    taxes: null,
    ourPspCodes: [],
    movedBefore: false,
    unreadable: null,
    disputed: null,
    paused: false,
    barred: null,
    ...change,
  }
}

/** A debit whose payment stands for it. */
export function debitFacts(change: Partial<DebitFacts> = {}): DebitFacts {
  return {
    debit: debitOf(),
    payment: paymentOf(),
    confirmedSoFar: 0n,
    leftOut: false,
    barred: null,
    paused: false,
    ...change,
  }
}

/** A cycle that nothing keeps from being paid out. */
export function settlementFacts(change: Partial<SettlementFacts> = {}): SettlementFacts {
  return {
    cycle: cycleOf(),
    seller: sellerOf(),
    account: accountOf(),
    balance: balanceOf(1_000_000n),
    platform: balanceOf(1_000_000n),
    remainder: 0n,
    sales: null,
    original: null,
    unfinished: {},
    partsDone: {},
    ourPspCodes: [],
    negativeCycles: 'ask',
    partsStanding: {},
    cycleDebt: null,
    debts: noDebts,
    payoutSequence: 1,
    bankRefused: false,
    needsApproval: false,
    paused: false,
    barred: null,
    ...change,
  }
}
