import { checkBankable } from './amounts.ts'
import { missing, missingReference, refused } from './failure.ts'
import * as p from './parameters.ts'
import { listPage, pageParameters, range, readPage, within } from './page.ts'
import { cancelPayout, makePayout } from './payout-record.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { Payout } from './world.ts'

const readCreate = p.shape(
  { amount: p.amount, currency: p.currency },
  {
    description: p.unsettable,
    destination: p.text,
    metadata: p.metadata,
    method: p.oneOf('instant', 'standard'),
    source_type: p.oneOf('card', 'bank_account', 'fpx'),
    statement_descriptor: p.text,
  },
)
const readList = p.shape(
  {},
  {
    ...pageParameters,
    arrival_date: range,
    destination: p.text,
    status: p.oneOf('canceled', 'failed', 'in_transit', 'paid', 'pending'),
  },
)

export const payoutRoutes: Route[] = [
  route('POST', '/v1/payouts', create),
  route('GET', '/v1/payouts', call => {
    const read = readList(call.parameters)
    return listPage(call, call.world.payouts, '/v1/payouts', {
      ...readPage(read),
      where: payout =>
        (read.status === undefined || payout.status === read.status) &&
        (read.destination === undefined || payout.destination === read.destination) &&
        within(payout.arrival_date, read.arrival_date),
    })
  }),
  route('GET', '/v1/payouts/:id', call => {
    p.shape({}, {})(call.parameters)
    return findPayout(call)
  }),
  route('POST', '/v1/payouts/:id', call => {
    const payout = findPayout(call)
    const read = p.shape({}, { metadata: p.metadata })(call.parameters)
    payout.metadata = p.mergeMetadata(payout.metadata, read.metadata)
    call.world.emit(call.owner, 'payout.updated', payout)
    return payout
  }),
  route('POST', '/v1/payouts/:id/cancel', call => {
    const payout = findPayout(call)
    if (payout.status !== 'pending') {
      throw refused(`Payouts can only be canceled while they are pending; it is ${payout.status}.`)
    }
    cancelPayout(call.world, call.owner, payout)
    return payout
  }),
]

function findPayout(call: Call): Payout {
  const payout = call.world.payouts.find(call.owner, call.id)
  if (!payout) throw missing('payout', call.id, 'payout')
  return payout
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  checkBankable(read.amount, read.currency)
  const { world, owner } = call
  const destination = bankOf(call, read.destination)
  if (read.amount > world.balances.purse(owner, read.currency).available) {
    const message =
      'You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You can use the /v1/balance endpoint to view your Stripe balance (for more details, see stripe.com/docs/api#balance).'
    throw refused(message, { code: 'balance_insufficient' })
  }
  return makePayout(world, owner, {
    amount: read.amount,
    currency: read.currency,
    description: read.description ?? null,
    destination,
    metadata: p.mergeMetadata(null, read.metadata),
    method: read.method ?? 'standard',
    statementDescriptor: read.statement_descriptor ?? null,
  })
}

function bankOf(call: Call, asked: string | undefined): string {
  const { world, owner } = call
  if (owner === world.platform) return asked ?? 'ba_platform'
  const account = world.accounts.find(world.platform, owner)
  const banks = account?.external_accounts?.data ?? []
  if (account?.payouts_enabled !== true) {
    throw refused(
      'Cannot create payouts: this account has requirements that need to be fulfilled first.',
      { code: 'payouts_not_allowed' },
    )
  }
  const bank = banks.find(({ id }) => asked === undefined || id === asked)
  if (bank) return bank.id
  if (asked !== undefined) throw missingReference('external account', asked, 'destination')
  throw refused('Sorry, you do not have any external accounts in that currency.')
}
