import { checkPayable } from './amounts.ts'
import { book } from './bookkeeping.ts'
import { bookingOf } from './conversion.ts'
import { availabilityOf, joinGroup, newCharge, restOfCharge } from './charge-record.ts'
import { invalidParameter, missing, missingReference, refused } from './failure.ts'
import * as p from './parameters.ts'
import { pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { Charge, Transfer, World } from './world.ts'

const readCreate = p.shape(
  { currency: p.currency, destination: p.text },
  {
    amount: p.amount,
    description: p.unsettable,
    metadata: p.metadata,
    source_transaction: p.text,
    source_type: p.oneOf('card', 'bank_account', 'fpx'),
    transfer_group: p.text,
  },
)
const readUpdate = p.shape({}, { description: p.unsettable, metadata: p.metadata })
const readList = p.shape({}, { ...pageParameters, destination: p.text, transfer_group: p.text })

export const transferRoutes: Route[] = [
  route('POST', '/v1/transfers', create),
  route('GET', '/v1/transfers', list),
  route('GET', '/v1/transfers/:id', call => {
    p.shape({}, {})(call.parameters)
    return shownTransfer(call.world, findTransfer(call))
  }),
  route('POST', '/v1/transfers/:id', call => {
    const transfer = findTransfer(call)
    const read = readUpdate(call.parameters)
    transfer.metadata = p.mergeMetadata(transfer.metadata, read.metadata)
    if (read.description !== undefined) transfer.description = read.description
    publish(call.world, call.owner, 'transfer.updated', transfer)
    return shownTransfer(call.world, transfer)
  }),
]

/** The transfer of the path's first variable. */
export function findTransfer(call: Call): Transfer {
  const transfer = call.world.transfers.find(call.owner, call.id)
  if (!transfer) throw missing('transfer', call.id)
  return transfer
}

/** With the first ten reversals, as the API answers it. */
export function shownTransfer(world: World, transfer: Transfer): object {
  const reversals = world.reversals.all(transfer.id)
  return {
    ...transfer,
    reversals: {
      object: 'list',
      data: reversals.slice(-10).toReversed(),
      has_more: reversals.length > 10,
      url: `/v1/transfers/${transfer.id}/reversals`,
    },
  }
}

/** Publishes an event about a transfer as the API shows it. */
export function publish(world: World, owner: string, type: string, transfer: Transfer): void {
  world.emit(owner, type, shownTransfer(world, transfer))
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  const { world, owner } = call
  checkDestination(call, read.destination)
  const source =
    read.source_transaction === undefined
      ? undefined
      : sourceOf(call, read.source_transaction, read.currency)
  const amount = read.amount ?? (source && restOfCharge(world, owner, source))
  if (amount === undefined) {
    throw invalidParameter('Missing required param: amount.', 'amount', 'parameter_missing')
  }
  checkPayable(amount, read.currency)
  if (source) checkRest(call, source, amount)
  else checkAvailable(call, amount, read.currency)
  const transfer = newTransfer(call, {
    amount,
    currency: read.currency,
    destination: read.destination,
    description: read.description ?? null,
    metadata: p.mergeMetadata(null, read.metadata),
    source: source?.id ?? null,
    group: groupOf(world, read.transfer_group, source),
  })
  move(world, owner, transfer, source)
  publish(world, owner, 'transfer.created', transfer)
  return shownTransfer(world, transfer)
}

function checkDestination(call: Call, destination: string): void {
  const { world, owner } = call
  if (owner !== world.platform) {
    // A connected account can pay its platform only: the debit of a seller.
    if (destination === world.platform) return
    throw missingReference('destination', destination, 'destination')
  }
  const account = world.accounts.find(owner, destination)
  if (!account || world.gone.has(destination)) {
    throw missingReference('destination', destination, 'destination')
  }
  if (account.capabilities?.transfers === 'active') return
  const message =
    'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments'
  throw refused(message, { code: 'insufficient_capabilities_for_transfer' })
}

function sourceOf(call: Call, id: string, currency: string): Charge {
  const charge = call.world.charges.find(call.owner, id)
  const param = 'source_transaction'
  if (!charge) throw missingReference('charge', id, param)
  if (!charge.captured || charge.status !== 'succeeded') {
    throw refused(`The charge ${id} has not been captured and cannot be transferred from.`, {
      param,
    })
  }
  const settledIn = bookingOf(call.world, call.owner, charge)?.currency ?? charge.currency
  if (settledIn !== currency) {
    const message = `The currency of source_transaction's balance transaction (${settledIn}) must be the same as the transfer currency (${currency})`
    throw refused(message, { param: 'currency' })
  }
  return charge
}

function checkRest(call: Call, source: Charge, amount: number): void {
  const rest = restOfCharge(call.world, call.owner, source)
  if (amount <= rest) return
  const brought = bookingOf(call.world, call.owner, source)
  const message = `Transfers using this transaction as a source must not exceed the source amount of ${brought?.amount} ${brought?.currency}. (What is left of it is ${rest}.)`
  throw refused(message, { param: 'amount' })
}

function checkAvailable(call: Call, amount: number, currency: string): void {
  if (amount <= call.world.balances.purse(call.owner, currency).available) return
  const message =
    'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance'
  throw refused(message, { code: 'balance_insufficient' })
}

function groupOf(
  world: World,
  asked: string | undefined,
  source: Charge | undefined,
): string | null {
  if (!source) return asked ?? null
  const group = asked ?? source.transfer_group ?? `group_${source.id}`
  if (source.transfer_group === null) joinGroup(world, source, group)
  return group
}

interface Agreed {
  amount: number
  currency: string
  destination: string
  description: string | null
  metadata: Record<string, string>
  source: string | null
  group: string | null
}

function newTransfer(call: Call, agreed: Agreed): Transfer {
  const { world } = call
  const transfer: Transfer = {
    id: world.newId('tr'),
    object: 'transfer',
    amount: agreed.amount,
    amount_reversed: 0,
    balance_transaction: null,
    created: world.seconds(),
    currency: agreed.currency,
    description: agreed.description,
    destination: agreed.destination,
    livemode: world.livemode,
    metadata: agreed.metadata,
    reversed: false,
    source_transaction: agreed.source,
    source_type: 'card',
    transfer_group: agreed.group,
  }
  return world.transfers.add(call.owner, transfer)
}

/** Takes the money from one account and gives it to the other as a `py_` payment, both when the source is available. */
function move(world: World, owner: string, transfer: Transfer, source: Charge | undefined): void {
  const { amount, currency, id } = transfer
  const destination = transfer.destination ?? world.platform
  const availableOn = source ? availabilityOf(world, owner, source) : world.seconds()
  const taken = book(world, owner, {
    type: 'transfer',
    category: 'transfer',
    amount: -amount,
    currency,
    source: id,
    description: transfer.description,
    availableOn,
  })
  transfer.balance_transaction = taken.id
  const payment = receive(world, destination, transfer, availableOn)
  transfer.destination_payment = payment.id
  const totals = world.balances.totals(currency)
  if (destination === world.platform) totals.collected += amount
  else totals.transferred += amount
}

function receive(
  world: World,
  destination: string,
  transfer: Transfer,
  availableOn: number,
): Charge {
  const { amount, currency } = transfer
  const payment = newCharge(
    world,
    {
      amount,
      currency,
      capture: true,
      paymentMethod: 'stripe_account',
      paymentIntent: null,
      transferGroup: transfer.transfer_group,
      metadata: {},
      description: null,
    },
    'py',
  )
  payment.captured = true
  payment.amount_captured = amount
  payment.payment_method = null
  payment.payment_method_details = fromAccount
  payment.source_transfer = transfer.id
  world.charges.add(destination, payment)
  const given = book(world, destination, {
    type: 'payment',
    // For whom it comes to, it is as a customer's payment.
    category: 'charge',
    amount,
    currency,
    source: payment.id,
    availableOn,
  })
  payment.balance_transaction = given.id
  return payment
}

const fromAccount: Charge['payment_method_details'] = {
  stripe_account: {},
  type: 'stripe_account',
}

function list(call: Call): object {
  const read = readList(call.parameters)
  const { destination, transfer_group } = read
  const { world, owner } = call
  const { objects, hasMore } = world.transfers.page(owner, {
    ...readPage(read),
    match: { transfer_group, destination },
  })
  return {
    object: 'list',
    data: objects.map(transfer => shownTransfer(world, transfer)),
    has_more: hasMore,
    url: '/v1/transfers',
  }
}
