import { z } from 'zod'
import { causes, type CauseCode } from '../../domain/reconcile-causes.ts'

const moment = z.iso.datetime()
/** Minor units as text, so that no reader rounds them. */
const amount = z.string().regex(/^-?\d+$/)
const count = z.int().nonnegative()
const id = z.string().nullable()
const codes = Object.keys(causes) as CauseCode[]

/** `GET /v1/reconciliation`, and `reconcile --json` on the command line. */
export const reconciliationContract = z
  .object({
    environment: z.string().describe('Slug of the environment.'),
    comparedAt: moment.nullable().describe('Null: nothing was ever compared.'),
    since: moment.nullable(),
    until: moment.nullable().describe('What is younger was not judged.'),
    judged: count,
    unfinished: z.boolean().describe('A newer comparison was broken off or is under way.'),
    waiting: count.describe('Open differences that nobody has accepted; not only those shown.'),
    accepted: count,
    differences: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['missing_here', 'missing_there', 'amount_differs', 'state_differs']),
        side: z.enum(['provider', 'marketplace', 'ledger']),
        cause: z.enum(codes),
        text: z.string(),
        mend: z.string(),
        command: z.string(),
        currency: z.string().nullable(),
        here: amount.nullable(),
        there: amount.nullable(),
        stateHere: z.string().nullable(),
        stateThere: z.string().nullable(),
        ids: z.object({
          movement: id,
          payment: id,
          order: id,
          refund: id,
          cycle: id,
          seller: id,
          provider: id,
          line: id,
          account: id,
        }),
        at: moment,
        firstSeenAt: moment,
        lastSeenAt: moment,
        ageDays: z.int(),
        accepted: z.object({ at: moment, by: z.string(), note: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Reconciliation' })

/** Query of the report: the environment, and from which day on. */
export const reconciliationQuery = z.object({
  since: z.union([z.iso.date(), moment]).optional(),
})
