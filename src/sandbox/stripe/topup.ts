import { checkPayable } from './amounts.ts'
import { missing, refused } from './failure.ts'
import * as p from './parameters.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import { cancelTopup, makeTopup } from './topup-record.ts'
import type { Topup } from './world.ts'

const readCreate = p.shape(
  { amount: p.amount, currency: p.currency },
  {
    description: p.text,
    metadata: p.metadata,
    source: p.text,
    statement_descriptor: p.text,
    transfer_group: p.text,
  },
)
const statuses = p.oneOf('canceled', 'failed', 'pending', 'succeeded')
const readList = p.shape({}, { ...pageParameters, status: statuses })
const readUpdate = p.shape({}, { description: p.unsettable, metadata: p.metadata })

/** Money that the platform brings in from its own bank; connected accounts have no top-ups. */
export const topupRoutes: Route[] = [
  route('POST', '/v1/topups', create),
  route('GET', '/v1/topups', call => {
    const read = readList(call.parameters)
    const { status } = read
    return listPage(call, call.world.topups, '/v1/topups', {
      ...readPage(read),
      match: { status },
    })
  }),
  route('GET', '/v1/topups/:id', call => {
    p.shape({}, {})(call.parameters)
    return findTopup(call)
  }),
  route('POST', '/v1/topups/:id', call => {
    const topup = findTopup(call)
    const read = readUpdate(call.parameters)
    topup.metadata = p.mergeMetadata(topup.metadata, read.metadata)
    if (read.description !== undefined) topup.description = read.description
    return topup
  }),
  route('POST', '/v1/topups/:id/cancel', call => {
    const topup = findTopup(call)
    if (topup.status !== 'pending') {
      throw refused(`Top-ups can only be canceled while they are pending; it is ${topup.status}.`)
    }
    cancelTopup(call.world, call.owner, topup)
    return topup
  }),
]

function findTopup(call: Call): Topup {
  const topup = call.world.topups.find(call.owner, call.id)
  if (!topup) throw missing('topup', call.id, 'topup')
  return topup
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  checkPayable(read.amount, read.currency)
  const { world, owner } = call
  if (owner !== world.platform) throw refused('Connected accounts cannot create top-ups.')
  return makeTopup(world, owner, {
    amount: read.amount,
    currency: read.currency,
    description: read.description ?? null,
    metadata: p.mergeMetadata(null, read.metadata),
    statementDescriptor: read.statement_descriptor ?? null,
    group: read.transfer_group ?? null,
  })
}
