import type Stripe from 'stripe'
import type { Account, Seller } from '../../domain/seller.ts'
import type { Balance } from '../../domain/settlement.ts'
import type {
  AccountOutcome,
  AccountPage,
  AccountRequest,
  LinkOutcome,
} from '../../workflows/ports.ts'
import { currencyOf, fromStripe, isKnownCurrency } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { pluginName } from './metadata.ts'
import { searchPages } from './pages.ts'
import { isAccountLost, isPassing, messageOf, outcomeOf, providerErrorOf } from './outcome.ts'
import { type AccountShape, accountShape } from './shapes.ts'

/** An account of Stripe's in our words. Ready to receive: `capabilities.transfers` is active. */
export function accountOf(account: AccountShape): Account {
  const { requirements, future_requirements: future } = account
  const disabledReason = requirements?.disabled_reason ?? null
  const dashboard = account.controller?.stripe_dashboard?.type
  return {
    id: account.id,
    country: account.country ?? null,
    currency: account.default_currency ? currencyOf(account.default_currency) : null,
    transfersActive: account.capabilities?.transfers === 'active',
    payoutsEnabled: account.payouts_enabled,
    chargesEnabled: account.charges_enabled,
    detailsSubmitted: account.details_submitted,
    disabledReason,
    currentlyDue: inOrder(requirements?.currently_due),
    pendingVerification: inOrder(requirements?.pending_verification),
    requirementProblems: inOrder(
      requirements?.errors?.map(({ requirement, reason }) => `${requirement}: ${reason}`),
    ),
    currentDeadline: momentOf(requirements?.current_deadline),
    futureDue: inOrder(future?.currently_due),
    futureDeadline: momentOf(future?.current_deadline),
    standing: disabledReason?.startsWith('rejected.') ? 'rejected' : 'open',
    // Accounts from before `controller` say it by their type alone.
    hasDashboard: (dashboard ?? account.type) === 'express',
    banks: banksOf(account),
  }
}

/** Stripe pays a currency out to the external account that is its default. */
function banksOf(account: AccountShape): Record<string, string> {
  const banks = account.external_accounts?.data ?? []
  return Object.fromEntries(
    banks.flatMap(({ id, currency, default_for_currency: isDefault }) =>
      isDefault === true && currency ? [[currency.toUpperCase(), id] as const] : [],
    ),
  )
}

/** Stripe promises no order: the same requirements in another one are no change of the account. */
function inOrder(texts: readonly string[] | null | undefined): string[] {
  return (texts ?? []).toSorted()
}

function momentOf(seconds: number | null | undefined): Date | null {
  return typeof seconds === 'number' ? new Date(seconds * 1000) : null
}

/** What is left of an account that Stripe does not know (any more), or that took our access away. */
export function lostAccount(id: string): Account {
  return {
    id,
    country: null,
    currency: null,
    transfersActive: false,
    payoutsEnabled: false,
    chargesEnabled: false,
    detailsSubmitted: false,
    disabledReason: null,
    currentlyDue: [],
    pendingVerification: [],
    requirementProblems: [],
    currentDeadline: null,
    futureDue: [],
    futureDeadline: null,
    standing: 'lost',
    hasDashboard: false,
    banks: {},
  }
}

/** Never throws: what Stripe refuses, and why, is the answer. */
export async function createAccount(
  client: StripeClient,
  request: AccountRequest,
  key: string,
): Promise<AccountOutcome> {
  try {
    const found = request.askedBefore === true ? await findAccount(client, key) : null
    if (found === 'too_many') return { result: 'unknown', message: tooManyAccounts }
    if (found !== null) return { result: 'created', account: accountOf(found) }
    const account = await client.ask('accounts', sdk =>
      sdk.accounts.create(accountParameters(request, key, client.options.pluginVersion), {
        idempotencyKey: key,
      }),
    )
    return { result: 'created', account: accountOf(account) }
  } catch (error) {
    const { result, message, ...rest } = outcomeOf(error)
    if (result === 'unknown') return { result, message }
    const code = 'code' in rest ? rest.code : ''
    return { result: 'rejected', code, ...reasonAndMend(message) }
  }
}

/** A list of accounts cannot be asked for one shop: all of them may have to be read. */
const accountPages = 1000
/** Making another one instead of looking further could leave a seller with two. */
const tooManyAccounts = `Not among the newest ${accountPages * 100} accounts; there are more.`
/** The key under which an account was asked for, in its metadata. */
const requestKey = 'tributary_request'

/**
 * The account that a request with this key made, when its answer was lost. Stripe forgets the key
 * after 24 h, and refuses it when the shop has changed since: only the metadata still tells.
 */
function findAccount(client: StripeClient, key: string) {
  return searchPages(
    client,
    'accounts',
    (sdk, page) => sdk.accounts.list(page),
    account => account.metadata?.[requestKey] === key,
    accountPages,
  )
}

/**
 * Accounts are made with `controller` properties (Stripe's successor of the type "express"): the
 * platform bears fees and losses, Stripe collects what it must know and shows its Express Dashboard.
 */
function accountParameters(
  { seller, prefill }: AccountRequest,
  key: string,
  pluginVersion: string,
): Stripe.AccountCreateParams {
  return {
    controller: {
      fees: { payer: 'application' },
      losses: { payments: 'application' },
      requirement_collection: 'stripe',
      stripe_dashboard: { type: 'express' },
    },
    capabilities: { transfers: { requested: true } },
    ...(seller.country === null ? {} : { country: seller.country }),
    ...(seller.email === null ? {} : { email: seller.email }),
    settings: {
      payouts: { schedule: { interval: 'manual' }, debit_negative_balances: false },
    },
    metadata: { miraklShopId: seller.id, [requestKey]: key, pluginName, pluginVersion },
    ...(prefill ? prefilled(seller) : {}),
  }
}

function prefilled(
  seller: Seller,
): Pick<Stripe.AccountCreateParams, 'business_type' | 'business_profile'> {
  return {
    business_type: seller.professional ? 'company' : 'individual',
    business_profile: {
      name: seller.name,
      ...(seller.website === null ? {} : { url: seller.website }),
      ...(seller.email === null ? {} : { support_email: seller.email }),
      ...(seller.phone === null ? {} : { support_phone: seller.phone }),
    },
  }
}

/** The refusals that the platform's own set-up causes have a mend of their own. */
function reasonAndMend(message: string): { message: string; mend: string } {
  if (/accounts? v[12]|v[12] accounts?|\/?v[12]\/(core\/)?accounts/i.test(message))
    return {
      message,
      mend:
        'This Stripe platform may not create accounts with the Accounts v1 API. Ask Stripe support ' +
        'to enable Accounts v1 for the platform, or create the accounts in the Stripe Dashboard ' +
        'and map them to their shops (POST /api/mappings).',
    }
  if (/signed up for connect|platform.?profile|responsibilities/i.test(message))
    return {
      message,
      mend: 'Finish the platform profile in the Stripe Dashboard under Connect, then try again.',
    }
  return { message, mend: 'Correct what Stripe names in the shop or in the platform settings.' }
}

/** @throws ProviderError when Stripe cannot be asked; an account it does not know is `lost` */
export async function readAccount(client: StripeClient, id: string): Promise<Account> {
  if (!id.startsWith('acct_')) return lostAccount(id)
  try {
    const account = await client.ask('accounts', sdk => sdk.accounts.retrieve(id))
    return 'deleted' in account && account.deleted === true ? lostAccount(id) : accountOf(account)
  } catch (error) {
    if (isAccountLost(error)) return lostAccount(id)
    throw providerErrorOf(error)
  }
}

/**
 * One page of the platform's connected accounts, newest first. One that cannot be read is left out:
 * read by itself it says what is wrong. Accounts that left the platform are not listed.
 * @param after the id of the last account of the page before; null: the first page
 * @throws ProviderError
 */
export async function listAccounts(
  client: StripeClient,
  after: string | null,
): Promise<AccountPage> {
  try {
    const page = await client.ask('accounts', sdk =>
      sdk.accounts.list({ limit: 100, ...(after === null ? {} : { starting_after: after }) }),
    )
    return {
      accounts: page.data.flatMap(account => readable(account)),
      next: page.has_more ? (page.data.at(-1)?.id ?? null) : null,
    }
  } catch (error) {
    throw providerErrorOf(error)
  }
}

function readable(account: AccountShape): Account[] {
  const read = accountShape.safeParse(account)
  return read.success ? [accountOf(read.data)] : []
}

/** Stripe's onboarding pages for one account. Never throws. */
export function makeOnboardingLink(
  client: StripeClient,
  account: string,
  urls: { refresh: string; back: string },
): Promise<LinkOutcome> {
  return made(() =>
    client.ask('account_links', sdk =>
      sdk.accountLinks.create({
        account,
        refresh_url: urls.refresh,
        return_url: urls.back,
        type: 'account_onboarding',
      }),
    ),
  )
}

/** A login to the seller's Express Dashboard; it works once. Never throws. */
export function makeLoginLink(client: StripeClient, account: string): Promise<LinkOutcome> {
  return made(() => client.ask('login_links', sdk => sdk.accounts.createLoginLink(account)))
}

async function made(call: () => Promise<{ readonly url: string }>): Promise<LinkOutcome> {
  try {
    return { result: 'made', url: (await call()).url }
  } catch (error) {
    const message = messageOf(error)
    if (isAccountLost(error)) return { result: 'refused', reason: 'lost', message }
    if (isPassing(error)) return { result: 'unavailable', message }
    return { result: 'refused', reason: linkRefusal(message), message }
  }
}

/** Stripe has no codes for these; its sentences have been stable for years. */
function linkRefusal(message: string): 'rejected' | 'no_dashboard' | 'refused' {
  if (/been rejected|is rejected/i.test(message)) return 'rejected'
  return /not an express|express dashboard|express account/i.test(message)
    ? 'no_dashboard'
    : 'refused'
}

/** @throws ProviderError */
export async function readBalance(client: StripeClient, account: string | null): Promise<Balance> {
  try {
    const balance = await client.ask('balance', sdk =>
      sdk.balance.retrieve({}, account === null ? {} : { stripeAccount: account }),
    )
    return { available: byCurrency(balance.available), pending: byCurrency(balance.pending) }
  } catch (error) {
    throw providerErrorOf(error)
  }
}

function byCurrency(
  entries: readonly { readonly amount: number; readonly currency: string }[],
): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const { amount, currency } of entries) {
    if (!isKnownCurrency(currency)) continue
    const iso = currencyOf(currency)
    sums[iso] = (sums[iso] ?? 0n) + fromStripe(amount, currency)
  }
  return sums
}
