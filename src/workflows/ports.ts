import type { BookEntry } from '../domain/book-entry.ts'
import type { Account, Seller } from '../domain/seller.ts'
import type { Currency } from '../domain/currency.ts'
import type { CycleLine } from '../domain/cycle-contents.ts'
import type { Debit } from '../domain/debit.ts'
import type { Dispute } from '../domain/dispute.ts'
import type { Instruction, Movement } from '../domain/movement.ts'
import type { Json } from '../domain/json.ts'
import type { Order } from '../domain/order.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'
import type { Plan } from '../domain/plan.ts'
import type { MarketplaceRefund } from '../domain/refund.ts'
import type { ServiceDebit } from '../domain/service-debit.ts'
import type { Balance, Cycle } from '../domain/settlement.ts'

/** The outside world, and nothing else, stands behind these ports. */

/** Time and names come from outside, so that a simulation replays. */
export interface Clock {
  now(): Date
}
export interface Names {
  /** A new unique id with a prefix: `mv_0197c2...`; ids made later sort later. */
  next(prefix: string): string
}

/** One object of the marketplace: read, or set aside with the field that could not be read. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly raw: Json }
  | {
      readonly ok: false
      /** The object's id; '' when not even that could be read. */
      readonly id: string
      /** The purchase of an unreadable order, when that much could be read. */
      readonly purchaseId?: string
      /** Path of the field, for example `order_lines[0].total_price`. */
      readonly field: string
      /** One sentence that says what is wrong, with the text that was found. */
      readonly problem: string
      readonly raw: Json
    }

export interface Page<T> {
  readonly readings: readonly Reading<T>[]
  /** The marketplace's own clock when it answered (Date header); checkpoints never pass it. */
  readonly at: Date
}

/** What the marketplace made of one confirmation or one shop's change. */
export type Told =
  | { readonly result: 'told' }
  | { readonly result: 'refused'; readonly message: string }
  /** No answer, or an unreadable one: it may have arrived. */
  | { readonly result: 'unknown'; readonly message: string; readonly retryAfterSeconds?: number }

export interface ShopChange {
  readonly sellerId: string
  /** Written into the custom field for the onboarding link. */
  readonly link?: string
  readonly kyc?: { readonly status: string; readonly reason: string }
}

export interface DebitConfirmation {
  readonly debit: Debit
  readonly paid: boolean
  /** The provider's charge id; null when the payment was refused. */
  readonly reference: string | null
  readonly at: Date
}

export interface ServiceDebitConfirmation {
  readonly debit: Pick<ServiceDebit, 'id' | 'orderId' | 'amount' | 'currency'>
  readonly paid: boolean
  /** The provider's charge id; null when the payment was refused. */
  readonly reference: string | null
  readonly at: Date
}

export interface RefundConfirmation {
  readonly refund: MarketplaceRefund
  readonly paid: boolean
  /** The provider's refund id, or the payment's that was captured less; null when it was refused. */
  readonly reference: string | null
  readonly at: Date
}

export interface CycleConfirmation {
  readonly cycle: Cycle
  readonly paid: boolean
  readonly reference: string | null
  readonly at: Date
  /** Only these two exist at Mirakl; absent: FAILED without a reason (SBC07 only). */
  readonly failureReason?: 'INCOMPLETE_KYC' | 'AWAITING_INVOICE_CHECK'
}

export interface MarketplaceFeatures {
  /** Does the tenant show and take KYC states of shops? */
  readonly kyc: boolean
  /** Does the tenant take payment confirmations (IV07 / SBC07)? */
  readonly paymentConfirmation: boolean
  readonly timeZone: string | null
  readonly raw: Json
}

export interface CustomField {
  readonly code: string
  readonly type: string
}

/**
 * A marketplace. Reads are paged and tolerate what they do not know; every read counts against the
 * budget of its endpoint. Errors: `MarketplaceError` of domain/errors.ts for what no page can tell.
 */
export interface Marketplace {
  readonly name: string
  shops(query: { updatedSince?: Date; ids?: readonly string[] }): AsyncIterable<Page<Seller>>
  /** At most 100 per call; one result per change, in their order. */
  updateShops(changes: readonly ShopChange[]): Promise<readonly Told[]>
  orders(query: {
    updatedSince?: Date
    ids?: readonly string[]
    purchaseIds?: readonly string[]
  }): AsyncIterable<Page<Order>>
  /** Service orders (SOR11), without an amount: `withDebits` gives them the one of their debits. */
  serviceOrders(query: {
    updatedSince?: Date
    ids?: readonly string[]
    purchaseIds?: readonly string[]
  }): AsyncIterable<Page<Order>>
  /** Debits of these service orders, paid ones too (SPA11). An unreadable one has its order's id. */
  serviceDebits(orderIds: readonly string[]): AsyncIterable<Page<ServiceDebit>>
  /** Debits that wait for a confirmation now (PA11). */
  debits(): AsyncIterable<Page<Debit>>
  /** One debit per call: Mirakl does not say whether a batch is all or nothing (PA01). */
  confirmDebit(confirmation: DebitConfirmation): Promise<Told>
  /** One service debit per call (SPA01); its answer names the debit, refused or taken. */
  confirmServiceDebit(confirmation: ServiceDebitConfirmation): Promise<Told>
  /** Refunds of product orders that wait for their payment now (PA12), one reading per refund. */
  refunds(): AsyncIterable<Page<MarketplaceRefund>>
  /** Refunds of service orders that wait now (SPA12). */
  serviceRefunds(): AsyncIterable<Page<MarketplaceRefund>>
  /** One refund per call (PA02, SPA02). */
  confirmRefund(confirmation: RefundConfirmation): Promise<Told>
  cycles(query: {
    feed: Cycle['feed']
    createdSince?: Date
    sellerId?: string
    ids?: readonly string[]
  }): AsyncIterable<Page<Cycle>>
  /** What a final cycle was made from (TL02), in the cycle's currency. */
  cycleLines(cycle: Pick<Cycle, 'id' | 'feed' | 'currency'>): AsyncIterable<Page<CycleLine>>
  confirmCycle(confirmation: CycleConfirmation): Promise<Told>
  features(): Promise<MarketplaceFeatures>
  customFields(): Promise<readonly CustomField[]>
  version(): Promise<string>
}

export interface AccountRequest {
  readonly seller: Seller
  /** Give the provider what the marketplace knows (name, url, e-mail, phone). */
  readonly prefill: boolean
  /** It was asked for before and nobody knows the answer: it is looked for first. */
  readonly askedBefore?: boolean
}

export type AccountOutcome =
  | { readonly result: 'created'; readonly account: Account }
  | {
      readonly result: 'rejected'
      readonly code: string
      readonly message: string
      readonly mend: string
    }
  | { readonly result: 'unknown'; readonly message: string }

/** A link that works once and for minutes; `null` with the reason when none can be made. */
export type LinkOutcome =
  | { readonly result: 'made'; readonly url: string }
  | {
      readonly result: 'refused'
      readonly reason: 'lost' | 'rejected' | 'no_dashboard' | 'refused'
      readonly message: string
    }
  | { readonly result: 'unavailable'; readonly message: string }

/** What a look-up after an unknown outcome found. `absent`: looked everywhere, it is not there. */
export type Found = Outcome | { readonly result: 'absent' }

export interface AccountPage {
  /** Those that could be read; an unreadable one is left out, `account` says what is wrong. */
  readonly accounts: readonly Account[]
  /** Pass it to read on; null: that was the last page. */
  readonly next: string | null
}

/** A row of a list of the provider's that could not be read; the rows beside it were. */
export interface UnreadRow {
  /** '' when it has none. */
  readonly id: string
  readonly field: string
  readonly problem: string
  readonly raw: Json
}

export interface PaymentPage {
  readonly payments: readonly Payment[]
  readonly unread: readonly UnreadRow[]
  /** Pass it to read on; null: that was the last page. */
  readonly next: string | null
}

export interface DisputePage {
  readonly disputes: readonly Dispute[]
  readonly unread: readonly UnreadRow[]
  /** Pass it to read on; null: that was the last page. */
  readonly next: string | null
}

/** A line of the provider's own books, and what it tells about one of our movements or payments. */
export interface BookLine {
  readonly entry: BookEntry
  /** The object behind the line as it is now, as an event tells it; null: it could not be read. */
  readonly subject: EventSubject | null
}

export interface BookPage {
  /** The newest first. What the provider counts in no currency of ISO 4217 is left out. */
  readonly lines: readonly BookLine[]
  readonly unread: readonly UnreadRow[]
  /** The provider's own clock when it answered; null: it did not say. */
  readonly at: Date | null
  /** Pass it to read on; null: that was the last page. */
  readonly next: string | null
}

/** Which lines: of a stretch of time, or everything about one object (`sourceId`). */
export type BookQuery = {
  /** Whose books: an account's; null: the platform's own. */
  readonly account: string | null
  readonly after: string | null
} & (
  | { readonly sourceId: string }
  /** From a moment on, and up to another that does not belong to it; whole seconds. */
  | { readonly from: Date; readonly until: Date }
)

export interface PaymentProvider {
  readonly name: string
  /** The amount that the provider can express: never more than asked (`down`), or never less (`up`). */
  representable(
    amount: bigint,
    currency: Currency,
    direction: 'down' | 'up',
    use: Instruction['do'],
  ): bigint
  /** False: it fails again and again and is not asked for the moment. Absent: always true. */
  answers?(): boolean
  /** Asks once, with this key; the same key until a definite answer. Never throws for an answer. */
  send(movement: Movement, key: string): Promise<Outcome>
  /**
   * Looks for a movement whose answer never came (metadata, destination, transfer group).
   * @param lost our records since then are lost: what another row of the same source made counts too
   */
  find(movement: Movement, lost?: { readonly since: Date }): Promise<Found>
  /** The present state of a movement that the provider has already named. */
  look(movement: Movement): Promise<Outcome>
  /** For a shadow run: what somebody else has moved for this plan's source; null: nothing. */
  seen(plan: Plan): Promise<{ readonly providerId: string; readonly amount: bigint } | null>
  /** Balance of the platform, or of one account. */
  balance(account: string | null): Promise<Balance>
  createAccount(request: AccountRequest, key: string): Promise<AccountOutcome>
  /** `lost` standing when the provider does not know it or took our access away. */
  account(id: string): Promise<Account>
  /**
   * A page of all accounts, at most 100; `after` is the `next` of the page before, null the first
   * page. Absent: this provider has no list, accounts are read one by one.
   */
  accounts?(after: string | null): Promise<AccountPage>
  onboardingLink(account: string, urls: { refresh: string; back: string }): Promise<LinkOutcome>
  loginLink(account: string): Promise<LinkOutcome>
  /** A payment by the id of its intent or charge; null when the provider does not know it. */
  payment(id: string): Promise<Payment | null>
  /** Payments made since a moment, newest last or first as the provider lists them. */
  payments(query: { createdSince: Date | null; after: string | null }): Promise<PaymentPage>
  /** A dispute as it is now; null when the provider does not know it. Absent: it has no disputes. */
  dispute?(id: string): Promise<Dispute | null>
  /** Disputes opened since a moment, at most 100 a page. Absent as above. */
  disputes?(query: { createdSince: Date; after: string | null }): Promise<DisputePage>
  /** The provider's own books, at most 100 lines a page. Absent: it has none to show. */
  bookLines?(query: BookQuery): Promise<BookPage>
}

/** An event as the provider's adapter verified and read it. */
export interface ProviderEvent {
  readonly id: string
  readonly type: string
  readonly live: boolean
  /** The connected account that it came from; null: the platform itself. */
  readonly account: string | null
  readonly createdAt: Date
  readonly subject: EventSubject
}

/** What an event is about, in our words; `other` is stored and answered, nothing more. */
export type EventSubject =
  | { readonly about: 'payment'; readonly payment: Payment }
  | { readonly about: 'account'; readonly account: Account }
  | { readonly about: 'account_lost'; readonly accountId: string }
  | MovementSubject
  /** Several at once: a transfer with what was reversed of it. */
  | { readonly about: 'movements'; readonly subjects: readonly MovementSubject[] }
  | { readonly about: 'dispute'; readonly dispute: Dispute }
  | { readonly about: 'other' }

/** One amount that moved or was to move, whoever asked for it. */
export interface MovementSubject {
  readonly about: 'movement'
  /** Our movement id from the metadata, when the object carries one. */
  readonly movementId: string | null
  readonly providerId: string
  readonly object: 'payout' | 'transfer' | 'reversal' | 'refund' | 'top_up'
  readonly outcome: Outcome
  /** The account whose money it is: a payout's own, a transfer's destination. */
  readonly account: string | null
  /** What was finished and came back (a payout, a refund, a top-up): minor units. */
  readonly takenBack: bigint | null
  /** Minor units of `currency`. */
  readonly amount: bigint
  readonly currency: Currency
  /** The charge that a refund gives back, or that funds a transfer. */
  readonly chargeId: string | null
  /** The transfer that a reversal takes from. */
  readonly transferId: string | null
  /** Made by the connector that Tributary replaces: its import takes it over. */
  readonly byOldConnector: boolean
}

export type VerifiedEvent =
  | { readonly ok: true; readonly event: ProviderEvent; readonly raw: Json }
  | { readonly ok: false; readonly problem: string }

export interface EventReader {
  /** Verifies a webhook by trying each signing secret; nothing is read before one of them fits. */
  verify(body: string, signature: string | null, secrets: readonly string[]): VerifiedEvent
  /** Reads a stored event again, without a signature. */
  read(raw: Json): ProviderEvent
}

export interface Mailer {
  send(mail: { to: string; subject: string; text: string; html: string }): Promise<Told>
}

/** What became of one delivery; nothing but `told` counts as taken. */
export interface Posting {
  readonly result: 'told' | 'refused' | 'unknown'
  /** HTTP status; null: no answer. */
  readonly status: number | null
  readonly milliseconds: number
  /** The first 500 characters of the answer. */
  readonly answer: string
  /** What went wrong, for people; '' when nothing did. */
  readonly message: string
}

/** The operator's own URL. */
export interface Notifier {
  /**
   * Posts once and never throws for what the other side does.
   * @param notification.body JSON, posted and signed as it stands
   * @param notification.at what the signature says about when it was sent
   */
  post(notification: { id: string; body: string; at: Date }): Promise<Posting>
}
