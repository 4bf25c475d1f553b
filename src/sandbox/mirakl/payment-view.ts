import { sum, toJson } from './decimal.ts'
import {
  debitAmount,
  isLive,
  lineDebit,
  lineGross,
  removalDebit,
  removalGross,
} from './line-amount.ts'
import type { Debit, Order } from './model.ts'
import { fundingView } from './order-view.ts'
import { patched } from './reply.ts'
import type { Store } from './store.ts'

/** One element of PA11, also what the customer debit connector is sent. */
export function debitView(store: Store, debit: Debit): unknown {
  const { order } = debit
  const lines = order.lines.filter(line => isLive(line) && debit.lineIds.includes(line.id))
  const view = {
    amount: toJson(debitAmount(order, debit.lineIds), order.currency),
    currency_iso_code: order.currency,
    customer_id: order.customer.id,
    debit_entity: { id: debit.entityId, type: debit.entityType },
    imprint_number: order.imprintNumber,
    order_commercial_id: order.commercialId,
    order_id: order.id,
    order_lines: {
      order_line: lines.map(line => ({
        offer_id: String(line.offerId),
        order_line_amount: toJson(lineDebit(line, order.taxMode), order.currency),
        order_line_id: line.id,
        order_line_quantity: line.quantity,
        ...(line.funding === 0n
          ? {}
          : { funding: fundingView(line.funding, lineGross(line, order.taxMode), order) }),
      })),
    },
    pay_out_psp_code: order.payOutPspCode,
    payment_destination: null,
    payment_type: order.paymentType,
    // A string here, a number in OR11.
    shop_id: String(order.shopId),
  }
  return patched(view, store.corruptions.get(`debit:${debit.entityId}`))
}

/** One element of PA12: an order with all its refunds that wait for their payment. */
export function refundOrderView(order: Order): unknown {
  const lines = order.lines
    .map(line => ({
      line,
      refunds: line.refunds.filter(refund => refund.state === 'WAITING_REFUND_PAYMENT'),
    }))
    .filter(entry => entry.refunds.length > 0)
  const money = (amount: bigint): object => toJson(amount, order.currency)
  const total = sum(
    lines.flatMap(({ refunds }) => refunds.map(refund => removalDebit(refund, order.taxMode))),
  )
  return {
    amount: money(total),
    currency_iso_code: order.currency,
    customer_id: order.customer.id,
    imprint_number: order.imprintNumber,
    order_commercial_id: order.commercialId,
    order_id: order.id,
    order_lines: {
      order_line: lines.map(({ line, refunds }) => ({
        offer_id: String(line.offerId),
        order_line_amount: money(sum(refunds.map(one => removalDebit(one, order.taxMode)))),
        order_line_id: line.id,
        order_line_quantity: line.quantity,
        refunds: {
          refund: refunds.map(refund => ({
            amount: money(removalDebit(refund, order.taxMode)),
            id: refund.id,
            ...(refund.funding === 0n
              ? {}
              : {
                  funding: fundingView(refund.funding, removalGross(refund, order.taxMode), order),
                }),
          })),
        },
      })),
    },
    pay_out_psp_code: order.payOutPspCode,
    payment_destination: null,
    payment_type: order.paymentType,
    payment_workflow: order.workflow,
    shop_id: String(order.shopId),
  }
}
