import type Stripe from 'stripe'
import { isRecognisable } from './answers.ts'
import { type StripeClient, UnreadableAnswer } from './client.ts'

/** Pages of 100 that a search reads before it gives up. */
export const maximumPages = 20

export interface PageQuery {
  readonly limit: number
  readonly starting_after?: string
}

/**
 * The first object of a list, newest first, that matches; null when the whole list has none, and
 * `too_many` when there is more than may be read. Throws the SDK's errors.
 */
export async function searchPages<T extends { readonly id: string }>(
  client: StripeClient,
  endpoint: string,
  list: (sdk: Stripe, page: PageQuery) => Promise<Stripe.ApiList<T>>,
  matches: (object: T) => boolean,
  pages = maximumPages,
): Promise<T | null | 'too_many'> {
  let query: PageQuery = { limit: 100 }
  for (let page = 0; page < pages; page += 1) {
    const current = query
    const answer = await client.ask(endpoint, sdk => list(sdk, current))
    // An object that cannot be read may be the very one: "nowhere" would have it made again.
    if (!answer.data.every(isRecognisable)) throw new UnreadableAnswer()
    const found = answer.data.find(matches)
    if (found !== undefined) return found
    const last = answer.data.at(-1)
    if (!answer.has_more) return null
    if (last === undefined) throw new UnreadableAnswer()
    query = { limit: 100, starting_after: last.id }
  }
  return 'too_many'
}
