import { invalidParameter, missing } from './failure.ts'
import * as p from './parameters.ts'
import { pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { EventRecord } from './emission.ts'

const readList = p.shape(
  {},
  { ...pageParameters, delivery_success: p.boolean, type: p.text, types: p.listOf(p.text) },
)

export const eventRoutes: Route[] = [
  route('GET', '/v1/events', list),
  route('GET', '/v1/events/:id', call => {
    p.shape({}, {})(call.parameters)
    const event = call.world.events.find(call.owner, call.id)
    if (!event) throw missing('event', call.id)
    return parsed(event)
  }),
]

function parsed(event: EventRecord): object {
  return JSON.parse(event.json) as object
}

function list(call: Call): object {
  const read = readList(call.parameters)
  if (read.type !== undefined && read.types !== undefined) {
    throw invalidParameter('You may specify only one of these parameters: type, types.', 'types')
  }
  const wanted = read.types ?? (read.type === undefined ? undefined : [read.type])
  const { objects, hasMore } = call.world.events.page(call.owner, {
    ...readPage(read),
    where: ({ type }) => wanted === undefined || wanted.some(pattern => covers(pattern, type)),
  })
  return { object: 'list', data: objects.map(parsed), has_more: hasMore, url: '/v1/events' }
}

/** `charge.*` covers every type of charges, as in Stripe's list. */
function covers(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type
}
