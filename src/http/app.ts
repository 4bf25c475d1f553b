import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import type { HttpDeps } from './deps.ts'
import { answerErrors, answerUnreadable, sendProblem } from './problem.ts'
import { healthRoutes } from './routes/health.ts'
import { metricsRoutes, observeRequests } from './routes/metrics.ts'
import { explainRoutes } from './routes/explain.ts'
import { mappingRoutes } from './routes/mappings.ts'
import { oldListRoutes } from './routes/old-lists.ts'
import { onboardingRoutes } from './routes/onboarding.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { statusRoutes } from './routes/status.ts'
import { stripeWebhooks } from './webhooks/stripe.ts'

/** Bytes of a body at most where a route says nothing else. */
const bodyLimit = 64 * 1024

/**
 * The HTTP surface: webhooks, sellers' links, health, metrics and the status. Call `listen` or
 * `inject` on it; `close` waits for what is under way.
 */
export function createHttpApp(deps: HttpDeps): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit,
    genReqId: () => deps.names.next('req'),
    requestTimeout: 30_000,
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: answerUnreadable,
    // An address that cannot be decoded meets no route and no error page of a route.
    frameworkErrors: (_, request, reply) =>
      void sendProblem(request, reply, { status: 400, detail: 'This address cannot be read.' }),
  })
  const registry = new Registry()
  answerErrors(app, deps.log)
  observeRequests(app, registry)
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route, not the address: an address may hold a seller's token.
    deps.log('debug', 'answered', {
      request: request.id,
      method: request.method,
      route: request.routeOptions.url ?? '',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    })
  })
  void app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // Other hosts of the operator's domain are none of our business.
    strictTransportSecurity: { maxAge: 365 * 24 * 3600, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  })
  void app.register(rateLimit, { global: false })
  void app.register(async scope => {
    await healthRoutes(scope, deps)
    await metricsRoutes(scope, deps, registry)
    await onboardingRoutes(scope, deps)
    await statusRoutes(scope, deps)
    await explainRoutes(scope, deps)
    await ledgerRoutes(scope, deps)
    await reconciliationRoutes(scope, deps)
    await mappingRoutes(scope, deps)
    await oldListRoutes(scope, deps)
  })
  // A scope of its own: only there are bodies left as they came.
  void app.register(async scope => stripeWebhooks(scope, deps))
  return app
}
