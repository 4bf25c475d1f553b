import type { Movement } from '../../domain/movement.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { PaymentProvider } from '../../workflows/ports.ts'
import {
  createAccount,
  listAccounts,
  makeLoginLink,
  makeOnboardingLink,
  readAccount,
  readBalance,
} from './accounts.ts'
import { representable } from './amounts.ts'
import { listBookLines } from './books.ts'
import { sendCapture, sendVoid } from './captures.ts'
import { createClient, type StripeClient, type StripeOptions } from './client.ts'
import { listDisputes, readDispute } from './disputes.ts'
import { findMovement, lookAtMovement } from './lookups.ts'
import { outcomeOf, rejected } from './outcome.ts'
import { listPayments, readPayment } from './payments.ts'
import { sendPayout } from './payouts.ts'
import { type Probe, probePlatform } from './probe.ts'
import { sendRefund } from './refunds.ts'
import { seenElsewhere } from './shadow.ts'
import { sendCollection, sendReversal, sendTransfer } from './transfers.ts'

export type { StripeOptions } from './client.ts'
export type { Probe } from './probe.ts'

export type StripeProvider = PaymentProvider & {
  /** Asks Stripe what the key opens: for `doctor` and the start. Never throws. */
  probe(): Promise<Probe>
}

/** Stripe Connect as the provider of a marketplace: charges on the platform, separate transfers. */
export function createStripe(options: StripeOptions): StripeProvider {
  const client = createClient(options)
  return {
    name: 'stripe',
    representable,
    send: (movement, key) => send(client, movement, key),
    find: (movement, lost) => findMovement(client, movement, lost ?? null),
    look: movement => lookAtMovement(client, movement),
    seen: plan => seenElsewhere(client, plan),
    balance: account => readBalance(client, account),
    createAccount: (request, key) => createAccount(client, request, key),
    account: id => readAccount(client, id),
    accounts: after => listAccounts(client, after),
    onboardingLink: (account, urls) => makeOnboardingLink(client, account, urls),
    loginLink: account => makeLoginLink(client, account),
    payment: id => readPayment(client, id),
    payments: query => listPayments(client, query),
    dispute: id => readDispute(client, id),
    disputes: query => listDisputes(client, query),
    bookLines: query => listBookLines(client, query),
    probe: () => probePlatform(client),
  }
}

async function send(client: StripeClient, movement: Movement, key: string): Promise<Outcome> {
  try {
    return await sendByInstruction(client, movement, key)
  } catch (error) {
    return outcomeOf(error)
  }
}

function sendByInstruction(
  client: StripeClient,
  movement: Movement,
  key: string,
): Outcome | Promise<Outcome> {
  const { instruction } = movement
  if (instruction === null)
    return rejected('provider_refused', 'no_instruction', 'The movement has no instruction.')
  switch (instruction.do) {
    case 'capture':
      return sendCapture(client, movement, instruction, key)
    case 'void':
      return sendVoid(client, movement, instruction, key)
    case 'refund':
      return sendRefund(client, movement, instruction, key)
    case 'transfer':
      return sendTransfer(client, movement, instruction, key)
    case 'collection':
      return sendCollection(client, movement, instruction, key)
    case 'payout':
      return sendPayout(client, movement, instruction, key)
    case 'reversal':
      return sendReversal(client, movement, instruction, key)
  }
}
