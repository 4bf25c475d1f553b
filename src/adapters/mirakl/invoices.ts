import type { Currency } from '../../domain/currency.ts'
import type { Json } from '../../domain/json.ts'
import { formatDecimal } from '../../domain/money.ts'
import type { Cycle } from '../../domain/settlement.ts'
import type { CycleConfirmation, Page, Reading, Told } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import type { Client } from './client.ts'
import { cycleParts, paidParts, payStateOf } from './cycle-reading.ts'
import { portions, type Query, timeText } from './endpoints.ts'
import {
  amountOf,
  amountOrNull,
  at,
  currencyOf,
  dateOf,
  type Field,
  isMissing,
  readingOf,
  rootField,
  nameOf,
  nameOrNull,
} from './fields.ts'
import { decimal } from './lossless-json.ts'
import { offsetPages, type Reader, rowsUnder } from './pages.ts'
import { toldOf } from './told.ts'

/** Which cycles; filters that are given together all hold. */
export interface CycleQuery {
  readonly createdSince?: Date
  readonly sellerId?: string
  readonly ids?: readonly string[]
}

/** Billing cycles as invoices (IV01). Once a day, unless single ones or one seller are looked up. */
export function readInvoices(
  reader: Reader,
  gate: Gate,
  query: CycleQuery,
  fallback?: Currency,
): AsyncIterable<Page<Cycle>> {
  const pages = lookUp(reader, query, fallback)
  const isLookUp = query.ids !== undefined || query.sellerId !== undefined
  return isLookUp ? pages : countRun(gate, 'IV01', pages)
}

async function* lookUp(
  reader: Reader,
  query: CycleQuery,
  fallback?: Currency,
): AsyncGenerator<Page<Cycle>> {
  const common: Query = [
    ...(query.createdSince === undefined
      ? []
      : [['start_date', timeText(query.createdSince)] as const]),
    ...(query.sellerId === undefined ? [] : [['shop', query.sellerId] as const]),
  ]
  // A draft goes by its uuid, which IV01 cannot be asked for.
  const numbers = query.ids?.filter(isInvoiceNumber)
  const parts = numbers === undefined ? [[]] : portions([...new Set(numbers)])
  for (const ids of parts) {
    yield* offsetPages(reader, {
      code: 'IV01',
      query: [...common, ...ids.map(id => ['invoice_id', id] as const)],
      rows: rowsUnder('invoices'),
      read: raw => (isManual(raw) ? null : readInvoice(raw, fallback)),
    })
  }
}

/** Manual documents are part of their cycle's invoice already (`other_invoices`, `other_credits`). */
function isManual(raw: Json): boolean {
  const { value } = at(rootField(raw), 'type')
  return typeof value === 'string' && value.startsWith('MANUAL_')
}

/** One AUTO_INVOICE of IV01, or set aside with the field that could not be read. */
export function readInvoice(raw: Json, fallback?: Currency): Reading<Cycle> {
  return readingOf(raw, [['invoice_id'], ['id']], root => invoiceOf(root, fallback))
}

function invoiceOf(root: Field, fallback: Currency | undefined): Cycle {
  const currency = currencyOf(at(root, 'currency_iso_code'), fallback)
  const number = at(root, 'invoice_id')
  const summary = at(root, 'summary')
  const operator = amountOrNull(at(summary, 'amount_transferred_to_operator'), currency)
  return {
    // Issued documents have a number; a draft has its uuid only.
    id: nameOf(isMissing(number) ? at(root, 'id') : number),
    feed: 'invoices',
    sellerId: nameOf(at(root, 'shop_id')),
    currency,
    createdAt: dateOf(at(root, 'date_created')),
    final: !isMissing(number) && at(root, 'state').value !== 'DRAFT',
    payState: payStateOf(at(root, 'payment', 'state')),
    payOutPspCode: nameOrNull(at(root, 'pay_out_psp_code')) ?? 'NOT_SPECIFIED',
    amount: amountOf(at(summary, 'amount_transferred'), currency),
    amountToOperator: operator ?? 0n,
    ...cycleParts(summary, currency),
  }
}

/** Tells what became of an invoice's payment (IV07), its manual documents included. */
export async function confirmInvoice(
  client: Client,
  confirmation: CycleConfirmation,
): Promise<Told> {
  const { cycle, paid, reference, failureReason } = confirmation
  if (!isInvoiceNumber(cycle.id))
    return {
      result: 'refused',
      message: `"${cycle.id}" is a draft: only issued invoices are paid.`,
    }
  if (!paid && failureReason === undefined)
    return {
      result: 'refused',
      message:
        'IV07 cannot say that a payment failed without one of its two reasons (INCOMPLETE_KYC, AWAITING_INVOICE_CHECK).',
    }
  const document = {
    invoice_id: decimal(cycle.id),
    amount: decimal(formatDecimal(cycle)),
    currency_iso_code: cycle.currency,
    // Its `failure_reason` is what marks a document as FAILED; there is no state to send.
    ...(paid ? paidParts(reference, confirmation.at) : { failure_reason: failureReason }),
    confirm_linked_manual_documents: true,
  }
  return toldOf(await client.write('IV07', { accounting_documents: [document] }))
}

function isInvoiceNumber(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id)
}
