import { z } from 'zod'

const moment = z.iso.datetime()
/** Minor units as text, so that no reader rounds them. */
const amount = z.string().regex(/^-?\d+$/)
const count = z.int().nonnegative()

/** `GET /v1/status`, and `status --json` on the command line. */
export const statusContract = z
  .object({
    company: z.string(),
    environment: z.string().describe('Slug of the environment.'),
    mode: z.enum(['test', 'live']),
    paused: z.boolean(),
    startDate: moment.nullable(),
    at: moment,
    database: z.object({ version: z.string(), bytes: count }),
    jobs: z.array(
      z.object({ name: z.string(), ready: count, deferred: count, active: count, failed: count }),
    ),
    runs: z.array(
      z.object({
        job: z.string(),
        actor: z.string(),
        startedAt: moment,
        endedAt: moment.nullable(),
        error: z.string().nullable(),
        counts: z.record(z.string(), z.json()),
      }),
    ),
    movements: z
      .record(z.string(), z.record(z.string(), count))
      .describe('How many there are: kind, then status.'),
    oldestHold: z
      .object({ kind: z.string(), reason: z.string(), since: moment, seconds: count })
      .nullable(),
    holds: z.array(
      z.object({
        kind: z.string(),
        reason: z.string(),
        currency: z.string(),
        count,
        amount,
        since: moment,
        unblockedBy: z.enum(['seller', 'operator', 'provider', 'marketplace', 'time', 'nobody']),
        mend: z.string(),
      }),
    ),
    totals: z
      .record(
        z.string(),
        z.object({
          payments: count,
          authorized: amount,
          captured: amount,
          refunded: amount,
          transferred: amount,
          collected: amount,
          paidOut: amount,
          underWay: amount,
          onHold: amount,
          failed: amount,
        }),
      )
      .describe('By currency.'),
    setAside: z.object({
      count,
      kinds: z.record(z.string(), count),
      newest: z.array(
        z.object({
          kind: z.string(),
          id: z.string(),
          field: z.string(),
          problem: z.string(),
          since: moment,
        }),
      ),
    }),
    expiring: z
      .array(
        z.object({
          payment: z.string(),
          purchase: z.string().nullable(),
          amount,
          currency: z.string(),
          captureBefore: moment,
        }),
      )
      .describe('Authorisations that end soon and are not captured.'),
    disputes: z
      .array(
        z.object({
          id: z.string(),
          payment: z.string(),
          purchase: z.string().nullable(),
          amount,
          currency: z.string(),
          status: z.enum([
            'inquiry',
            'inquiry_in_review',
            'closed',
            'needs_response',
            'in_review',
            'won',
            'lost',
          ]),
          reason: z.string().describe("The provider's word for it."),
          evidenceDue: moment.nullable(),
        }),
      )
      .describe('Disputes and inquiries that wait for evidence, the nearest deadline first.'),
    debts: z
      .array(z.object({ currency: z.string(), count: z.int(), open: amount }))
      .describe('What sellers owe that the marketplace does not know of, by currency.'),
    openEvents: count,
    outsides: z
      .array(
        z.object({
          name: z.string(),
          state: z.enum(['closed', 'open', 'half_open']),
          failures: count,
          problem: z.string().nullable(),
          since: moment.nullable(),
          nextTryAt: moment.nullable(),
          milliseconds: count.nullable(),
          seenAt: moment,
        }),
      )
      .describe('What a program last saw of Mirakl, Stripe and the mail server.'),
  })
  .meta({ id: 'Status' })

/** Query of the status: which environment, by slug; the default one without. */
export const statusQuery = z.object({ environment: z.string().min(1).max(100).optional() })
