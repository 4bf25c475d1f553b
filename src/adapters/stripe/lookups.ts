import type Stripe from 'stripe'
import type { Instruction, Movement } from '../../domain/movement.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Found } from '../../workflows/ports.ts'
import { findInPayment } from './captures.ts'
import type { StripeClient } from './client.ts'
import { isOf } from './metadata.ts'
import { unknown, unreadOf } from './outcome.ts'
import { maximumPages, type PageQuery, searchPages } from './pages.ts'
import { outcomeOfPayout, outcomeOfRefund, outcomeOfTopup, outcomeOfTransfer } from './states.ts'

/** Seconds that the two clocks may differ. */
const clockSlack = 3600

/** Our records since then are lost. */
interface Lost {
  readonly since: Date
}

interface Wanted {
  readonly movement: Movement
  readonly lost: Lost | null
}

/** Looks everywhere for what a movement whose answer never came may have made. Never throws. */
export async function findMovement(
  client: StripeClient,
  movement: Movement,
  lost: Lost | null,
): Promise<Found> {
  const { instruction } = movement
  if (instruction === null) return { result: 'absent' }
  try {
    return await findByInstruction(client, { movement, lost }, instruction)
  } catch (error) {
    return unreadOf(error)
  }
}

function findByInstruction(
  client: StripeClient,
  wanted: Wanted,
  instruction: Instruction,
): Promise<Found> {
  const { movement, lost } = wanted
  const first = Math.min(movement.createdAt.getTime(), lost?.since.getTime() ?? Infinity)
  const created = { gte: Math.floor(first / 1000) - clockSlack }
  switch (instruction.do) {
    case 'capture':
      return findInPayment(client, movement, instruction)
    case 'void':
      return findVoid(client, wanted, instruction)
    case 'refund':
      return findRefund(client, wanted, instruction.chargeId)
    case 'transfer': {
      const { destination, group } = instruction
      const within = group === null ? { created } : { transfer_group: group }
      return search(
        client,
        wanted,
        'transfers',
        (sdk, page) => sdk.transfers.list({ ...page, ...within, destination }),
        made => outcomeOfTransfer(made),
      )
    }
    case 'collection': {
      const stripeAccount = instruction.account
      return search(
        client,
        wanted,
        'transfers',
        (sdk, page) => sdk.transfers.list({ ...page, created }, { stripeAccount }),
        made => outcomeOfTransfer(made),
      )
    }
    case 'payout': {
      const stripeAccount = instruction.account
      return search(
        client,
        wanted,
        'payouts',
        (sdk, page) => sdk.payouts.list({ ...page, created }, { stripeAccount }),
        made => outcomeOfPayout(made),
      )
    }
    case 'reversal': {
      const { transferId } = instruction
      return search(
        client,
        wanted,
        'transfers',
        (sdk, page) => sdk.transfers.listReversals(transferId, page),
        made => outcomeOfTransfer(made),
      )
    }
  }
}

function findRefund(client: StripeClient, wanted: Wanted, charge: string): Promise<Found> {
  return search(
    client,
    wanted,
    'refunds',
    (sdk, page) => sdk.refunds.list({ ...page, charge }),
    made => outcomeOfRefund(made),
  )
}

/** The refund that released a plain charge tells more than the charge's state. */
async function findVoid(
  client: StripeClient,
  wanted: Wanted,
  instruction: Extract<Instruction, { do: 'void' }>,
): Promise<Found> {
  if (instruction.intentId === null && instruction.chargeId !== null) {
    const found = await findRefund(client, wanted, instruction.chargeId)
    if (found.result !== 'absent') return found
  }
  return findInPayment(client, wanted.movement, instruction)
}

async function search<T extends Made>(
  client: StripeClient,
  { movement, lost }: Wanted,
  endpoint: string,
  list: (sdk: Stripe, page: PageQuery) => Promise<Stripe.ApiList<T>>,
  read: (made: T) => Outcome,
): Promise<Found> {
  const found = await searchPages(client, endpoint, list, made =>
    isOf(made, movement, lost !== null),
  )
  if (found === null) return { result: 'absent' }
  // Giving up is `unknown`, never `absent`: absent lets it be sent again.
  return found === 'too_many'
    ? unknown(`Not among the newest ${maximumPages * 100} ${endpoint}; there are more.`, true)
    : read(found)
}

type Made = { readonly id: string; readonly metadata: Readonly<Record<string, string>> | null }

/** The present state of what Stripe has already named. Never throws. */
export async function lookAtMovement(client: StripeClient, movement: Movement): Promise<Outcome> {
  const { instruction, providerId } = movement
  try {
    if (providerId !== null && movement.kind === 'operator_payout')
      return outcomeOfPayout(await client.ask('payouts', sdk => sdk.payouts.retrieve(providerId)))
    if (providerId !== null && movement.kind === 'top_up')
      return outcomeOfTopup(await client.ask('topups', sdk => sdk.topups.retrieve(providerId)))
    if (instruction === null || providerId === null)
      return unknown('The movement has no provider id to look at.', true)
    const found = await lookByInstruction(client, movement, instruction, providerId)
    return found.result === 'absent'
      ? unknown(`Stripe has ${providerId}, but not yet what was asked.`, true)
      : found
  } catch (error) {
    return unreadOf(error)
  }
}

async function lookByInstruction(
  client: StripeClient,
  movement: Movement,
  instruction: Instruction,
  id: string,
): Promise<Found> {
  switch (instruction.do) {
    case 'capture':
      return findInPayment(client, movement, instruction)
    case 'void':
      // A plain charge was released by a refund.
      return /^(re|pyr)_/.test(id)
        ? outcomeOfRefund(await client.ask('refunds', sdk => sdk.refunds.retrieve(id)))
        : findInPayment(client, movement, instruction)
    case 'refund':
      return outcomeOfRefund(await client.ask('refunds', sdk => sdk.refunds.retrieve(id)))
    case 'transfer':
      return outcomeOfTransfer(await client.ask('transfers', sdk => sdk.transfers.retrieve(id)))
    case 'collection': {
      const options = { stripeAccount: instruction.account }
      return outcomeOfTransfer(
        await client.ask('transfers', sdk => sdk.transfers.retrieve(id, {}, options)),
      )
    }
    case 'payout': {
      const options = { stripeAccount: instruction.account }
      return outcomeOfPayout(
        await client.ask('payouts', sdk => sdk.payouts.retrieve(id, {}, options)),
      )
    }
    case 'reversal': {
      const { transferId } = instruction
      return outcomeOfTransfer(
        await client.ask('transfers', sdk => sdk.transfers.retrieveReversal(transferId, id)),
      )
    }
  }
}
