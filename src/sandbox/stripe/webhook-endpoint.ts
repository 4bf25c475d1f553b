import type Stripe from 'stripe'
import { missing, refused } from './failure.ts'
import * as p from './parameters.ts'
import { pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { Unexpanded, World } from './world.ts'

/** An endpoint as stored: with its secret, and whether it gets the events of connected accounts. */
export type Endpoint = Omit<Unexpanded<Stripe.WebhookEndpoint>, 'deleted'> & {
  secret: string
  connect: boolean
  deleted?: boolean
}

const changeable = {
  description: p.unsettable,
  enabled_events: p.listOf(p.text),
  metadata: p.metadata,
  url: p.text,
}
const readCreate = p.shape(
  { enabled_events: p.listOf(p.text), url: p.text },
  { ...changeable, api_version: p.text, connect: p.boolean },
)
const readUpdate = p.shape({}, { ...changeable, disabled: p.boolean })

export const webhookEndpointRoutes: Route[] = [
  route('POST', '/v1/webhook_endpoints', create),
  route('GET', '/v1/webhook_endpoints', call => {
    const query = readPage(p.shape({}, pageParameters)(call.parameters))
    const { objects, hasMore } = call.world.endpoints.page(call.owner, {
      ...query,
      where: endpoint => !endpoint.deleted,
    })
    return {
      object: 'list',
      data: objects.map(shownEndpoint),
      has_more: hasMore,
      url: '/v1/webhook_endpoints',
    }
  }),
  route('GET', '/v1/webhook_endpoints/:id', call => {
    p.shape({}, {})(call.parameters)
    return shownEndpoint(findEndpoint(call))
  }),
  route('POST', '/v1/webhook_endpoints/:id', update),
  route('DELETE', '/v1/webhook_endpoints/:id', call => {
    const endpoint = findEndpoint(call)
    endpoint.deleted = true
    return { id: endpoint.id, object: 'webhook_endpoint', deleted: true }
  }),
]

function create(call: Call): object {
  const read = readCreate(call.parameters)
  checkUrl(call, read.url)
  const { world } = call
  const endpoint: Endpoint = {
    id: world.newId('we'),
    object: 'webhook_endpoint',
    api_version: read.api_version ?? null,
    application: null,
    created: world.seconds(),
    description: read.description ?? null,
    enabled_events: read.enabled_events,
    livemode: world.livemode,
    metadata: p.mergeMetadata(null, read.metadata),
    status: 'enabled',
    url: read.url,
    secret: world.newId('whsec'),
    connect: read.connect ?? false,
  }
  world.endpoints.add(call.owner, endpoint)
  return { ...shownEndpoint(endpoint), secret: endpoint.secret }
}

/** An endpoint whose secret is known before it is made. */
export interface ChosenEndpoint {
  url: string
  /** `whsec_…` */
  secret: string
  /** The events of connected accounts instead of the platform's own. */
  connect: boolean
}

/** Makes an endpoint of the platform for all events. Returns its id. */
export function addEndpoint(world: World, chosen: ChosenEndpoint): string {
  const id = world.newId('we')
  world.endpoints.add(world.platform, {
    id,
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: world.seconds(),
    description: null,
    enabled_events: ['*'],
    livemode: world.livemode,
    metadata: {},
    status: 'enabled',
    ...chosen,
  })
  return id
}

function update(call: Call): object {
  const endpoint = findEndpoint(call)
  const read = readUpdate(call.parameters)
  if (read.url !== undefined) checkUrl(call, read.url)
  endpoint.url = read.url ?? endpoint.url
  endpoint.enabled_events = read.enabled_events ?? endpoint.enabled_events
  if (read.description !== undefined) endpoint.description = read.description
  if (read.disabled !== undefined) endpoint.status = read.disabled ? 'disabled' : 'enabled'
  endpoint.metadata = p.mergeMetadata(endpoint.metadata, read.metadata)
  return shownEndpoint(endpoint)
}

function checkUrl(call: Call, url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol === 'https:' || (protocol === 'http:' && !call.world.livemode)) return
  throw refused(`Invalid URL: ${url}`, { code: 'url_invalid', param: 'url' })
}

function findEndpoint(call: Call): Endpoint {
  const endpoint = call.world.endpoints.find(call.owner, call.id)
  if (!endpoint || endpoint.deleted) throw missing('webhook endpoint', call.id)
  return endpoint
}

/** Without what the API does not tell: the secret is answered once, at creation. */
function shownEndpoint(endpoint: Endpoint): object {
  const { secret: _secret, connect: _connect, ...shown } = endpoint
  return shown
}
