import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openSellerLink, type Visit } from '../../workflows/open-seller-link.ts'
import type { HttpDeps, HttpEnvironment } from '../deps.ts'
import { readerOf } from '../language.ts'
import { sendPage } from '../pages/document.ts'
import { answers, explanationPage } from '../pages/explanation.ts'
import { ProblemError } from '../problem.ts'
import { linkLimit } from '../rate-limits.ts'
import { answerCode, codeStep, type CodeAnswer } from './link-code.ts'

/** Bytes of a token at most; ours are about 100. */
const tokenMax = 1000
/** Bytes of a form: a code of six digits. */
const formMax = 2048

type Answer = Visit | CodeAnswer

/** The links that stand in the shops' custom fields: each click is sent on by a fresh link. */
export async function onboardingRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  // No HEAD: a scanner's look would mint links too.
  const options = { exposeHeadRoute: false, config: { rateLimit: linkLimit } }
  app.get<{ Params: { token: string } }>('/onboarding/:token', options, async (request, reply) =>
    answer(request, reply, await open(deps, request.params.token, request, null)),
  )
  // The old connector's address, to which its links of Stripe came back.
  app.get<{ Querystring: { token?: unknown } }>(
    '/api/public/onboarding/refresh',
    options,
    async (request, reply) => {
      const { token } = request.query
      const visit = typeof token === 'string' ? await open(deps, token, request, null) : null
      if (visit === null || (visit.to === 'explanation' && visit.why === 'unknown_link')) {
        const detail = 'The query parameter `token` must be the token of a seller’s link.'
        throw new ProblemError({ status: 400, detail })
      }
      return answer(request, reply, visit)
    },
  )
  // A scope of its own: nowhere else is a form taken.
  await app.register(async scope => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formMax },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    )
    scope.post<{ Params: { token: string } }>('/onboarding/:token', options, (request, reply) =>
      post(deps, request, reply),
    )
  })
}

async function post(
  deps: HttpDeps,
  request: FastifyRequest<{ Params: { token: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
  return answer(request, reply, await open(deps, request.params.token, request, form))
}

/** @param form what was posted; null: the link was only clicked */
async function open(
  deps: HttpDeps,
  token: string,
  request: FastifyRequest,
  form: URLSearchParams | null,
): Promise<Answer> {
  const served = servedBy(deps, token)
  if (served === undefined) return { to: 'explanation', why: 'unknown_link' }
  const { environment, provider } = served
  const { database, clock, names, log, signer } = deps
  const work = { database, environment, clock, names, provider, log }
  if (environment.settings.linkCode) {
    const { language } = readerOf(request)
    const step = await codeStep(work, served.mailer ?? null, signer, { token, form, language })
    if (step !== 'open') return step
  }
  return openSellerLink(work, signer, token, request.ip)
}

function servedBy(deps: HttpDeps, token: string): HttpEnvironment | undefined {
  const named = token.length > tokenMax ? null : deps.signer.read(token)
  return deps.environments.find(each => each.environment.id === named?.environmentId)
}

function answer(request: FastifyRequest, reply: FastifyReply, visit: Answer): FastifyReply {
  void reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store')
  if (visit.to === 'provider') return reply.redirect(visit.url, 302)
  if (visit.to === 'code') return answerCode(reply, readerOf(request).language, visit)
  const { status, retryAfterSeconds } = answers[visit.why]
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
  return sendPage(reply, status, explanationPage(readerOf(request).language, visit.why))
}
