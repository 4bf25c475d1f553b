import { invalidParameter, missing, refused, StripeFailure } from './failure.ts'
import * as p from './parameters.ts'
import {
  approveCharge,
  captureCharge,
  declineCharge,
  joinGroup,
  releaseCharge,
} from './charge-record.ts'
import { authorizationSeconds } from './charge-record.ts'
import type { NewCharge } from './charge-record.ts'
import { checkChargeable } from './amounts.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import { findTestCard } from './test-card.ts'
import { later } from './world.ts'
import type { Charge, World } from './world.ts'

const readCreate = p.shape(
  { amount: p.amount, currency: p.currency },
  {
    capture: p.boolean,
    customer: p.text,
    description: p.unsettable,
    metadata: p.metadata,
    source: p.text,
    statement_descriptor: p.text,
    statement_descriptor_suffix: p.text,
    transfer_group: p.text,
  },
)
const readUpdate = p.shape(
  {},
  { description: p.unsettable, metadata: p.metadata, transfer_group: p.text },
)
const readCapture = p.shape({}, { amount: p.amount, transfer_group: p.text })
const readList = p.shape(
  {},
  { ...pageParameters, customer: p.text, payment_intent: p.text, transfer_group: p.text },
)

export const chargeRoutes: Route[] = [
  route('POST', '/v1/charges', create),
  route('GET', '/v1/charges', list),
  route('GET', '/v1/charges/:id', call => {
    p.shape({}, {})(call.parameters)
    return findCharge(call)
  }),
  route('POST', '/v1/charges/:id', update),
  route('POST', '/v1/charges/:id/capture', capture),
]

function findCharge(call: Call): Charge {
  const charge = call.world.charges.find(call.owner, call.id)
  if (!charge) throw missing('charge', call.id)
  return charge
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  checkChargeable(read.amount, read.currency)
  const source = read.source ?? read.customer
  if (source === undefined) {
    throw invalidParameter('Must provide source or customer.', 'source', 'parameter_missing')
  }
  const card = findTestCard(source)
  const asked: NewCharge = {
    amount: read.amount,
    currency: read.currency,
    capture: read.capture ?? true,
    paymentMethod: source,
    paymentIntent: null,
    transferGroup: read.transfer_group ?? null,
    metadata: p.mergeMetadata(null, read.metadata),
    description: read.description ?? null,
  }
  const { world, owner } = call
  if (card?.outcome === 'declined') {
    const charge = declineCharge(world, owner, asked, card)
    throw declinedFailure(card, charge.id)
  }
  if (card?.outcome !== 'approved') throw refused(`No such token: '${source}'`, { param: 'source' })
  const charge = approveCharge(world, owner, asked, card.funds)
  if (!asked.capture) expireLater(world, owner, charge)
  return charge
}

/** The 402 of a declined card. */
export function declinedFailure(
  card: { code: string; message: string; declineCode?: string },
  charge: string,
  paymentIntent?: object,
): StripeFailure {
  return new StripeFailure(
    402,
    {
      type: 'card_error',
      message: card.message,
      code: card.code,
      charge,
      ...(card.declineCode === undefined ? {} : { decline_code: card.declineCode }),
      ...(paymentIntent === undefined ? {} : { payment_intent: paymentIntent }),
    },
    true,
  )
}

function expireLater(world: World, owner: string, charge: Charge): void {
  later(world, world.seconds() + authorizationSeconds, () => {
    if (charge.captured || charge.refunded) return
    releaseCharge(charge)
    world.emit(owner, 'charge.expired', charge)
  })
}

function update(call: Call): object {
  const charge = findCharge(call)
  const read = readUpdate(call.parameters)
  charge.metadata = p.mergeMetadata(charge.metadata, read.metadata)
  if (read.description !== undefined) charge.description = read.description
  if (read.transfer_group !== undefined && read.transfer_group !== charge.transfer_group) {
    if (charge.transfer_group !== null) {
      const message = 'The transfer_group of a charge cannot be changed once it has been set.'
      throw refused(message, { param: 'transfer_group' })
    }
    joinGroup(call.world, charge, read.transfer_group)
  }
  call.world.emit(call.owner, 'charge.updated', charge)
  return charge
}

function capture(call: Call): object {
  const charge = findCharge(call)
  const read = readCapture(call.parameters)
  if (charge.payment_intent !== null) {
    throw refused(
      `This charge was created by a PaymentIntent (${charge.payment_intent}); capture the PaymentIntent instead.`,
    )
  }
  if (charge.captured) {
    const message = `Charge ${charge.id} has already been captured.`
    throw refused(message, { code: 'charge_already_captured' })
  }
  if (charge.refunded) {
    const message = `Charge ${charge.id} has expired or was released and can no longer be captured.`
    throw refused(message, { code: 'charge_expired_for_capture' })
  }
  if (charge.status !== 'succeeded') throw refused(`Charge ${charge.id} has failed.`)
  const amount = read.amount ?? charge.amount
  checkChargeable(amount, charge.currency)
  captureCharge(call.world, call.owner, charge, amount)
  return charge
}

function list(call: Call): object {
  const read = readList(call.parameters)
  const { customer, payment_intent, transfer_group } = read
  return listPage(call, call.world.charges, '/v1/charges', {
    ...readPage(read),
    match: { payment_intent, transfer_group, customer },
  })
}
