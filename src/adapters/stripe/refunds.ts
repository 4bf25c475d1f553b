import type { Instruction, Movement } from '../../domain/movement.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { toStripe } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { metadataOf } from './metadata.ts'
import { outcomeOfRefund } from './states.ts'

/** Back to the customer, from the platform's balance; transfers are reversed by movements of their own. */
export async function sendRefund(
  client: StripeClient,
  movement: Movement,
  instruction: Extract<Instruction, { do: 'refund' }>,
  key: string,
): Promise<Outcome> {
  const { amount, currency, chargeId } = instruction
  const refund = await client.ask('refunds', sdk =>
    sdk.refunds.create(
      {
        charge: chargeId,
        amount: toStripe(amount, currency),
        metadata: metadataOf(movement, client.options.pluginVersion),
      },
      { idempotencyKey: key },
    ),
  )
  return outcomeOfRefund(refund)
}
