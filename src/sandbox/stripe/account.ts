import type Stripe from 'stripe'
import { noAccess, refused } from './failure.ts'
import * as p from './parameters.ts'
import { applyAccount, controllerOf, newAccount, readCreate, readUpdate } from './account-record.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { Unexpanded } from './world.ts'

/** A connected account as stored; one that was deleted or has left the platform stays, out of reach. */
export type StoredAccount = Omit<Unexpanded<Stripe.Account>, 'deleted' | 'created'> & {
  created: number
  metadata: Record<string, string>
}

const readList = p.shape({}, pageParameters)
const readReject = p.shape({ reason: p.oneOf('fraud', 'other', 'terms_of_service') }, {})

export const accountRoutes: Route[] = [
  route('POST', '/v1/accounts', create),
  route('GET', '/v1/accounts', call =>
    listPage(call, call.world.accounts, '/v1/accounts', {
      ...readPage(readList(call.parameters)),
      where: ({ id }) => !call.world.gone.has(id),
    }),
  ),
  route('GET', '/v1/account', call =>
    call.owner === call.world.platform ? platformAccount(call) : findAccount(call, call.owner),
  ),
  route('GET', '/v1/accounts/:id', call => {
    p.shape({}, {})(call.parameters)
    return call.id === call.world.platform ? platformAccount(call) : findAccount(call, call.id)
  }),
  route('POST', '/v1/accounts/:id', update),
  route('POST', '/v1/accounts/:id/reject', reject),
  route('DELETE', '/v1/accounts/:id', remove),
]

/** The connected account; throws the 403 with which Stripe answers for all others. */
export function findAccount(call: Call, id: string): StoredAccount {
  const account = call.world.accounts.find(call.world.platform, id)
  if (!account || call.world.gone.has(id)) throw noAccess(call.key, id)
  return account
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  if (call.world.settings.accountsV1Refused) {
    throw refused(
      'Your platform cannot create accounts with Accounts v1. Use the Accounts v2 API instead.',
    )
  }
  if (read.type !== undefined && read.controller !== undefined) {
    throw refused(
      'You may not provide the `type` parameter and `controller` parameters simultaneously. They are mutually exclusive.',
      { param: 'type' },
    )
  }
  const account = newAccount(call.world, read, controllerOf(read))
  return call.world.accounts.add(call.world.platform, account)
}

function update(call: Call): object {
  const account = findAccount(call, call.id)
  applyAccount(account, readUpdate(call.parameters))
  call.world.emit(account.id, 'account.updated', account)
  return account
}

function reject(call: Call): object {
  const account = findAccount(call, call.id)
  const { reason } = readReject(call.parameters)
  rejectAccount(call.world, account, reason)
  return account
}

/** Closes the account for payments and payouts for good. */
export function rejectAccount(
  world: Call['world'],
  account: StoredAccount,
  reason: 'fraud' | 'other' | 'terms_of_service',
): void {
  account.charges_enabled = false
  account.payouts_enabled = false
  for (const name of ['card_payments', 'transfers'] as const) {
    if (account.capabilities?.[name] !== undefined) account.capabilities[name] = 'inactive'
  }
  if (account.requirements) account.requirements.disabled_reason = `rejected.${reason}`
  world.emit(account.id, 'account.updated', account)
}

function remove(call: Call): object {
  const account = findAccount(call, call.id)
  for (const purse of call.world.balances.of(account.id).values()) {
    if (purse.available !== 0 || purse.pending !== 0) {
      throw refused(
        `This account cannot be deleted because it has a balance that is not zero: ${account.id}`,
      )
    }
  }
  call.world.gone.add(account.id)
  return { id: account.id, object: 'account', deleted: true }
}

function platformAccount(call: Call): object {
  const { platform } = call.world
  return {
    id: platform,
    object: 'account',
    business_profile: { name: 'Marketplace' },
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    country: 'FR',
    default_currency: 'eur',
    details_submitted: true,
    email: 'operator@marketplace.test',
    metadata: {},
    payouts_enabled: true,
    type: 'standard',
  }
}
