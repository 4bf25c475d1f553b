import { z } from 'zod'
import type { VirtualClock } from '../clock.ts'
import type { Handler } from '../http.ts'
import type { StripeControl } from './control.ts'

/** What one control request does with its JSON body; an answer of undefined is sent as `{}`. */
type Order = (body: unknown) => unknown

const target = z.strictObject({
  method: z.string().exactOptional(),
  path: z.string().exactOptional(),
  times: z.int().exactOptional(),
})
const deliveryFault = z.strictObject({
  action: z.enum(['drop', 'duplicate', 'delay']),
  type: z.string().exactOptional(),
  times: z.int().exactOptional(),
  delaySeconds: z.number().exactOptional(),
})
const settings = z.strictObject({
  accountsV1Refused: z.boolean().exactOptional(),
  availableAfterSeconds: z.int().exactOptional(),
  conversions: z
    .record(
      z.string().regex(/^[a-z]{3}$/),
      z.strictObject({
        currency: z.string().regex(/^[a-z]{3}$/),
        rate: z.string().regex(/^\d+(\.\d+)?$/),
      }),
    )
    .exactOptional(),
  fees: z
    .record(z.string(), z.strictObject({ basisPoints: z.int(), fixed: z.int() }))
    .exactOptional(),
})
const clockMove = z.union([
  z.strictObject({ to: z.iso.datetime() }),
  z.strictObject({ advanceSeconds: z.number() }),
])
const onboarded = z.strictObject({
  account: z.string(),
  currently_due: z.array(z.string()).exactOptional(),
  pending_verification: z.array(z.string()).exactOptional(),
})
const required = z.strictObject({
  account: z.string(),
  fields: z.array(z.string()),
  disabled_reason: z.string().optional(),
})
const rejection = z.strictObject({
  account: z.string(),
  reason: z.enum(['fraud', 'other', 'terms_of_service']).optional(),
})
const ofAccount = z.strictObject({ account: z.string() })
const bounce = z.strictObject({ payout: z.string(), code: z.string().optional() })
const chosenEndpoint = z.strictObject({
  url: z.url(),
  secret: z.string().startsWith('whsec_'),
  connect: z.boolean(),
})
const failure = z.strictObject({ refund: z.string(), reason: z.string().optional() })
const disputed = z.strictObject({
  charge: z.string(),
  amount: z.int().exactOptional(),
  reason: z.string().exactOptional(),
  inquiry: z.boolean().exactOptional(),
})
const verdict = z.strictObject({ dispute: z.string(), amount: z.int().optional() })
const ofDispute = z.strictObject({ dispute: z.string() })
const ofTopup = z.strictObject({ topup: z.string() })
const fee = z.strictObject({
  amount: z.int().positive(),
  currency: z.string(),
  description: z.string(),
  account: z.string().exactOptional(),
})
const ofIntent = z.strictObject({ payment_intent: z.string() })
const visit = z.strictObject({ url: z.string() })

/**
 * The control over HTTP with JSON bodies: `POST /_sandbox/stripe/<verb>`, e.g. `bounce-payout` `{"payout":"po_…","code":"…"}`,
 * and `GET /_sandbox/stripe/books` and `/attempts`. What cannot be done answers 400 with `{"error":"…"}`.
 */
export function serveControl(clock: VirtualClock, control: StripeControl): Handler {
  const orders = createOrders(clock, control)
  return async request => {
    const { pathname } = new URL(request.url)
    const order = orders.get(`${request.method} ${pathname}`)
    if (!order) return json(clock, 404, { error: `No such control: ${request.method} ${pathname}` })
    try {
      const text = await request.text()
      const result = await order(text === '' ? {} : (JSON.parse(text) as unknown))
      return json(clock, 200, result ?? {})
    } catch (error) {
      return json(clock, 400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
}

function createOrders(clock: VirtualClock, control: StripeControl): Map<string, Order> {
  const verbs: Record<string, Order> = {
    'complete-onboarding': body => {
      const { account, ...result } = onboarded.parse(body)
      control.completeOnboarding(account, result)
    },
    'change-bank': body => control.changeBank(ofAccount.parse(body).account),
    'require-more': body => {
      const { account, fields, disabled_reason: reason } = required.parse(body)
      control.requireMore(account, fields, reason)
    },
    'reject-account': body => {
      const { account, reason } = rejection.parse(body)
      control.rejectAccount(account, reason)
    },
    deauthorize: body => control.deauthorize(ofAccount.parse(body).account),
    'bounce-payout': body => {
      const { payout, code } = bounce.parse(body)
      control.bouncePayout(payout, code)
    },
    'fail-refund': body => {
      const { refund, reason } = failure.parse(body)
      control.failRefund(refund, reason)
    },
    dispute: body => {
      const { charge, ...asked } = disputed.parse(body)
      return { id: control.dispute(charge, asked) }
    },
    'escalate-dispute': body => control.escalateDispute(ofDispute.parse(body).dispute),
    'dispute-won': body => {
      const { dispute, amount } = verdict.parse(body)
      control.disputeWon(dispute, amount)
    },
    'dispute-lost': body => control.disputeLost(ofDispute.parse(body).dispute),
    'warning-closed': body => control.warningClosed(ofDispute.parse(body).dispute),
    'bounce-topup': body => control.bounceTopup(ofTopup.parse(body).topup),
    'take-fee': body => control.takeFee(fee.parse(body)),
    authenticate: body => control.authenticate(ofIntent.parse(body).payment_intent),
    'visit-link': body => control.visitLink(visit.parse(body).url),
    configure: body => control.configure(settings.parse(body)),
    'break-next': body => control.breakNext(target.extend({ moved: z.boolean() }).parse(body)),
    'hold-next': body => control.holdNext(target.parse(body)),
    release: () => control.release(),
    'add-webhook': body => ({ id: control.addWebhook(chosenEndpoint.parse(body)) }),
    'disturb-delivery': body => control.disturbDelivery(deliveryFault.parse(body)),
    settle: () => control.settled(),
    clock: body => moveClock(clock, body),
  }
  return new Map<string, Order>([
    ...Object.entries(verbs).map(
      ([verb, order]) => [`POST /_sandbox/stripe/${verb}`, order] as const,
    ),
    ['GET /_sandbox/stripe/books', () => control.books()],
    ['GET /_sandbox/stripe/attempts', () => control.deliveryAttempts()],
    ['GET /_sandbox/stripe/clock', () => ({ now: clock.now().toISOString() })],
  ])
}

async function moveClock(clock: VirtualClock, body: unknown): Promise<unknown> {
  const move = clockMove.parse(body)
  if ('to' in move) await clock.moveTo(new Date(move.to))
  else await clock.advance(move.advanceSeconds * 1000)
  return { now: clock.now().toISOString() }
}

function json(clock: VirtualClock, status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { date: clock.now().toUTCString() } })
}
