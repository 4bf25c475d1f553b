import type { Currency } from '../../domain/currency.ts'
import type { CycleLine } from '../../domain/cycle-contents.ts'
import type { Json } from '../../domain/json.ts'
import type { Cycle } from '../../domain/settlement.ts'
import type { Page, Reading } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import {
  amountOf,
  at,
  currencyOf,
  type Field,
  readingOf,
  rootField,
  nameOf,
  Unreadable,
} from './fields.ts'
import { type Reader, rowsUnder, seekPages } from './pages.ts'

/** TL02 takes 2000 where the others take 100: nearly every cycle is one page. */
const linesPerPage = 2000

/** Digits of an accounting document's number, which is its `invoice_id` with zeros before it. */
const numberLength = 12

/** The lines of one cycle (TL02), each a signed amount of an order, a refund or something else. */
export function readCycleLines(
  reader: Reader,
  gate: Gate,
  { id, feed, currency }: Pick<Cycle, 'id' | 'feed' | 'currency'>,
): AsyncIterable<Page<CycleLine>> {
  const cycle =
    feed === 'invoices'
      ? (['accounting_document_number', id.padStart(numberLength, '0')] as const)
      : (['seller_billing_cycle_id', id] as const)
  const pages = seekPages(reader, {
    code: 'TL02',
    query: [cycle],
    rows: rowsUnder('data'),
    read: raw => readCycleLine(raw, currency),
    pageSize: linesPerPage,
  })
  return countRun(gate, 'TL02', pages)
}

/** One line, or set aside with the field; null: the payout of the cycle itself, which nets it. */
export function readCycleLine(raw: Json, currency: Currency): Reading<CycleLine> | null {
  if (at(rootField(raw), 'type').value === 'PAYMENT') return null
  return readingOf(raw, [['id']], root => lineOf(root, currency))
}

/**
 * Types of lines whose money a transfer, a reversal or a restitution moves. Everything else (the
 * seller's fees, reserves, what is not known yet) belongs to no order here, even where it names one.
 */
const ofSale =
  /^(ORDER_(SHIPPING_)?AMOUNT(_TAX)?|COMMISSION_(FEE|VAT)|OPERATOR_REMITTED_ORDER_(SHIPPING_)?AMOUNT_TAX)$/
const ofRefund =
  /^(REFUND_ORDER_(SHIPPING_)?AMOUNT(_TAX)?|REFUND_COMMISSION_(FEE|VAT)|OPERATOR_REMITTED_REFUND_ORDER_(SHIPPING_)?AMOUNT_TAX)$/

function lineOf(root: Field, currency: Currency): CycleLine {
  const type = nameOf(at(root, 'type'))
  const named = at(root, 'currency_iso_code')
  if (currencyOf(named) !== currency)
    throw new Unreadable(named.path, `not the cycle's ${currency}`)
  const order = at(root, 'entities', 'order', 'id')
  const refund = at(root, 'entities', 'refund', 'id')
  const isRefund = ofRefund.test(type)
  return {
    id: nameOf(at(root, 'id')),
    orderId: isRefund || ofSale.test(type) ? nameOf(order) : null,
    refundId: isRefund ? nameOf(refund) : null,
    amount: amountOf(at(root, 'amount'), currency),
  }
}
