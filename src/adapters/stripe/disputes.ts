import { z } from 'zod'
import type { Dispute, DisputeStatus } from '../../domain/dispute.ts'
import { currencyOf, fromStripe, isKnownCurrency } from './amounts.ts'
import type { DisputePage } from '../../workflows/ports.ts'
import type { StripeClient } from './client.ts'
import { isMissing, providerErrorOf } from './outcome.ts'
import { nextAfter, rowsOf } from './readings.ts'
import { idOf, reference, seconds } from './shapes.ts'

const posting = z.object({
  id: z.string(),
  amount: z.int(),
  created: seconds,
  currency: z.string(),
  fee: z.int(),
})

/** What is read of a dispute; its balance transactions come with it, expanded always. */
export const disputeShape = z.object({
  id: z.string(),
  object: z.literal('dispute'),
  amount: z.int(),
  balance_transactions: z.array(posting),
  charge: reference,
  created: seconds,
  currency: z.string(),
  evidence_details: z.object({ due_by: seconds.nullish() }).nullish(),
  payment_intent: reference.nullish(),
  reason: z.string(),
  status: z.string(),
})

/** https://docs.stripe.com/api/disputes/object#dispute_object-status; `prevented` took nothing. */
const statuses: Readonly<Record<string, DisputeStatus>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry_in_review',
  warning_closed: 'closed',
  prevented: 'closed',
  needs_response: 'needs_response',
  appeal_needs_response: 'needs_response',
  under_review: 'in_review',
  appeal_under_review: 'in_review',
  won: 'won',
  lost: 'lost',
}

/** A status that is not known yet counts as open, so that a person looks at it. */
export function disputeOf(dispute: z.infer<typeof disputeShape>): Dispute {
  const chargeId = idOf(dispute.charge) ?? ''
  const due = dispute.evidence_details?.due_by
  return {
    id: dispute.id,
    chargeId,
    paymentId: idOf(dispute.payment_intent) ?? chargeId,
    amount: fromStripe(dispute.amount, dispute.currency),
    currency: currencyOf(dispute.currency),
    status: statuses[dispute.status] ?? 'needs_response',
    reason: dispute.reason,
    evidenceDue: typeof due === 'number' ? new Date(due * 1000) : null,
    createdAt: new Date(dispute.created * 1000),
    postings: dispute.balance_transactions.map(each => ({
      id: each.id,
      amount: fromStripe(each.amount, each.currency),
      fee: fromStripe(each.fee, each.currency),
      currency: currencyOf(each.currency),
      at: new Date(each.created * 1000),
    })),
  }
}

/** A dispute as it is now, with what it did to the balance. @throws ProviderError */
export async function readDispute(client: StripeClient, id: string): Promise<Dispute | null> {
  try {
    return disputeOf(
      disputeShape.parse(await client.ask('disputes', sdk => sdk.disputes.retrieve(id))),
    )
  } catch (error) {
    if (isMissing(error)) return null
    throw providerErrorOf(error)
  }
}

/** A page of disputes, newest first. @throws ProviderError */
export async function listDisputes(
  client: StripeClient,
  query: { createdSince: Date; after: string | null },
): Promise<DisputePage> {
  try {
    const page = await client.ask('disputes', sdk =>
      sdk.disputes.list({
        limit: 100,
        created: { gte: Math.floor(query.createdSince.getTime() / 1000) },
        ...(query.after === null ? {} : { starting_after: query.after }),
      }),
    )
    const rows = await rowsOf(page.data, row => {
      const dispute = disputeShape.parse(row)
      return isKnownCurrency(dispute.currency) ? [disputeOf(dispute)] : []
    })
    return { disputes: rows.read, unread: rows.unread, next: nextAfter(page) }
  } catch (error) {
    throw providerErrorOf(error)
  }
}
