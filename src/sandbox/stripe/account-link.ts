import { findAccount } from './account.ts'
import { invalidParameter, refused } from './failure.ts'
import * as p from './parameters.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { World } from './world.ts'

/** A link to the hosted form, remembered by its URL. */
export interface AccountLinkRecord {
  account: string
  type: 'account_onboarding' | 'account_update'
  refreshUrl: string
  returnUrl: string
  expiresAt: number
  visited: boolean
}

/** What a browser meets at a link: the form, or at once the redirection to the platform's refresh URL. */
export type LinkVisit =
  | { opened: true; account: string; type: AccountLinkRecord['type']; returnUrl: string }
  | { opened: false; redirect: string }

const lifeSeconds = 300
const linkType = p.oneOf('account_onboarding', 'account_update')
const readCreate = p.shape(
  { account: p.text, type: linkType },
  {
    collect: p.oneOf('currently_due', 'eventually_due'),
    collection_options: p.anything,
    refresh_url: p.text,
    return_url: p.text,
  },
)

export const accountLinkRoutes: Route[] = [route('POST', '/v1/account_links', create)]

function create(call: Call): object {
  const { world } = call
  const read = readCreate(call.parameters)
  const account = findAccount(call, read.account)
  const own = account.controller?.requirement_collection === 'application'
  if (read.type === 'account_update' && !own) {
    const message =
      'You cannot create `account_update` type Account Links for this account. Valid types: `account_onboarding`.'
    throw refused(message, { param: 'type' })
  }
  const refreshUrl = requireUrl(read.refresh_url, 'refresh_url')
  const returnUrl = requireUrl(read.return_url, 'return_url')
  const created = world.seconds()
  const url = `https://connect.stripe.com/setup/e/${account.id}/${world.newId('link').slice(5)}`
  world.accountLinks.set(url, {
    account: account.id,
    type: read.type,
    refreshUrl,
    returnUrl,
    expiresAt: created + lifeSeconds,
    visited: false,
  })
  return { object: 'account_link', created, expires_at: created + lifeSeconds, url }
}

function requireUrl(url: string | undefined, param: string): string {
  if (url === undefined) {
    throw invalidParameter(`Missing required param: ${param}.`, param, 'parameter_missing')
  }
  if (!URL.canParse(url)) throw invalidParameter('Not a valid URL', param, 'url_invalid')
  return url
}

/** A browser opens the link. It works once and for five minutes; afterwards Stripe redirects to the refresh URL. */
export function visitLink(world: World, url: string): LinkVisit {
  const link = world.accountLinks.get(url)
  if (!link) throw new Error(`No such account link: ${url}`)
  if (link.visited || world.seconds() >= link.expiresAt) {
    return { opened: false, redirect: link.refreshUrl }
  }
  link.visited = true
  return { opened: true, account: link.account, type: link.type, returnUrl: link.returnUrl }
}
