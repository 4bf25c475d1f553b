import { rejectAccount } from './account.ts'
import type { StoredAccount } from './account.ts'
import { visitLink } from './account-link.ts'
import type { LinkVisit } from './account-link.ts'
import { readBooks } from './books.ts'
import type { Books } from './books.ts'
import { takeFee } from './bookkeeping.ts'
import { approve } from './confirmation.ts'
import { closeDispute, escalateDispute, openDispute } from './dispute-record.ts'
import type { AskedDispute } from './dispute-record.ts'
import type { Attempt, Deliveries, DeliveryFault } from './delivery.ts'
import { changeBank, completeOnboarding, requireMore } from './onboarding.ts'
import type { OnboardingResult, Terms } from './onboarding.ts'
import { expireLater } from './payment-intent.ts'
import { bouncePayout } from './payout-record.ts'
import { failRefund } from './refund-record.ts'
import type { Sabotage } from './sabotage.ts'
import type { Shelf, Stored } from './shelf.ts'
import { bounceTopup } from './topup-record.ts'
import { addEndpoint } from './webhook-endpoint.ts'
import type { ChosenEndpoint } from './webhook-endpoint.ts'
import type { Settings, World } from './world.ts'

/** Minor units of a lower-case currency, and what the line in the balance says. */
export interface AskedFee {
  amount: number
  currency: string
  description: string
  account?: string
}

/** What sellers, banks, customers and Stripe itself do. Unknown ids throw an Error. */
export interface StripeControl {
  /** The seller finishes the hosted form. */
  completeOnboarding(account: string, result?: OnboardingResult): void
  /** The seller gives another bank account. */
  changeBank(account: string): void
  /** Stripe asks for more; with a reason the account stands still until it is given. */
  requireMore(account: string, fields: string[], disabledReason?: string, terms?: Terms): void
  /** Default reason `fraud`. */
  rejectAccount(account: string, reason?: 'fraud' | 'other' | 'terms_of_service'): void
  /** The seller disconnects the platform. */
  deauthorize(account: string): void
  /** The bank sends a payout back, also after it was paid. Default code `account_closed`. */
  bouncePayout(payout: string, code?: string): void
  /** The customer's bank cannot take a refund. Default reason `lost_or_stolen_card`. */
  failRefund(refund: string, reason?: string): void
  /** A cardholder disputes a captured charge, or asks about it (`inquiry`). Returns the dispute's id. */
  dispute(charge: string, asked?: AskedDispute): string
  /** An inquiry becomes a dispute: its money is taken now. */
  escalateDispute(dispute: string): void
  /** The money comes back: all of it, or `amount` minor units. */
  disputeWon(dispute: string, amount?: number): void
  disputeLost(dispute: string): void
  /** An inquiry ends without a dispute. */
  warningClosed(dispute: string): void
  /** The bank takes a top-up back, or never sends it. */
  bounceTopup(topup: string): void
  /** Stripe takes a fee that belongs to no payment (accounts, payouts, Radar); default the platform. */
  takeFee(fee: AskedFee): void
  /** The customer authenticates a payment that waits in `requires_action`. */
  authenticate(paymentIntent: string): void
  /** A browser opens an account link: it works once and for five minutes. */
  visitLink(url: string): LinkVisit
  /** Changes settings; what is not named stays. */
  configure(change: Partial<Settings>): void
  /** Requests that fail inside Stripe with a 500, which their idempotency key keeps. */
  breakNext: Sabotage['breakNext']
  /** A request that stays in flight until `release`. */
  holdNext: Sabotage['holdNext']
  release: Sabotage['release']
  /** An operator sets an endpoint up in the dashboard and chooses, unlike there, its signing secret. Returns its id. */
  addWebhook(endpoint: ChosenEndpoint): string
  /** Loses, doubles or delays webhooks. */
  disturbDelivery(fault: DeliveryFault): void
  deliveryAttempts(): readonly Attempt[]
  /** Resolves when no webhook is under way. */
  settled(): Promise<void>
  books(): Books
}

export function createControl(
  world: World,
  deliveries: Deliveries,
  sabotage: Sabotage,
): StripeControl {
  const account = (id: string): StoredAccount => locate(world.accounts, id).object
  return {
    completeOnboarding: (id, result) => completeOnboarding(world, account(id), result),
    changeBank: id => changeBank(world, account(id)),
    requireMore: (id, fields, reason, terms) =>
      requireMore(world, account(id), fields, reason, terms),
    rejectAccount: (id, reason = 'fraud') => rejectAccount(world, account(id), reason),
    deauthorize(id) {
      account(id)
      world.gone.add(id)
      const application = { id: 'ca_marketplace', object: 'application', name: 'Marketplace' }
      world.emit(id, 'account.application.deauthorized', application)
    },
    bouncePayout(id, code = 'account_closed') {
      const { owner, object } = locate(world.payouts, id)
      bouncePayout(world, owner, object, code)
    },
    failRefund(id, reason = 'lost_or_stolen_card') {
      const { owner, object } = locate(world.refunds, id)
      failRefund(world, owner, object, reason)
    },
    ...createDisputing(world),
    bounceTopup(id) {
      const { owner, object } = locate(world.topups, id)
      bounceTopup(world, owner, object)
    },
    takeFee: ({ account = world.platform, ...fee }) => takeFee(world, account, fee),
    authenticate(id) {
      const { owner, object } = locate(world.paymentIntents, id)
      if (object.status !== 'requires_action') throw new Error(`${id} asks for no authentication`)
      approve(world, owner, object, 'pending')
      if (object.capture_method === 'manual') expireLater(world, owner, object)
    },
    visitLink: url => visitLink(world, url),
    configure: change => void Object.assign(world.settings, change),
    breakNext: target => sabotage.breakNext(target),
    holdNext: target => sabotage.holdNext(target),
    release: () => sabotage.release(),
    addWebhook: endpoint => addEndpoint(world, endpoint),
    disturbDelivery: fault => deliveries.addFault(fault),
    deliveryAttempts: () => deliveries.attempts(),
    settled: () => deliveries.settled(),
    books: () => readBooks(world),
  }
}

type Disputing = Pick<
  StripeControl,
  'dispute' | 'escalateDispute' | 'disputeWon' | 'disputeLost' | 'warningClosed'
>

function createDisputing(world: World): Disputing {
  const close = (id: string, verdict: 'won' | 'lost' | 'warning_closed', amount?: number) => {
    const { owner, object } = locate(world.disputes, id)
    closeDispute(world, owner, object, verdict, amount)
  }
  return {
    dispute(id, asked) {
      const { owner, object } = locate(world.charges, id)
      return openDispute(world, owner, object, asked).id
    },
    escalateDispute(id) {
      const { owner, object } = locate(world.disputes, id)
      escalateDispute(world, owner, object)
    },
    disputeWon: (id, amount) => close(id, 'won', amount),
    disputeLost: id => close(id, 'lost'),
    warningClosed: id => close(id, 'warning_closed'),
  }
}

function locate<T extends Stored>(shelf: Shelf<T>, id: string): { owner: string; object: T } {
  const found = shelf.locate(id)
  if (!found) throw new Error(`No such ${shelf.noun}: ${id}`)
  return found
}
