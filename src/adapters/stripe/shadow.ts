import type Stripe from 'stripe'
import type { Instruction } from '../../domain/movement.ts'
import type { Plan } from '../../domain/plan.ts'
import { fromStripe } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { movementIdOf } from './metadata.ts'
import { providerErrorOf } from './outcome.ts'
import { type PageQuery, searchPages } from './pages.ts'
import { readPayment } from './payments.ts'

/** What somebody else moved: the object's id, and its amount in minor units. */
export interface Seen {
  readonly providerId: string
  readonly amount: bigint
}

/**
 * What another connector has moved for a plan's source, by the metadata that the old one writes:
 * `miraklId` (the order's id, or the invoice's), `invoiceId`, `miraklRefundId`. Null: nothing, or
 * not among the newest 2000. @throws ProviderError
 */
export async function seenElsewhere(client: StripeClient, plan: Plan): Promise<Seen | null> {
  try {
    return await seenByKind(client, plan)
  } catch (error) {
    throw providerErrorOf(error)
  }
}

async function seenByKind(client: StripeClient, plan: Plan): Promise<Seen | null> {
  const { account } = plan
  switch (plan.kind) {
    case 'capture':
    case 'void':
      return seenPayment(client, plan)
    case 'refund':
      return seenRefund(client, plan)
    case 'reversal':
    case 'tax_reversal':
      return seenReversal(client, plan)
    case 'transfer':
    case 'tax_transfer':
    case 'credit': {
      if (account === null) return null
      return seenInList(
        client,
        'transfers',
        (sdk, page) => sdk.transfers.list({ ...page, destination: account }),
        made => named(made, 'miraklId', plan),
      )
    }
    case 'collection': {
      if (account === null) return null
      // A cycle's subscription and its invoices carry the same id: the amount tells them apart.
      return seenInList(
        client,
        'transfers',
        (sdk, page) => sdk.transfers.list(page, { stripeAccount: account }),
        made => named(made, 'miraklId', plan) && hasAmount(made, plan),
      )
    }
    case 'payout': {
      if (account === null) return null
      return seenInList(
        client,
        'payouts',
        (sdk, page) => sdk.payouts.list(page, { stripeAccount: account }),
        made => named(made, 'invoiceId', plan),
      )
    }
    default:
      return null
  }
}

async function seenPayment(client: StripeClient, plan: Plan): Promise<Seen | null> {
  const { paymentId } = plan.parties
  const payment = paymentId === null ? null : await readPayment(client, paymentId)
  if (payment === null) return null
  const { id: providerId } = payment
  if (payment.captured > 0n) return { providerId, amount: payment.captured }
  return payment.status === 'canceled' ? { providerId, amount: payment.authorized } : null
}

async function seenRefund(client: StripeClient, plan: Plan): Promise<Seen | null> {
  const instruction = instructionOf(plan)
  if (instruction?.do !== 'refund') return null
  return seenInList(
    client,
    'refunds',
    (sdk, page) => sdk.refunds.list({ ...page, charge: instruction.chargeId }),
    made => made.metadata?.['miraklRefundId'] === plan.source.id,
  )
}

/** The old connector leaves no refund's id on a reversal: the transfer and the amount name it. */
async function seenReversal(client: StripeClient, plan: Plan): Promise<Seen | null> {
  const instruction = instructionOf(plan)
  if (instruction?.do !== 'reversal') return null
  return seenInList(
    client,
    'transfers',
    (sdk, page) => sdk.transfers.listReversals(instruction.transferId, page),
    made => hasAmount(made, plan),
  )
}

interface Made {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly metadata: Readonly<Record<string, string>> | null
}

async function seenInList<T extends Made>(
  client: StripeClient,
  endpoint: string,
  list: (sdk: Stripe, page: PageQuery) => Promise<Stripe.ApiList<T>>,
  matches: (made: T) => boolean,
): Promise<Seen | null> {
  const found = await searchPages(
    client,
    endpoint,
    list,
    made => movementIdOf(made) === null && matches(made),
  )
  if (found === null || found === 'too_many') return null
  return { providerId: found.id, amount: fromStripe(found.amount, found.currency) }
}

function named(made: Made, key: string, plan: Plan): boolean {
  const { orderId, cycleId } = plan.parties
  const name = made.metadata?.[key]
  // The old connector marks the order whose taxes a transfer is for.
  if (plan.kind === 'tax_transfer') return name === `${orderId}_TAX`
  return name !== undefined && name !== '' && (name === orderId || name === cycleId)
}

function hasAmount(made: Made, plan: Plan): boolean {
  const amount = 'amount' in plan.decision ? plan.decision.amount : null
  return amount === null || fromStripe(made.amount, made.currency) === amount
}

function instructionOf(plan: Plan): Instruction | null {
  return plan.decision.to === 'move' ? plan.decision.instruction : null
}
