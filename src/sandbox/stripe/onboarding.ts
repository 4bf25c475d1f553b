import type Stripe from 'stripe'
import { requirementsOf } from './account-record.ts'
import type { StoredAccount } from './account.ts'
import type { World } from './world.ts'

export interface OnboardingResult {
  /** Still asked after the visit: the account then stays disabled. */
  currently_due?: string[]
  /** Given but not yet checked: the account then stays disabled. */
  pending_verification?: string[]
}

/** The seller has filled in the hosted form: all is active, unless something is still due or checked. */
export function completeOnboarding(
  world: World,
  account: StoredAccount,
  result: OnboardingResult = {},
): void {
  const due = result.currently_due ?? []
  const checked = result.pending_verification ?? []
  const reason =
    due.length > 0
      ? 'requirements.past_due'
      : checked.length > 0
        ? 'requirements.pending_verification'
        : null
  account.details_submitted = true
  account.tos_acceptance = { date: world.seconds(), ip: '192.0.2.1', user_agent: null }
  account.requirements = requirementsOf(due, reason, checked)
  account.future_requirements = requirementsOf([], null)
  if (account.external_accounts?.data.length === 0) {
    account.external_accounts.data.push(newBank(world, account))
  }
  setEnabled(world, account, reason === null)
  world.emit(account.id, 'account.updated', account)
}

/** By when, what was refused, and what a later regulation will ask. Deadlines in Unix seconds. */
export interface Terms {
  deadline?: number
  errors?: Stripe.Account.Requirements.Error[]
  futureDue?: string[]
  futureDeadline?: number
}

/**
 * Stripe asks for more. Without a reason the account goes on until its deadline; with one (`requirements.past_due`,
 * `under_review`, `listed`…) it stands still.
 */
export function requireMore(
  world: World,
  account: StoredAccount,
  fields: readonly string[],
  disabledReason?: string,
  terms: Terms = {},
): void {
  account.requirements = {
    ...requirementsOf(fields, disabledReason ?? null),
    current_deadline: terms.deadline ?? null,
    errors: terms.errors ?? [],
  }
  account.future_requirements = {
    ...requirementsOf(terms.futureDue ?? [], null),
    current_deadline: terms.futureDeadline ?? null,
  }
  if (disabledReason !== undefined) setEnabled(world, account, false)
  world.emit(account.id, 'account.updated', account)
}

function setEnabled(world: World, account: StoredAccount, enabled: boolean): void {
  const status = enabled ? 'active' : 'inactive'
  const capabilities = account.capabilities ?? {}
  for (const name of ['card_payments', 'transfers'] as const) {
    if (capabilities[name] === undefined || capabilities[name] === status) continue
    capabilities[name] = status
    world.emit(account.id, 'capability.updated', {
      id: name,
      object: 'capability',
      account: account.id,
      requested: true,
      requested_at: account.created,
      requirements: account.requirements,
      status,
    })
  }
  account.charges_enabled = capabilities.card_payments === 'active'
  account.payouts_enabled = enabled
}

/** The seller gives another bank in place of the one there was. */
export function changeBank(world: World, account: StoredAccount): void {
  if (account.external_accounts === undefined) throw new Error(`${account.id} has no banks`)
  account.external_accounts.data = [newBank(world, account)]
  world.emit(account.id, 'account.updated', account)
}

function newBank(world: World, account: StoredAccount): Stripe.BankAccount {
  return {
    id: world.newId('ba'),
    object: 'bank_account',
    account: account.id,
    account_holder_name: null,
    account_holder_type: null,
    account_type: null,
    available_payout_methods: ['standard'],
    bank_name: 'STRIPE TEST BANK',
    country: account.country ?? 'FR',
    currency: account.default_currency ?? 'eur',
    default_for_currency: true,
    fingerprint: '1JWtPxqbdX5Gamtc',
    last4: '3000',
    metadata: {},
    routing_number: '110000000',
    status: 'new',
  }
}
