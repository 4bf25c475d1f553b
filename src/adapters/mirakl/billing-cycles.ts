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
  readingOf,
  nameOf,
  nameOrNull,
} from './fields.ts'
import type { CycleQuery } from './invoices.ts'
import { decimal } from './lossless-json.ts'
import { type Reader, rowsUnder, seekPages } from './pages.ts'
import { toldOf } from './told.ts'

/** Billing cycles (SBC11), for tenants where one cycle is not one invoice. Once a day like IV01. */
export function readBillingCycles(
  reader: Reader,
  gate: Gate,
  query: CycleQuery,
  fallback?: Currency,
): AsyncIterable<Page<Cycle>> {
  const pages = lookUp(reader, query, fallback)
  const isLookUp = query.ids !== undefined || query.sellerId !== undefined
  return isLookUp ? pages : countRun(gate, 'SBC11', pages)
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
    ...(query.sellerId === undefined ? [] : [['shop_id', query.sellerId] as const]),
  ]
  const parts = query.ids === undefined ? [[]] : portions([...new Set(query.ids)])
  for (const ids of parts) {
    yield* seekPages(reader, {
      code: 'SBC11',
      query: [...common, ...ids.map(id => ['id', id] as const)],
      rows: rowsUnder('data'),
      read: raw => readBillingCycle(raw, fallback),
    })
  }
}

/** One cycle of SBC11, or set aside with the field that could not be read. */
export function readBillingCycle(raw: Json, fallback?: Currency): Reading<Cycle> {
  return readingOf(raw, [['id']], root => cycleOf(root, fallback))
}

function cycleOf(root: Field, fallback: Currency | undefined): Cycle {
  const currency = currencyOf(at(root, 'currency_iso_code'), fallback)
  return {
    id: nameOf(at(root, 'id')),
    feed: 'billing_cycles',
    sellerId: nameOf(at(root, 'shop', 'shop_id')),
    currency,
    createdAt: dateOf(at(root, 'date_created')),
    final: true,
    payState: payStateOf(at(root, 'pay_out', 'state')),
    payOutPspCode: nameOrNull(at(root, 'pay_out_psp_code')) ?? 'NOT_SPECIFIED',
    amount: amountOf(at(root, 'amount_transferred_to_seller'), currency),
    amountToOperator: amountOrNull(at(root, 'amount_transferred_to_operator'), currency) ?? 0n,
    ...cycleParts(at(root, 'summary'), currency),
  }
}

/** Tells what became of a cycle's payout (SBC07). */
export async function confirmBillingCycle(
  client: Client,
  confirmation: CycleConfirmation,
): Promise<Told> {
  const { cycle, paid, reference, failureReason } = confirmation
  const row = {
    id: cycle.id,
    amount_transferred_to_seller: decimal(formatDecimal(cycle)),
    currency_iso_code: cycle.currency,
    state: paid ? 'PAID' : 'FAILED',
    ...(paid ? paidParts(reference, confirmation.at) : { failure_reason: failureReason }),
  }
  return toldOf(await client.write('SBC07', { seller_billing_cycles: [row] }))
}
