import type { Instruction, Movement } from '../../domain/movement.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { toStripe } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { metadataOf } from './metadata.ts'
import { outcomeOfPayout } from './states.ts'

/** Characters of a statement descriptor; Stripe refuses a payout with a longer one. */
const longestStatement = 22

/** From the account's balance to its bank. */
export async function sendPayout(
  client: StripeClient,
  movement: Movement,
  instruction: Extract<Instruction, { do: 'payout' }>,
  key: string,
): Promise<Outcome> {
  const { amount, currency, account, statement } = instruction
  const shown = (statement ?? '').slice(0, longestStatement).trim()
  const payout = await client.ask('payouts', sdk =>
    sdk.payouts.create(
      {
        amount: toStripe(amount, currency),
        currency: currency.toLowerCase(),
        ...(shown === '' ? {} : { statement_descriptor: shown }),
        metadata: metadataOf(movement, client.options.pluginVersion),
      },
      { idempotencyKey: key, stripeAccount: account },
    ),
  )
  return outcomeOfPayout(payout)
}
