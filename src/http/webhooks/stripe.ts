import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { storeProviderEvent } from '../../workflows/store-provider-event.ts'
import type { HttpDeps, HttpEnvironment } from '../deps.ts'
import { ProblemError } from '../problem.ts'
import { webhookLimit } from '../rate-limits.ts'

/** Bytes of a webhook at most; Stripe's events are some kilobytes. */
const bodyLimit = 1024 * 1024

type Endpoint = keyof HttpEnvironment['secrets']

/** Which variable has the signing secret that is missing. */
const variables: Record<Endpoint, string> = {
  sellers: 'STRIPE_SELLERS_WEBHOOK_SECRET',
  operator: 'STRIPE_OPERATOR_WEBHOOK_SECRET',
  callback: 'STRIPE_SELLERS_WEBHOOK_SECRET or STRIPE_OPERATOR_WEBHOOK_SECRET',
}

/**
 * Stripe's webhooks: verified, stored, answered; a job applies them. Every event whose signature
 * fits is answered 200, whatever its type or mode: an endpoint that refuses is switched off.
 */
export async function stripeWebhooks(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const wakeUp = createWaker(app, deps)
  // The signature is of the bytes as they came: no JSON parser may touch them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_, body, done) =>
    done(null, body),
  )
  const options = { bodyLimit, config: { rateLimit: webhookLimit } }
  const route = (url: string, endpoint: Endpoint) => {
    app.post<{ Params: { companyId?: string } }>(url, options, async (request, reply) => {
      const { companyId } = request.params
      const served = deps.environments.filter(
        each => companyId === undefined || each.environment.companyId === companyId,
      )
      if (served.length === 0) {
        throw new ProblemError({ status: 404, detail: 'No company of this id is served here.' })
      }
      return receive(deps, wakeUp, served, endpoint, request, reply)
    })
  }
  route('/api/public/webhook/sellers', 'sellers')
  // The old connector's address from before there were two; sellers' events went there.
  route('/api/public/webhook', 'sellers')
  route('/api/public/webhook/operator', 'operator')
  route('/callbacks/v1.0/stripe/:companyId', 'callback')
}

async function receive(
  deps: HttpDeps,
  wakeUp: (environmentId: string) => void,
  served: readonly HttpEnvironment[],
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const configured = served.filter(each => each.secrets[endpoint].length > 0)
  if (configured.length === 0) {
    const detail = `No signing secret is configured for this endpoint: set ${variables[endpoint]}.`
    throw new ProblemError({ status: 503, detail })
  }
  const delivery = {
    body: typeof request.body === 'string' ? request.body : '',
    signature: signatureOf(request),
  }
  const receiver = receiverOf(configured, endpoint, delivery)
  const { environment, reader, provider } = receiver
  const receipt = await storeProviderEvent(
    { database: deps.database, environment, clock: deps.clock },
    reader,
    { ...delivery, secrets: receiver.secrets[endpoint], provider: provider.name },
  )
  if (receipt.result === 'refused') {
    deps.log('warn', 'a webhook was refused', { endpoint, problem: receipt.problem })
    throw new ProblemError({ status: 400, detail: receipt.problem })
  }
  const { result, id, type } = receipt
  deps.log('info', 'a webhook arrived', { environment: environment.slug, event: id, type, result })
  wakeUp(environment.id)
  return reply.send({ received: true })
}

/**
 * The environment whose secret verifies; of several with the same secret, the one of the event's
 * mode. When none does, the first: its answer says why.
 */
function receiverOf(
  candidates: readonly HttpEnvironment[],
  endpoint: Endpoint,
  delivery: { body: string; signature: string | null },
): HttpEnvironment {
  const [first] = candidates
  if (first === undefined) throw new Error('no environment to receive the event')
  if (candidates.length === 1) return first
  const verified = candidates.flatMap(each => {
    const read = each.reader.verify(delivery.body, delivery.signature, each.secrets[endpoint])
    return read.ok ? [{ each, agrees: read.event.live === (each.environment.mode === 'live') }] : []
  })
  return (verified.find(({ agrees }) => agrees) ?? verified[0])?.each ?? first
}

function signatureOf(request: FastifyRequest): string | null {
  const header = request.headers['stripe-signature']
  return typeof header === 'string' ? header : null
}

/**
 * Wakes the job up beside the answer, never in its way. What is under way is awaited when the
 * server closes.
 */
function createWaker(app: FastifyInstance, deps: HttpDeps): (environmentId: string) => void {
  const underWay = new Set<Promise<void>>()
  app.addHook('onClose', async () => void (await Promise.all(underWay)))
  const wake = async (environmentId: string) => {
    try {
      await deps.wakeUp(environmentId)
    } catch (error) {
      // The event is stored, and the job has a schedule.
      deps.log('warn', 'the job for events could not be woken up', { problem: String(error) })
    }
  }
  return environmentId => {
    const waking = wake(environmentId).finally(() => underWay.delete(waking))
    underWay.add(waking)
  }
}
