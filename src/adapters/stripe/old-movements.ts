import type Stripe from 'stripe'
import type { MovementKind } from '../../domain/movement.ts'
import type { OldMovement, Sight } from '../../domain/old-records.ts'
import { currencyOf, fromStripe } from './amounts.ts'
import { createClient, type StripeClient, type StripeOptions } from './client.ts'
import { movementIdOf } from './metadata.ts'
import { isMissing, providerErrorOf } from './outcome.ts'
import { outcomeOfPayout, outcomeOfRefund } from './states.ts'

/** Pages of 100 that are looked through for one row. */
const pagesMax = 200
/** Seconds before a row was written from which its object may be: its clock has no time zone. */
const slackSeconds = 24 * 3600

/** What the old connector has made at Stripe. */
export interface OldMoney {
  /** An amount in Stripe's smallest unit as minor units. @throws RangeError unknown currency */
  minor(amount: bigint, currency: string): bigint
  /** What a row names. Null: Stripe does not know it. @throws ProviderError */
  look(kind: MovementKind, row: OldMovement): Promise<Sight | null>
  /**
   * What may be the object of a row that names none: by the metadata that the old connector writes
   * (`miraklId`, `invoiceId`, `miraklRefundId`). Failed ones are left out. @throws ProviderError
   */
  find(kind: MovementKind, row: OldMovement): Promise<readonly Sight[] | 'too_many'>
}

export function createOldMoney(options: StripeOptions): OldMoney {
  const client = createClient(options)
  return {
    minor: (amount, currency) => fromStripe(Number(amount), currency),
    look: async (kind, row) => {
      try {
        return await lookAt(client, kind, row)
      } catch (error) {
        if (isMissing(error)) return null
        throw providerErrorOf(error)
      }
    },
    find: async (kind, row) => {
      try {
        return await findAll(client, kind, row)
      } catch (error) {
        if (isMissing(error)) return []
        throw providerErrorOf(error)
      }
    },
  }
}

async function lookAt(
  client: StripeClient,
  kind: MovementKind,
  row: OldMovement,
): Promise<Sight | null> {
  const id = row.providerId ?? ''
  const { accountId } = row
  switch (kind) {
    case 'refund':
      return ofRefund(await client.ask('refunds', sdk => sdk.refunds.retrieve(id)))
    case 'reversal':
    case 'tax_reversal':
      return lookAtReversal(client, row, id)
    case 'payout':
      if (accountId === null) return null
      return ofPayout(
        await client.ask('payouts', sdk =>
          sdk.payouts.retrieve(id, {}, { stripeAccount: accountId }),
        ),
      )
    case 'collection':
      if (accountId === null) return null
      return ofTransfer(
        await client.ask('transfers', sdk =>
          sdk.transfers.retrieve(id, {}, { stripeAccount: accountId }),
        ),
      )
    default:
      return ofTransfer(await client.ask('transfers', sdk => sdk.transfers.retrieve(id)))
  }
}

/** A reversal can only be read through its transfer, which early versions did not keep. */
async function lookAtReversal(
  client: StripeClient,
  row: OldMovement,
  id: string,
): Promise<Sight | null> {
  const { of } = row
  if (of === null) return null
  return ofTransfer(await client.ask('transfers', sdk => sdk.transfers.retrieveReversal(of, id)))
}

interface Made {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>> | null
}

async function findAll(
  client: StripeClient,
  kind: MovementKind,
  row: OldMovement,
): Promise<readonly Sight[] | 'too_many'> {
  const { accountId, of } = row
  const created = { gte: Math.floor(row.createdAt.getTime() / 1000) - slackSeconds }
  switch (kind) {
    case 'refund':
      // Without a charge it was never asked for.
      if (of === null) return []
      return matching(
        paged(client, 'refunds', (sdk, page) => sdk.refunds.list({ ...page, charge: of })),
        made => made.metadata?.['miraklRefundId'] === row.name,
        ofRefund,
      )
    case 'reversal':
    case 'tax_reversal':
      if (of === null) return []
      return matching(
        paged(client, 'transfers', (sdk, page) => sdk.transfers.listReversals(of, page)),
        made => isReversalOf(made, row),
        ofTransfer,
      )
    case 'payout': {
      if (accountId === null) return []
      const as = { stripeAccount: accountId }
      return matching(
        paged(client, 'payouts', (sdk, page) => sdk.payouts.list({ ...page, created }, as)),
        made => made.metadata?.['invoiceId'] === row.name,
        ofPayout,
      )
    }
    case 'collection': {
      if (accountId === null) return []
      const as = { stripeAccount: accountId }
      return matching(
        paged(client, 'transfers', (sdk, page) => sdk.transfers.list({ ...page, created }, as)),
        // The subscription and the invoices of a cycle carry one name: the amount tells them apart.
        made => made.metadata?.['miraklId'] === row.name && hasAmount(made, row),
        ofTransfer,
      )
    }
    default: {
      if (accountId === null) return []
      const to = { destination: accountId, created }
      return matching(
        paged(client, 'transfers', (sdk, page) => sdk.transfers.list({ ...page, ...to })),
        made => made.metadata?.['miraklId'] === row.name,
        ofTransfer,
      )
    }
  }
}

/** Early versions left no name on a reversal: then the amount tells. */
function isReversalOf(made: Made, row: OldMovement): boolean {
  const name = made.metadata?.['miraklId']
  return name === undefined ? row.amount !== null && hasAmount(made, row) : name === row.name
}

function hasAmount(made: Made, row: OldMovement): boolean {
  return row.amount === null || BigInt(made.amount) === row.amount
}

interface Query {
  readonly limit: number
  readonly starting_after?: string
}

async function* paged<T extends Made>(
  client: StripeClient,
  endpoint: string,
  list: (sdk: Stripe, page: Query) => Promise<Stripe.ApiList<T>>,
): AsyncGenerator<readonly T[] | 'too_many'> {
  let query: Query = { limit: 100 }
  for (let page = 0; page < pagesMax; page += 1) {
    const current = query
    const answer = await client.ask(endpoint, sdk => list(sdk, current))
    yield answer.data
    const last = answer.data.at(-1)
    if (!answer.has_more || last === undefined) return
    query = { limit: 100, starting_after: last.id }
  }
  yield 'too_many'
}

/** Ours are left out: what Tributary itself made has its own movement. */
async function matching<T extends Made>(
  pages: AsyncIterable<readonly T[] | 'too_many'>,
  matches: (made: T) => boolean,
  read: (made: T) => Sight,
): Promise<readonly Sight[] | 'too_many'> {
  const found: Sight[] = []
  for await (const page of pages) {
    if (page === 'too_many') return found.length > 0 ? found : page
    const theirs = page.filter(made => movementIdOf(made) === null && matches(made)).map(read)
    found.push(...theirs.filter(sight => sight.state !== 'failed'))
  }
  return found
}

function ofTransfer(made: { id: string; amount: number; currency: string }): Sight {
  return { ...shown(made), state: 'succeeded' }
}

function ofPayout(payout: Stripe.Payout): Sight {
  return { ...shown(payout), state: stateOf(outcomeOfPayout(payout).result) }
}

function ofRefund(refund: Stripe.Refund): Sight {
  return { ...shown(refund), state: stateOf(outcomeOfRefund(refund).result) }
}

function shown(made: { id: string; amount: number; currency: string }) {
  return {
    providerId: made.id,
    amount: fromStripe(made.amount, made.currency),
    currency: currencyOf(made.currency),
  }
}

/** A state that is not known yet is one that may still move money. */
function stateOf(result: 'succeeded' | 'accepted' | 'rejected' | 'unknown'): Sight['state'] {
  if (result === 'rejected') return 'failed'
  return result === 'succeeded' ? 'succeeded' : 'accepted'
}
