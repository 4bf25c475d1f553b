import type { BalanceTransaction } from './bookkeeping.ts'
import { missing, refused } from './failure.ts'
import * as p from './parameters.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'

const readList = p.shape(
  {},
  { ...pageParameters, currency: p.currency, payout: p.text, source: p.text, type: p.text },
)

export const balanceRoutes: Route[] = [
  route('GET', '/v1/balance', show),
  route('GET', '/v1/balance_transactions', list),
  route('GET', '/v1/balance_transactions/:id', call => {
    p.shape({}, {})(call.parameters)
    const found = call.world.balanceTransactions.find(call.owner, call.id)
    if (!found) throw missing('balance transaction', call.id)
    return found
  }),
]

function show(call: Call): object {
  p.shape({}, {})(call.parameters)
  const { world, owner } = call
  const account = world.accounts.find(world.platform, owner)
  world.balances.purse(owner, account?.default_currency ?? 'eur')
  const purses = [...world.balances.of(owner)]
  const part = (amount: number, currency: string): object => ({
    amount,
    currency,
    source_types: { card: amount },
  })
  return {
    object: 'balance',
    available: purses.map(([currency, { available }]) => part(available, currency)),
    ...(owner === world.platform
      ? { connect_reserved: purses.map(([currency]) => ({ amount: 0, currency })) }
      : {}),
    livemode: world.livemode,
    pending: purses.map(([currency, { pending }]) => part(pending, currency)),
  }
}

function list(call: Call): object {
  const read = readList(call.parameters)
  if (read.payout !== undefined) {
    if (!call.world.payouts.find(call.owner, read.payout)) throw missing('payout', read.payout)
    // Stripe knows what an automatic payout is made of; automatic ones do not exist here.
    const message =
      'Balance transaction history can only be filtered on automatic transfers, not manual.'
    throw refused(message, { param: 'payout' })
  }
  return listPage(call, call.world.balanceTransactions, '/v1/balance_transactions', {
    ...readPage(read),
    match: {
      source: read.source,
      currency: read.currency,
      type: read.type as BalanceTransaction['type'],
    },
  })
}
