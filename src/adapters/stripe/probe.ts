import type { StripeClient } from './client.ts'
import { messageOf } from './outcome.ts'

/** What the key opens. */
export interface Probe {
  readonly accountId: string | null
  /** Does the key move real money? null: not known. */
  readonly live: boolean | null
  /** ISO 3166-1 alpha-2 of the platform. */
  readonly country: string | null
  /** One sentence each; empty when all is well. */
  readonly problems: readonly string[]
}

/** `GET /v1/account` and `GET /v1/balance`. Never throws. */
export async function probePlatform(client: StripeClient): Promise<Probe> {
  const [account, balance] = await Promise.allSettled([
    client.ask('accounts', sdk => sdk.accounts.retrieveCurrent()),
    client.ask('balance', sdk => sdk.balance.retrieve()),
  ])
  const accountId = account.status === 'fulfilled' ? account.value.id : null
  const expected = client.options.platformAccountId
  const problems = [account, balance].flatMap(answer =>
    answer.status === 'rejected' ? [`Stripe: ${messageOf(answer.reason)}`] : [],
  )
  if (expected !== undefined && accountId !== null && expected !== accountId)
    problems.push(`STRIPE_ACCOUNT_ID is ${expected}, but the key belongs to ${accountId}.`)
  return {
    accountId,
    live: balance.status === 'fulfilled' ? balance.value.livemode : null,
    country: account.status === 'fulfilled' ? (account.value.country ?? null) : null,
    problems: [...new Set(problems)],
  }
}
