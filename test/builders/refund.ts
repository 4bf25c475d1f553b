import type { RefundFacts } from '../../src/domain/plan-refund.ts'
import type { RestitutionFacts, ReversalFacts } from '../../src/domain/plan-reversal.ts'
import type { RefundCase } from '../../src/domain/refund.ts'
import { paymentOf } from './payment.ts'
import { accountOf } from './seller.ts'

/** A refund of 30.00 on order C1-A that gives back 3.00 of the commission. */
export function refundOf(change: Partial<RefundCase> = {}): RefundCase {
  return {
    id: 'R1',
    domain: 'product',
    orderId: 'C1-A',
    lineId: 'L1',
    purchaseId: 'C1',
    sellerId: '2001',
    amount: 3_000n,
    currency: 'EUR',
    share: 3_000n,
    commission: 300n,
    tax: 0n,
    releasedBy: null,
    ...change,
  }
}

/** A refund that the marketplace waits for, of a captured payment. */
export function refundFacts(change: Partial<RefundFacts> = {}): RefundFacts {
  return {
    refund: refundOf(),
    payment: paymentOf({ status: 'captured' }),
    listed: true,
    captureAsked: false,
    capturedLess: false,
    held: false,
    unreadable: null,
    paused: false,
    barred: null,
    ...change,
  }
}

/** Its reversal: the transfer of 90.00 is done, and the seller has it. */
export function reversalFacts(change: Partial<ReversalFacts> = {}): ReversalFacts {
  return {
    refund: refundOf(),
    side: 'seller',
    standing: 'stands',
    transfer: {
      providerId: 'tr_1',
      part: '',
      status: 'succeeded',
      currency: 'EUR',
      left: 9_000n,
      leftOrdered: 9_000n,
    },
    account: 'acct_1',
    owed: 2_700n,
    netted: false,
    sequence: 1,
    balance: { available: 9_000n, pending: 0n },
    refusedShort: false,
    paused: false,
    ...change,
  }
}

/** The reversal was made and the refund came back. */
export function restitutionFacts(change: Partial<RestitutionFacts> = {}): RestitutionFacts {
  return {
    refund: refundOf(),
    side: 'seller',
    standing: 'refused',
    account: accountOf(),
    taken: { amount: 2_700n, currency: 'EUR', original: null },
    group: 'C1',
    sequence: 1,
    platform: 3_000n,
    paused: false,
    ...change,
  }
}
