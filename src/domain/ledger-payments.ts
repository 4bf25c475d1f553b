import type { Currency } from './currency.ts'
import {
  type Flow,
  type LedgerEvent,
  type Posting,
  entriesOf,
  escrowOf,
  flow,
  posting,
} from './ledger.ts'

/** A payment, as the books name it. */
export interface BookedPayment {
  readonly id: string
  readonly purchaseId: string | null
  readonly currency: Currency
}

/**
 * What was captured and is not in the books yet, whoever captured it. Minor units.
 * @param total all that was captured so far: it names the posting
 */
export function capturedPosting(payment: BookedPayment, total: bigint, rise: bigint): Posting {
  const step = flow('customer', escrowOf(payment.purchaseId), rise)
  return postingOf(payment, `captured:${total}`, 'payment_captured', step)
}

/**
 * What a purchase holds for no order of the marketplace is the operator's own sale: known once the
 * purchase is decided, and the same whether a capture of ours or the customer's checkout took it.
 * Null: the books have it. Minor units.
 * @param booked what the books have of it; an order that comes to light later takes its part back
 * @param postings how many postings there are: their keys count on
 */
export function ownGoodsPosting(
  payment: BookedPayment,
  amount: bigint,
  { booked, postings }: { readonly booked: bigint; readonly postings: number },
): Posting | null {
  if (amount === booked) return null
  const step = flow(escrowOf(payment.purchaseId), 'operator_sales', amount - booked)
  return postingOf(payment, `own_goods:${postings + 1}`, 'own_goods', step)
}

function postingOf(payment: BookedPayment, name: string, event: LedgerEvent, step: Flow): Posting {
  return posting({
    key: `payment:${payment.id}:${name}`,
    event,
    currency: payment.currency,
    parties: {
      movementId: null,
      paymentId: payment.id,
      orderId: null,
      purchaseId: payment.purchaseId,
      sellerId: null,
      cycleId: null,
    },
    entries: entriesOf([step]),
  })
}
