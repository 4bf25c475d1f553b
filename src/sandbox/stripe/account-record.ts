import type Stripe from 'stripe'
import type { StoredAccount } from './account.ts'
import { refused } from './failure.ts'
import * as p from './parameters.ts'
import type { World } from './world.ts'

const capability = p.shape({}, { requested: p.boolean })
const profile = p.mapOf((value, name) =>
  typeof value === 'string' ? value || null : p.anything(value, name),
)
const schedule = p.shape(
  {},
  {
    delay_days: p.text,
    interval: p.oneOf('manual', 'daily', 'weekly', 'monthly'),
    monthly_anchor: p.integer,
    weekly_anchor: p.text,
  },
)
const settings = p.shape(
  {},
  {
    branding: p.anything,
    card_payments: p.anything,
    dashboard: p.anything,
    payments: p.anything,
    payouts: p.shape(
      {},
      { debit_negative_balances: p.boolean, schedule, statement_descriptor: p.text },
    ),
  },
)
const changeable = {
  business_profile: profile,
  business_type: p.oneOf('company', 'government_entity', 'individual', 'non_profit'),
  capabilities: p.mapOf(capability),
  company: p.anything,
  default_currency: p.currency,
  email: p.unsettable,
  external_account: p.anything,
  individual: p.anything,
  metadata: p.metadata,
  settings,
  tos_acceptance: p.anything,
}

export const readCreate = p.shape(
  {},
  {
    ...changeable,
    controller: p.shape(
      {},
      {
        fees: p.shape({}, { payer: p.oneOf('account', 'application') }),
        losses: p.shape({}, { payments: p.oneOf('application', 'stripe') }),
        requirement_collection: p.oneOf('application', 'stripe'),
        stripe_dashboard: p.shape({}, { type: p.oneOf('express', 'full', 'none') }),
      },
    ),
    country: p.text,
    type: p.oneOf('custom', 'express', 'standard'),
  },
)
export const readUpdate = p.shape({}, changeable)

type Created = ReturnType<typeof readCreate>
type Changes = ReturnType<typeof readUpdate>

/** What the platform answers for, from `type` or from `controller`, with Stripe's defaults. */
export function controllerOf(read: Created): Stripe.Account.Controller {
  const common = { type: 'application', is_controller: true } as const
  if (read.type === 'express') {
    return {
      ...common,
      fees: { payer: 'application_express' },
      losses: { payments: 'application' },
      requirement_collection: 'stripe',
      stripe_dashboard: { type: 'express' },
    }
  }
  if (read.type === 'custom') {
    return {
      ...common,
      fees: { payer: 'application_custom' },
      losses: { payments: 'application' },
      requirement_collection: 'application',
      stripe_dashboard: { type: 'none' },
    }
  }
  return {
    ...common,
    fees: { payer: read.controller?.fees?.payer ?? 'account' },
    losses: { payments: read.controller?.losses?.payments ?? 'stripe' },
    requirement_collection: read.controller?.requirement_collection ?? 'stripe',
    stripe_dashboard: { type: read.controller?.stripe_dashboard?.type ?? 'full' },
  }
}

/** A fresh connected account: nothing submitted, nothing enabled. */
export function newAccount(
  world: World,
  read: Created,
  controller: Stripe.Account.Controller,
): StoredAccount {
  const id = world.newId('acct')
  const due = firstRequirements(read.business_type)
  const account: StoredAccount = {
    id,
    object: 'account',
    business_profile: emptyProfile(),
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    controller,
    country: (read.country ?? 'FR').toUpperCase(),
    created: world.seconds(),
    default_currency: currencyOf(read.country),
    details_submitted: false,
    email: null,
    external_accounts: {
      object: 'list',
      data: [],
      has_more: false,
      url: `/v1/accounts/${id}/external_accounts`,
    },
    future_requirements: requirementsOf([], null),
    metadata: {},
    payouts_enabled: false,
    requirements: requirementsOf(due, 'requirements.past_due'),
    settings: newSettings(),
    tos_acceptance: { date: null },
    type: read.type ?? (read.controller === undefined ? 'standard' : 'none'),
  }
  // A platform's own settings request these for accounts with the Express dashboard unless the call names some.
  if (read.type === 'express' && read.capabilities === undefined) {
    account.capabilities = { card_payments: 'inactive', transfers: 'inactive' }
  }
  applyAccount(account, read)
  return account
}

/** Applies a create's or an update's values to the account. */
export function applyAccount(account: StoredAccount, read: Changes): void {
  if (read.business_profile !== undefined) {
    account.business_profile = {
      ...emptyProfile(),
      ...account.business_profile,
      ...(read.business_profile as Partial<Stripe.Account.BusinessProfile>),
    }
  }
  account.business_type = read.business_type ?? account.business_type ?? null
  account.default_currency = read.default_currency ?? account.default_currency ?? 'eur'
  if (read.email !== undefined) account.email = read.email
  account.metadata = p.mergeMetadata(account.metadata, read.metadata)
  requestCapabilities(account, read.capabilities ?? {})
  const payouts = account.settings?.payouts
  const changed = read.settings?.payouts
  if (!payouts || !changed) return
  payouts.debit_negative_balances =
    changed.debit_negative_balances ?? payouts.debit_negative_balances
  payouts.schedule.interval = changed.schedule?.interval ?? payouts.schedule.interval
  payouts.statement_descriptor = changed.statement_descriptor ?? payouts.statement_descriptor
}

const simulated = ['card_payments', 'transfers'] as const

function requestCapabilities(
  account: StoredAccount,
  asked: Record<string, { requested?: boolean }>,
): void {
  const capabilities = account.capabilities ?? {}
  for (const [name, { requested }] of Object.entries(asked)) {
    const known = simulated.find(capability => capability === name)
    if (known === undefined) {
      throw refused(`Invalid capability: ${name}`, { param: `capabilities[${name}]` })
    }
    if (requested === true) {
      capabilities[known] ??= account.charges_enabled ? 'active' : 'inactive'
    } else if (requested === false) delete capabilities[known]
  }
  account.capabilities = capabilities
}

/** What an account must still give, all of it due now. */
export function requirementsOf(
  due: readonly string[],
  disabledReason: string | null,
  pendingVerification: readonly string[] = [],
): Stripe.Account.Requirements & Stripe.Account.FutureRequirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: [...due],
    disabled_reason: disabledReason as 'requirements.past_due' | null,
    errors: [],
    eventually_due: [...due],
    past_due: disabledReason === 'requirements.past_due' ? [...due] : [],
    pending_verification: [...pendingVerification],
  }
}

function firstRequirements(businessType: string | undefined): string[] {
  return [
    'business_profile.mcc',
    'business_profile.url',
    ...(businessType === undefined ? ['business_type'] : []),
    'external_account',
    'representative.first_name',
    'representative.last_name',
    'tos_acceptance.date',
    'tos_acceptance.ip',
  ]
}

function currencyOf(country: string | undefined): string {
  const currencies: Record<string, string> = {
    CH: 'chf',
    GB: 'gbp',
    HU: 'huf',
    JP: 'jpy',
    KW: 'kwd',
    SE: 'sek',
    US: 'usd',
  }
  return currencies[(country ?? 'FR').toUpperCase()] ?? 'eur'
}

function emptyProfile(): Stripe.Account.BusinessProfile {
  return {
    annual_revenue: null,
    estimated_worker_count: null,
    mcc: null,
    minority_owned_business_designation: null,
    name: null,
    product_description: null,
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: null,
    support_phone: null,
    support_url: null,
    url: null,
  }
}

function newSettings(): Stripe.Account.Settings {
  return {
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_payments: {
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: null, timezone: 'Etc/UTC' },
    payments: {
      statement_descriptor: null,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: {
      debit_negative_balances: true,
      schedule: { delay_days: 7, interval: 'daily' },
      statement_descriptor: null,
    },
  }
}
