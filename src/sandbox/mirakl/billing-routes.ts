import type { AccountingDocument, Cycle, LogLine } from './accounting-model.ts'
import { confirmCycle } from './billing.ts'
import { cycleView, documentView, logLineView } from './billing-view.ts'
import { fieldsOf, listOfFields, readJson } from './body.ts'
import type { Fields } from './body.ts'
import { offsetPage, openSeek, seekPage, wholeNumber } from './paging.ts'
import { choice, dateOf, listOf, numbers, repeated } from './query.ts'
import { badRequest, noContent } from './reply.ts'
import type { Call, Route } from './router.ts'
import type { Store } from './store.ts'

/** IV01, IV07, SBC11, SBC07 and TL02. */
export function billingRoutes(store: Store): Route[] {
  const cycles = '/api/seller-billing-cycles'
  return [
    { code: 'IV01', method: 'GET', path: '/api/invoices', answer: call => invoices(store, call) },
    {
      code: 'IV07',
      method: 'PUT',
      path: '/api/invoices/confirm',
      answer: call => confirmInvoices(store, call),
    },
    { code: 'SBC11', method: 'GET', path: cycles, answer: call => listCycles(store, call) },
    { code: 'SBC07', method: 'PUT', path: cycles, answer: call => confirmCycles(store, call) },
    {
      code: 'TL02',
      method: 'GET',
      path: '/api/sellerpayment/transactions_logs',
      answer: call => listLog(store, call),
    },
  ]
}

function invoices(store: Store, { url, query }: Call): Response {
  const types = ['AUTO_INVOICE', 'MANUAL_INVOICE', 'MANUAL_CREDIT', 'ALL']
  // By default manual documents are hidden: the cycle's invoice already contains them (IV01).
  const type = choice(query, 'type', types) ?? 'AUTO_INVOICE'
  const status = choice(query, 'payment_status', ['PENDING', 'PAID', 'FAILED'])
  const shop = wholeNumber(query, 'shop')
  const from = dateOf(query, 'start_date')
  const to = dateOf(query, 'end_date')
  const currency = query.get('currency')
  const voucher = query.get('payment_voucher_number')
  const states = listOf(query, 'states') ?? ['GENERATED', 'COMPLETE']
  const psp = listOf(query, 'pay_out_psp_codes')
  const ids = numbers(manyOf(query, 'invoice_id'), 'invoice_id')
  const cycles = manyOf(query, 'seller_billing_cycle_id')
  const wanted = (document: AccountingDocument): boolean =>
    (type === 'ALL' || document.type === type) &&
    (status === undefined || document.payment.state === status) &&
    (shop === undefined || document.shopId === shop) &&
    document.createdAt >= wholeSecond(from ?? 0) &&
    wholeSecond(document.createdAt) <= (to ?? Infinity) &&
    (currency === null || document.currency === currency) &&
    (voucher === null || document.cycle?.voucher === voucher) &&
    states.includes('COMPLETE') &&
    (psp === undefined || psp.includes(document.cycle?.payOutPspCode ?? 'NOT_SPECIFIED')) &&
    (ids === undefined || ids.has(document.invoiceId)) &&
    (cycles === undefined || cycles.includes(document.cycle?.id ?? ''))
  const filters = new URLSearchParams(query)
  filters.delete('offset')
  const rows = store.remember(`IV01 ${filters}`, () => store.documents.filter(wanted))
  const ordered = choice(query, 'order', ['asc', 'desc']) === 'desc' ? rows.toReversed() : rows
  return offsetPage(url, 'invoices', ordered, document => documentView(store, document))
}

/** IV01's id lists are seen both as one comma list and as a repeated key. */
function manyOf(query: URLSearchParams, name: string): string[] | undefined {
  return repeated(query, name)?.flatMap(value => value.split(','))
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000
}

const invoiceKeys = [
  'invoice_id',
  'amount',
  'currency_iso_code',
  'reference',
  'transaction_date',
  'failure_reason',
  'confirm_linked_manual_documents',
]

async function confirmInvoices(store: Store, { request }: Call): Promise<Response> {
  requireConfirmation(store)
  const body = fieldsOf(await readJson(request), 'body', ['accounting_documents'])
  const elements = listOfFields(
    body.raw('accounting_documents'),
    'accounting_documents',
    invoiceKeys,
  )
  const accepted = elements.map(fields => {
    const invoiceId = fields.integer('invoice_id')
    const cycle = store.documentsByNumber.get(invoiceId)?.cycle
    if (cycle === undefined || cycle.invoiceId !== invoiceId) {
      throw badRequest(`Unable to find the accounting document with id ${invoiceId}`)
    }
    const failed = fields.has('failure_reason')
    checkConfirmation(store, fields, cycle, 'amount')
    if (!failed && !fields.has('transaction_date')) {
      throw badRequest('transaction_date is required for a successful payment')
    }
    return { fields, cycle, failed }
  })
  for (const { fields, cycle, failed } of accepted) {
    confirm(store, fields, cycle, failed)
    if (fields.boolean('confirm_linked_manual_documents') !== true || failed) continue
    for (const document of store.documents) {
      if (document.cycle === cycle) document.payment = cycle.payment
    }
  }
  return noContent()
}

const cycleKeys = [
  'id',
  'amount_transferred_to_seller',
  'state',
  'currency_iso_code',
  'reference',
  'transaction_date',
  'failure_reason',
]

async function confirmCycles(store: Store, { request }: Call): Promise<Response> {
  requireConfirmation(store)
  const body = fieldsOf(await readJson(request), 'body', ['seller_billing_cycles'])
  const elements = listOfFields(
    body.raw('seller_billing_cycles'),
    'seller_billing_cycles',
    cycleKeys,
  )
  const accepted = elements.map(fields => {
    const id = fields.identifier('id')
    const cycle = store.cycles.get(id)
    if (cycle === undefined) throw badRequest(`Unable to find the seller billing cycle ${id}`)
    const failed = fields.word('state', ['PAID', 'FAILED']) === 'FAILED'
    checkConfirmation(store, fields, cycle, 'amount_transferred_to_seller')
    return { fields, cycle, failed }
  })
  for (const { fields, cycle, failed } of accepted) confirm(store, fields, cycle, failed)
  return noContent()
}

function requireConfirmation(store: Store): void {
  if (!store.settings.paymentConfirmation) {
    throw badRequest('The payment confirmation feature is not enabled')
  }
}

function checkConfirmation(store: Store, fields: Fields, cycle: Cycle, key: string): void {
  if (cycle.payment.state === 'PAID') throw badRequest('The payment is already confirmed')
  const currency = fields.optionalText('currency_iso_code')
  if (currency !== undefined && currency !== cycle.currency) {
    throw badRequest(`The currency ${currency} is not the expected ${cycle.currency}`)
  }
  const amount = fields.amount(key, cycle.currency)
  if (store.settings.wrongAmountRefused && amount !== cycle.toSeller) {
    throw badRequest(`The ${key} is not the amount of the document`)
  }
  if ((fields.optionalText('reference')?.length ?? 0) > 100) {
    throw badRequest('reference must be at most 100 characters')
  }
  if (fields.has('failure_reason')) {
    fields.word('failure_reason', ['INCOMPLETE_KYC', 'AWAITING_INVOICE_CHECK'])
  }
  fields.date('transaction_date')
}

function confirm(store: Store, fields: Fields, cycle: Cycle, failed: boolean): void {
  const reference = fields.optionalText('reference')
  const date = fields.date('transaction_date')
  confirmCycle(store, cycle, {
    ...(reference === undefined ? {} : { reference }),
    ...(date === undefined ? {} : { date }),
    failed,
    ...(fields.has('failure_reason') ? { failureReason: fields.text('failure_reason') } : {}),
  })
}

function listCycles(store: Store, { url }: Call): Response {
  const seek = openSeek(url)
  const { query } = seek
  const states = repeated(query, 'pay_out_state')
  const shops = numbers(repeated(query, 'shop_id'), 'shop_id')
  const ids = repeated(query, 'id')
  const currencies = repeated(query, 'currency')
  const vouchers = repeated(query, 'payment_voucher_number')
  const psp = repeated(query, 'pay_out_psp_code')
  const from = dateOf(query, 'start_date')
  const to = dateOf(query, 'end_date')
  for (const state of states ?? []) {
    if (!['TO_PAY', 'PAID', 'FAILED'].includes(state)) throw badRequest('Invalid pay_out_state')
  }
  const stateOf = (cycle: Cycle): string =>
    cycle.payment.state === 'PENDING' ? 'TO_PAY' : cycle.payment.state
  const wanted = (cycle: Cycle): boolean =>
    (states?.includes(stateOf(cycle)) ?? true) &&
    (shops?.has(cycle.shopId) ?? true) &&
    (ids?.includes(cycle.id) ?? true) &&
    (currencies?.includes(cycle.currency) ?? true) &&
    (vouchers?.includes(cycle.voucher) ?? true) &&
    (psp?.includes(cycle.payOutPspCode) ?? true) &&
    cycle.createdAt >= wholeSecond(from ?? 0) &&
    wholeSecond(cycle.createdAt) <= (to ?? Infinity)
  const rows = [...store.cycles.values()].filter(wanted)
  const options = { maxLimit: 1000, defaultOrder: 'ASC' } as const
  return seekPage(seek, rows, cycle => cycleView(store, cycle), options)
}

function listLog(store: Store, { url }: Call): Response {
  const seek = openSeek(url)
  const { query } = seek
  const cycles = repeated(query, 'seller_billing_cycle_id')
  const types = repeated(query, 'transaction_type')
  const states = repeated(query, 'payment_state')
  const orders = repeated(query, 'order_id')
  const orderLines = repeated(query, 'order_line_id')
  const shops = numbers(repeated(query, 'shop_id'), 'shop_id')
  const documentNumber = query.get('accounting_document_number')
  const from = dateOf(query, 'date_created_from')
  const to = dateOf(query, 'date_created_to')
  const updated = dateOf(query, 'last_updated_from')
  const wanted = ({ subject, ...line }: LogLine): boolean =>
    (cycles?.includes(line.cycle.id) ?? true) &&
    (types?.includes(line.type) ?? true) &&
    (states?.includes(line.state) ?? true) &&
    (orders?.includes(subject.order?.id ?? subject.service?.id ?? '') ?? true) &&
    (orderLines?.includes(subject.line?.id ?? '') ?? true) &&
    (shops?.has(line.cycle.shopId) ?? true) &&
    (documentNumber === null || Number(documentNumber) === line.cycle.invoiceId) &&
    line.createdAt >= (from ?? 0) &&
    line.createdAt <= (to ?? Infinity) &&
    line.updatedAt >= (updated ?? 0)
  const filters = new URLSearchParams(query)
  for (const name of ['after', 'before', 'limit']) filters.delete(name)
  const rows = store.remember(`TL02 ${filters}`, () => store.logLines.filter(wanted))
  const options = { maxLimit: 2000, defaultOrder: 'ASC' } as const
  return seekPage(seek, rows, line => logLineView(store, line), options)
}
