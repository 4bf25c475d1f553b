import { findAccount } from './account.ts'
import { refused } from './failure.ts'
import * as p from './parameters.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'

export const loginLinkRoutes: Route[] = [route('POST', '/v1/accounts/:id/login_links', create)]

function create(call: Call): object {
  p.shape({}, {})(call.parameters)
  const account = findAccount(call, call.id)
  if (account.controller?.stripe_dashboard?.type !== 'express') {
    throw refused('Cannot create a login link for an account without the Express Dashboard.')
  }
  if (!account.details_submitted) {
    throw refused('Cannot create a login link for an account that has not completed onboarding.')
  }
  const token = call.world.newId('link').slice(5)
  return {
    object: 'login_link',
    created: call.world.seconds(),
    url: `https://connect.stripe.com/express/${account.id}/${token}`,
  }
}
