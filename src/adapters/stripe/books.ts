import type Stripe from 'stripe'
import { z } from 'zod'
import type { BookEntry, BookEntryKind } from '../../domain/book-entry.ts'
import type { BookLine, BookPage, BookQuery, EventSubject } from '../../workflows/ports.ts'
import { currencyOf, fromStripe, isKnownCurrency, UnreadableAmount } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { subjectOfObject } from './event-subjects.ts'
import { providerErrorOf } from './outcome.ts'
import { nextAfter, rowsOf } from './readings.ts'
import { idOf, reference, seconds } from './shapes.ts'

/**
 * A balance transaction with its source expanded. What some sources alone have says on which side of
 * a transfer the line stands.
 */
const bookShape = z.object({
  id: z.string(),
  amount: z.int(),
  available_on: seconds,
  created: seconds,
  currency: z.string(),
  exchange_rate: z.number().nullish(),
  fee: z.int(),
  net: z.int(),
  reporting_category: z.string(),
  source: z
    .union([
      z.string(),
      z.looseObject({
        id: z.string(),
        object: z.string(),
        source_transfer: reference.nullish(),
        source_transfer_reversal: reference.nullish(),
      }),
    ])
    .nullish(),
  type: z.string(),
})
type BookShape = z.infer<typeof bookShape>

/** https://docs.stripe.com/reports/balance-transaction-types, as the platform sees them. */
const kinds: Readonly<Record<string, BookEntryKind>> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  refund_failure: 'refund_return',
  payment_failure_refund: 'refund_return',
  payment_reversal: 'refund',
  transfer: 'transfer',
  transfer_refund: 'reversal',
  transfer_cancel: 'reversal',
  transfer_failure: 'reversal',
  payout: 'payout',
  payout_cancel: 'payout_return',
  payout_failure: 'payout_return',
  topup: 'top_up',
  topup_reversal: 'top_up_return',
  stripe_fee: 'provider_fee',
  stripe_fx_fee: 'provider_fee',
  tax_fee: 'provider_fee',
  application_fee: 'application_fee',
  application_fee_refund: 'application_fee_refund',
}

/** `adjustment` says little by itself: https://docs.stripe.com/reports/reporting-categories. */
const adjustments: Readonly<Record<string, BookEntryKind>> = {
  dispute: 'dispute',
  dispute_reversal: 'dispute',
  refund_failure: 'refund_return',
  fee: 'provider_fee',
}

/** A page of the platform's or an account's balance transactions, newest first. @throws ProviderError */
export async function listBookLines(client: StripeClient, query: BookQuery): Promise<BookPage> {
  const { account, after } = query
  const options = account === null ? {} : { stripeAccount: account }
  const seconds = (at: Date) => Math.floor(at.getTime() / 1000)
  const which =
    'sourceId' in query
      ? { source: query.sourceId }
      : { created: { gte: seconds(query.from), lt: seconds(query.until) } }
  try {
    const page = await client.ask('balance_transactions', sdk =>
      sdk.balanceTransactions.list(
        {
          limit: 100,
          expand: ['data.source'],
          ...which,
          ...(after === null ? {} : { starting_after: after }),
        },
        options,
      ),
    )
    const rows = await rowsOf(page.data, row => lineOf(client, row, account))
    return { lines: rows.read, unread: rows.unread, at: clockOf(page), next: nextAfter(page) }
  } catch (error) {
    throw providerErrorOf(error)
  }
}

/** Stripe's clock, as its answer shows it (Date header). */
function clockOf(page: Stripe.Response<object>): Date | null {
  // The SDK's types promise a plain object; over fetch these are the Headers of the answer.
  const { headers }: { headers: Headers | Record<string, string> } = page.lastResponse
  const said = headers instanceof Headers ? headers.get('date') : headers['date']
  const at = new Date(said ?? '')
  return Number.isNaN(at.getTime()) ? null : at
}

async function lineOf(
  client: StripeClient,
  read: Stripe.BalanceTransaction,
  account: string | null,
): Promise<BookLine[]> {
  const shown = bookShape.parse(read)
  if (!isKnownCurrency(shown.currency)) return []
  const { kind, sourceId } = meaningOf(shown, account)
  const entry: BookEntry = {
    id: shown.id,
    account,
    kind,
    at: new Date(shown.created * 1000),
    availableAt: new Date(shown.available_on * 1000),
    amount: fromStripe(shown.amount, shown.currency),
    fee: fromStripe(shown.fee, shown.currency),
    net: fromStripe(shown.net, shown.currency),
    currency: currencyOf(shown.currency),
    sourceId,
    exchangeRate: typeof shown.exchange_rate === 'number' ? String(shown.exchange_rate) : null,
  }
  return [{ entry, subject: await subjectFor(client, shown, entry) }]
}

/**
 * On the side that receives, a transfer is a payment and its reversal a refund of that; both name
 * the object that the other side knows.
 */
function meaningOf(
  shown: BookShape,
  account: string | null,
): { kind: BookEntryKind; sourceId: string | null } {
  const source = typeof shown.source === 'object' ? shown.source : null
  const received = idOf(source?.source_transfer)
  if (received !== null) {
    return { kind: account === null ? 'collection' : 'transfer', sourceId: received }
  }
  const takenBack = idOf(source?.source_transfer_reversal)
  if (takenBack !== null) {
    return { kind: account === null ? 'collection_reversal' : 'reversal', sourceId: takenBack }
  }
  const { type, reporting_category: category } = shown
  const sourceId = idOf(shown.source)
  // What a smaller capture leaves of the authorisation is no refund of money.
  if (category === 'partial_capture_reversal') return { kind: 'charge', sourceId }
  const kind = (type === 'adjustment' ? adjustments[category] : kinds[type]) ?? 'other'
  if (account === null) return { kind, sourceId }
  if (kind === 'transfer') return { kind: 'collection', sourceId }
  return { kind: kind === 'reversal' ? 'collection_reversal' : kind, sourceId }
}

/** An object of a shape that is not known keeps nobody from reading the lines beside it. */
function readSubject(
  source: Readonly<Record<string, unknown>>,
  account: string | null,
  purchaseKey: string,
): EventSubject | null {
  try {
    return subjectOfObject(source, account, purchaseKey)
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof UnreadableAmount) return null
    throw error
  }
}

/** Only the side that sent a transfer can tell of it; the other shows money that came or went. */
async function subjectFor(
  client: StripeClient,
  { source }: BookShape,
  { account }: BookEntry,
): Promise<EventSubject | null> {
  const none = { about: 'other' } as const
  if (typeof source !== 'object' || source === null) return none
  if (idOf(source.source_transfer) !== null) return none
  if (idOf(source.source_transfer_reversal) !== null) return none
  const subject = readSubject(source, account, client.options.purchaseMetadataKey)
  if (subject?.about !== 'movement' || subject.object !== 'reversal') return subject
  const { transferId, movementId, byOldConnector } = subject
  if (account !== null || transferId === null || movementId !== null || byOldConnector)
    return subject
  // Made by hand, and so seldom: whom it took from is asked for.
  const transfer = await client.ask('transfers', sdk => sdk.transfers.retrieve(transferId))
  return { ...subject, account: idOf(transfer.destination) }
}
