import { z } from 'zod'
import type { VirtualClock } from './clock.ts'
import { controlIndex, controlPage } from './control-page.ts'
import type { FaultPlan } from './faults.ts'
import type { Handler } from './http.ts'
import type { MiraklSandbox } from './mirakl/sandbox.ts'
import type { Day } from './scenario/stage.ts'
import type { StripeSandbox } from './stripe/sandbox.ts'

/** What the control server reaches into. */
export interface ControlledWorld {
  readonly clock: VirtualClock
  readonly faults: FaultPlan
  readonly mirakl: MiraklSandbox
  readonly stripe: StripeSandbox
  readonly week: readonly Day[]
  readonly miraklUrl: string
  readonly stripeUrl: string
}

const fault = z.strictObject({
  side: z.enum(['mirakl', 'stripe']),
  kind: z.enum(['rate_limited', 'error_html', 'error_json', 'slow', 'cut_before', 'cut_after']),
  method: z.string().exactOptional(),
  path: z.string().exactOptional(),
  probability: z.number().min(0).max(1).exactOptional(),
  times: z.int().positive().exactOptional(),
  retryAfterSeconds: z.number().exactOptional(),
  delayMilliseconds: z.number().exactOptional(),
})
const advance = z.strictObject({ seconds: z.number().nonnegative() })
const moveTo = z.strictObject({ to: z.iso.datetime() })

type Answering = (body: unknown) => unknown

/**
 * The control of the whole simulated world, JSON in and out; `GET /` says what there is. What cannot
 * be done answers 400 with `{"error":"…"}`.
 */
export function serveWorldControl(world: ControlledWorld): Handler {
  const routes = routesOf(world)
  return async request => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/_sandbox/mirakl/')) return world.mirakl.handler(request)
    if (pathname.startsWith('/_sandbox/stripe/')) return world.stripe.handler(request)
    if (pathname === '/' && request.method === 'GET') return index(world, request)
    const answering = routes.get(`${request.method} ${pathname}`)
    if (answering === undefined)
      return json({ error: `There is no ${request.method} ${pathname}` }, 404)
    try {
      const text = await request.text()
      return json((await answering(text === '' ? {} : JSON.parse(text))) ?? {})
    } catch (error) {
      return json({ error: error instanceof Error ? error.message : String(error) }, 400)
    }
  }
}

function routesOf(world: ControlledWorld): Map<string, Answering> {
  const { clock, faults } = world
  const now = () => ({ now: clock.now().toISOString() })
  const next = createStepper(world)
  return new Map<string, Answering>([
    ['GET /clock', now],
    [
      'POST /clock/advance',
      async body => {
        await clock.advance(advance.parse(body).seconds * 1000)
        return now()
      },
    ],
    [
      'POST /clock/move-to',
      async body => {
        await clock.moveTo(new Date(moveTo.parse(body).to))
        return now()
      },
    ],
    ['GET /faults', () => ({ faults: faults.list(), happened: faults.counts() })],
    ['POST /faults', body => faults.add(fault.parse(body))],
    ['DELETE /faults', () => faults.clear()],
    ['GET /books', () => ({ mirakl: world.mirakl.books(), stripe: world.stripe.books() })],
    ['GET /scenario', () => next.left()],
    ['POST /scenario/step', () => next.step()],
    ['POST /scenario/day', () => next.day()],
  ])
}

/** Plays the scenario's steps in order, moving the clock to each. */
function createStepper(world: ControlledWorld) {
  const steps = world.week.flatMap(day => day.steps.map(step => ({ ...step, day: day.number })))
  let at = 0
  let last: Promise<unknown> = Promise.resolve()
  async function playNext() {
    const step = steps[at]
    if (step === undefined) throw new Error('The scenario is over')
    if (step.at >= world.clock.now()) await world.clock.moveTo(step.at)
    const { told } = await step.play()
    at += 1
    return { day: step.day, at: world.clock.now().toISOString(), title: step.title, told }
  }
  async function playDay() {
    const day = steps[at]?.day
    const played = [await playNext()]
    while (steps[at]?.day === day) played.push(await playNext())
    return played
  }
  const inTurn = <T>(play: () => Promise<T>): Promise<T> => {
    const turn = last.then(play)
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    left: () =>
      steps
        .slice(at)
        .map(step => ({ day: step.day, at: step.at.toISOString(), title: step.title })),
    step: () => inTurn(playNext),
    day: () => inTurn(playDay),
  }
}

function index(world: ControlledWorld, request: Request): Response {
  const wantsPage = request.headers.get('accept')?.includes('text/html') === true
  const { miraklUrl, stripeUrl } = world
  const place = { miraklUrl, stripeUrl, now: world.clock.now().toISOString() }
  if (!wantsPage) return json(controlIndex(place))
  return new Response(controlPage(place), {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
}

function json(body: unknown, status = 200): Response {
  return Response.json(body, { status })
}
