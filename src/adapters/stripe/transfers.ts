import type { Instruction, Movement } from '../../domain/movement.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { toStripe } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { metadataOf } from './metadata.ts'
import { outcomeOfTransfer } from './states.ts'

type Of<Do extends Instruction['do']> = Extract<Instruction, { do: Do }>

/** Platform to account. `source_transaction` lets it run before the charge's money is available. */
export async function sendTransfer(
  client: StripeClient,
  movement: Movement,
  instruction: Of<'transfer'>,
  key: string,
): Promise<Outcome> {
  const { amount, currency, destination, sourceCharge, group } = instruction
  const transfer = await client.ask('transfers', sdk =>
    sdk.transfers.create(
      {
        amount: toStripe(amount, currency),
        currency: currency.toLowerCase(),
        destination,
        ...(sourceCharge === null ? {} : { source_transaction: sourceCharge }),
        ...(group === null ? {} : { transfer_group: group }),
        metadata: metadataOf(movement, client.options.pluginVersion),
      },
      { idempotencyKey: key },
    ),
  )
  return outcomeOfTransfer(transfer)
}

/** Account to platform: a transfer that is made as the account. */
export async function sendCollection(
  client: StripeClient,
  movement: Movement,
  instruction: Of<'collection'>,
  key: string,
): Promise<Outcome> {
  const { amount, currency, account, group } = instruction
  const platform = await client.platformAccountId()
  const transfer = await client.ask('transfers', sdk =>
    sdk.transfers.create(
      {
        amount: toStripe(amount, currency),
        currency: currency.toLowerCase(),
        destination: platform,
        ...(group === null ? {} : { transfer_group: group }),
        metadata: metadataOf(movement, client.options.pluginVersion),
      },
      { idempotencyKey: key, stripeAccount: account },
    ),
  )
  return outcomeOfTransfer(transfer)
}

/** Takes back from the account what a transfer gave it. */
export async function sendReversal(
  client: StripeClient,
  movement: Movement,
  instruction: Of<'reversal'>,
  key: string,
): Promise<Outcome> {
  const { amount, currency, transferId } = instruction
  const reversal = await client.ask('transfers', sdk =>
    sdk.transfers.createReversal(
      transferId,
      {
        amount: toStripe(amount, currency),
        metadata: metadataOf(movement, client.options.pluginVersion),
      },
      { idempotencyKey: key },
    ),
  )
  return outcomeOfTransfer(reversal)
}
