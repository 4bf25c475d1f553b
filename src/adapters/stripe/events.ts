import Stripe from 'stripe'
import { z } from 'zod'
import type { Json } from '../../domain/json.ts'
import type { EventReader, ProviderEvent, VerifiedEvent } from '../../workflows/ports.ts'
import { idMax, isStorable } from '../../domain/storable.ts'
import { subjectOf } from './event-subjects.ts'
import { messageOf } from './outcome.ts'
import { seconds } from './shapes.ts'

export interface StripeEventsOptions {
  /** Metadata key under which charges and intents name their purchase. */
  readonly purchaseMetadataKey: string
  /**
   * Does this environment move real money? An event of the other mode is verified and answered, and
   * about nothing: live Connect endpoints also receive the test events of their accounts.
   */
  readonly live: boolean
  /** The present time, against which a signature's age is measured; default the system's. */
  readonly now?: () => Date
}

/** Seconds that a signature is valid: Stripe's own recommendation, against replays. */
const signatureSeconds = 300

/** What is looked for in the database: neither a zero octet nor more than an index holds. */
const name = z.string().min(1).max(idMax).refine(isStorable, 'a character that cannot be kept')

const envelope = z.object({
  id: name,
  object: z.literal('event'),
  type: name,
  created: seconds,
  livemode: z.boolean(),
  account: name.nullish(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
})

/** Verifies and reads the webhooks of Stripe. `read` throws for an object it does not know. */
export function createStripeEvents(options: StripeEventsOptions): EventReader {
  return {
    verify: (body, signature, secrets) => verify(body, signature, secrets, options),
    read: raw => readEvent(raw, options),
  }
}

function verify(
  body: string,
  signature: string | null,
  secrets: readonly string[],
  options: StripeEventsOptions,
): VerifiedEvent {
  if (signature === null || signature === '')
    return { ok: false, problem: 'The Stripe-Signature header is missing.' }
  if (secrets.length === 0) return { ok: false, problem: 'No signing secret is configured.' }
  const at = (options.now?.() ?? new Date()).getTime()
  const problems: string[] = []
  for (const secret of secrets) {
    const problem = signatureProblem(body, signature, secret, at)
    if (problem === null) return readVerified(body, options)
    problems.push(problem)
  }
  return { ok: false, problem: problems.find(isAboutTime) ?? problems[0] ?? '' }
}

/** Null: the secret fits. The body must be the raw text: the signature is of its bytes. */
function signatureProblem(
  body: string,
  signature: string,
  secret: string,
  at: number,
): string | null {
  try {
    Stripe.webhooks.constructEvent(body, signature, secret, signatureSeconds, undefined, at)
    return null
  } catch (error) {
    return firstLine(messageOf(error))
  }
}

/** A signature that fits and is too old says more than that of the other secret, which does not fit. */
function isAboutTime(problem: string): boolean {
  return /tolerance/i.test(problem)
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}

function readVerified(body: string, options: StripeEventsOptions): VerifiedEvent {
  try {
    const raw = JSON.parse(body) as Json
    return { ok: true, event: readSigned(raw, options), raw }
  } catch (error) {
    return { ok: false, problem: `The event cannot be read: ${reading(error)}` }
  }
}

/**
 * Stripe signed it: it is stored and answered 200 even when its object has a shape that we do not
 * know (another API version). An endpoint that answers 400 to its events is switched off by Stripe.
 * The job that applies it reads it again and fails with the field.
 */
function readSigned(raw: Json, options: StripeEventsOptions): ProviderEvent {
  const event = envelope.parse(raw)
  try {
    return readEvent(raw, options)
  } catch {
    return { ...named(event), subject: { about: 'other' } }
  }
}

function reading(error: unknown): string {
  if (!(error instanceof z.ZodError)) return firstLine(messageOf(error))
  const [issue] = error.issues
  return issue === undefined ? 'unknown shape' : `${issue.path.join('.')}: ${issue.message}`
}

function named(event: z.infer<typeof envelope>): Omit<ProviderEvent, 'subject'> {
  return {
    id: event.id,
    type: event.type,
    live: event.livemode,
    account: event.account ?? null,
    createdAt: new Date(event.created * 1000),
  }
}

function readEvent(raw: Json, options: StripeEventsOptions): ProviderEvent {
  const event = envelope.parse(raw)
  if (event.livemode !== options.live) return { ...named(event), subject: { about: 'other' } }
  const content = { type: event.type, account: event.account ?? null, object: event.data.object }
  return { ...named(event), subject: subjectOf(content, options.purchaseMetadataKey) }
}
