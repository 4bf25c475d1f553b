import { z } from 'zod'

/** Minor units as text, so that no reader rounds them. */
const amount = z.string().regex(/^-?\d+$/)
const count = z.int().nonnegative()
const id = z.string().nullable()

const place = { provider: z.string(), currency: z.string().length(3) }

/** `GET /v1/ledger`, and `ledger balances --json`. */
export const ledgerBalancesContract = z
  .object({
    environment: z.string().describe('Slug of the environment.'),
    balances: z.array(z.object({ ...place, account: z.string(), amount, entries: count })),
    trial: z.array(
      z.object({
        ...place,
        total: amount.describe('Anything but 0 is a defect of Tributary.'),
        entries: count,
        unbalanced: z.array(z.string()).describe('Postings that do not add up, a few of them.'),
      }),
    ),
  })
  .meta({ id: 'Ledger' })

/** `GET /v1/ledger/sellers/{id}` and `/v1/ledger/orders/{id}`. */
export const ledgerEntriesContract = z
  .object({
    environment: z.string().describe('Slug of the environment.'),
    entries: z.array(
      z.object({
        number: z.string().describe('Names the entry.'),
        at: z.iso.datetime(),
        event: z.string(),
        ...place,
        account: z.string(),
        amount,
        balance: amount.nullable().describe('Of a seller: behind this entry. Of an order: null.'),
        posting: z.string(),
        movementId: id,
        paymentId: id,
        orderId: id,
        purchaseId: id,
        cycleId: id,
      }),
    ),
    next: z.string().nullable().describe('Give it as `after` to read on; null: the last page.'),
  })
  .meta({ id: 'LedgerEntries' })

export const ledgerPageQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .default('0')
    .transform(text => BigInt(text)),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
