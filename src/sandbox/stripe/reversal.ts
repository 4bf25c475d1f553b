import { checkPayable } from './amounts.ts'
import { book } from './bookkeeping.ts'
import { missing, refused } from './failure.ts'
import * as p from './parameters.ts'
import { pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import { findTransfer, publish } from './transfer.ts'
import type { Refund, Reversal, Transfer, World } from './world.ts'

const readCreate = p.shape(
  {},
  {
    amount: p.amount,
    description: p.unsettable,
    metadata: p.metadata,
    refund_application_fee: p.boolean,
  },
)
const { limit, starting_after, ending_before } = pageParameters
const readList = p.shape({}, { limit, starting_after, ending_before })

// Reversals are shelved under their transfer, not under an account: they are only ever listed there.
export const reversalRoutes: Route[] = [
  route('POST', '/v1/transfers/:id/reversals', create),
  route('GET', '/v1/transfers/:id/reversals', call => {
    const transfer = findTransfer(call)
    const { objects, hasMore } = call.world.reversals.page(
      transfer.id,
      readPage(readList(call.parameters)),
    )
    const url = `/v1/transfers/${transfer.id}/reversals`
    return { object: 'list', data: objects, has_more: hasMore, url }
  }),
  route('GET', '/v1/transfers/:id/reversals/:reversal', call => findReversal(call)),
  route('POST', '/v1/transfers/:id/reversals/:reversal', call => {
    const reversal = findReversal(call)
    const read = p.shape({}, { metadata: p.metadata })(call.parameters)
    reversal.metadata = p.mergeMetadata(reversal.metadata, read.metadata)
    return reversal
  }),
]

function findReversal(call: Call): Reversal {
  const transfer = findTransfer(call)
  const reversal = call.world.reversals.find(transfer.id, call.nestedId)
  if (!reversal) throw missing('transfer reversal', call.nestedId)
  return reversal
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  const { world, owner } = call
  const transfer = findTransfer(call)
  const rest = transfer.amount - transfer.amount_reversed
  if (rest === 0) throw refused(`Transfer ${transfer.id} has already been fully reversed.`)
  const amount = read.amount ?? rest
  checkPayable(amount, transfer.currency)
  if (amount > rest) {
    const message = `Transfer reversal amount (${amount}) is greater than unreversed amount on transfer (${rest})`
    throw refused(message, { param: 'amount' })
  }
  const availableOn = checkSellerBalance(world, transfer, amount)
  const reversal = record(world, transfer, amount, p.mergeMetadata(null, read.metadata))
  move(world, owner, transfer, reversal, availableOn)
  publish(world, owner, 'transfer.reversed', transfer)
  return reversal
}

/** A transfer that is still pending is taken from what is pending; later only available money can be taken. */
function checkSellerBalance(world: World, transfer: Transfer, amount: number): number {
  const id = transfer.balance_transaction
  const booked = id === null ? undefined : world.balanceTransactions.locate(id)?.object
  if (booked?.status === 'pending') return booked.available_on
  const seller = transfer.destination ?? ''
  if (world.balances.purse(seller, transfer.currency).available >= amount) return world.seconds()
  const message = `Insufficient funds: the account ${seller} does not have enough available balance to reverse this transfer.`
  throw refused(message, { code: 'balance_insufficient' })
}

function record(
  world: World,
  transfer: Transfer,
  amount: number,
  metadata: Record<string, string>,
): Reversal {
  const reversal: Reversal = {
    id: world.newId('trr'),
    object: 'transfer_reversal',
    amount,
    balance_transaction: null,
    created: world.seconds(),
    currency: transfer.currency,
    destination_payment_refund: world.newId('pyr'),
    metadata,
    source_refund: null,
    transfer: transfer.id,
  }
  transfer.amount_reversed += amount
  transfer.reversed = transfer.amount_reversed === transfer.amount
  return world.reversals.add(transfer.id, reversal)
}

function move(
  world: World,
  owner: string,
  transfer: Transfer,
  reversal: Reversal,
  availableOn: number,
): void {
  const { amount, currency } = reversal
  const seller = transfer.destination ?? ''
  book(world, seller, {
    type: 'payment_refund',
    category: 'refund',
    amount: -amount,
    currency,
    source: giveBack(world, seller, transfer, reversal).id,
    availableOn,
  })
  const payment = world.charges.find(seller, transfer.destination_payment ?? '')
  if (payment) {
    payment.amount_refunded += amount
    payment.refunded = payment.amount_refunded === payment.amount
  }
  const totals = world.balances.totals(currency)
  if (seller === world.platform) totals.collected -= amount
  else totals.reversed += amount
  const back = book(world, owner, {
    type: 'transfer_refund',
    category: 'transfer_reversal',
    amount,
    currency,
    source: reversal.id,
    availableOn,
  })
  reversal.balance_transaction = back.id
}

/** On the account that had received the transfer, its reversal is a refund of the payment. */
function giveBack(world: World, seller: string, transfer: Transfer, reversal: Reversal): Refund {
  const { amount, currency, created, destination_payment_refund: id } = reversal
  const payment = transfer.destination_payment
  return world.refunds.add(seller, {
    id: typeof id === 'string' ? id : reversal.id,
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: typeof payment === 'string' ? payment : null,
    created,
    currency,
    customer: null,
    customer_account: null,
    metadata: {},
    payment_intent: null,
    payment_method: null,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: reversal.id,
    status: 'succeeded',
    transfer_reversal: null,
  })
}
