import { z } from 'zod'

/**
 * What is read of Stripe's objects, and nothing else: fields and values that are not known pass by,
 * as Stripe adds both without a new API version. The SDK's own types fit these shapes.
 */
const metadata = z.record(z.string(), z.string()).nullish()
/** A reference: the id, or the object when it was expanded. */
export const reference = z.union([z.string(), z.object({ id: z.string() })])
const amount = z.int()
/** Seconds since 1970, until the year 9999: a larger number is no date. */
export const seconds = z.int().nonnegative().max(253_402_300_799)

/** What a charge brought to the balance, in the currency that it settled in. */
const bookedShape = z.object({
  id: z.string(),
  amount,
  currency: z.string(),
})

export const chargeShape = z.object({
  id: z.string(),
  object: z.literal('charge'),
  amount,
  amount_captured: amount,
  amount_refunded: amount,
  balance_transaction: z.union([z.string(), bookedShape]).nullish(),
  captured: z.boolean(),
  refunded: z.boolean(),
  created: seconds,
  currency: z.string(),
  failure_code: z.string().nullish(),
  failure_message: z.string().nullish(),
  metadata,
  payment_intent: reference.nullish(),
  payment_method_details: z
    .object({
      card: z.object({ capture_before: seconds.nullish() }).nullish(),
    })
    .nullish(),
  source_transfer: reference.nullish(),
  status: z.string(),
  transfer_group: z.string().nullish(),
})
export type ChargeShape = z.infer<typeof chargeShape>

export const intentShape = z.object({
  id: z.string(),
  object: z.literal('payment_intent'),
  amount,
  amount_received: amount,
  cancellation_reason: z.string().nullish(),
  created: seconds,
  currency: z.string(),
  last_payment_error: z
    .object({ code: z.string().nullish(), message: z.string().nullish() })
    .nullish(),
  latest_charge: z.union([z.string(), chargeShape]).nullish(),
  metadata,
  status: z.string(),
  transfer_group: z.string().nullish(),
})
export type IntentShape = z.infer<typeof intentShape>

const due = z.array(z.string()).nullish()
export const accountShape = z.object({
  id: z.string(),
  object: z.literal('account'),
  country: z.string().nullish(),
  default_currency: z.string().nullish(),
  capabilities: z.object({ transfers: z.string().nullish() }).nullish(),
  payouts_enabled: z.boolean(),
  charges_enabled: z.boolean(),
  details_submitted: z.boolean(),
  controller: z.object({ stripe_dashboard: z.object({ type: z.string() }).nullish() }).nullish(),
  requirements: z
    .object({
      disabled_reason: z.string().nullish(),
      currently_due: due,
      pending_verification: due,
      current_deadline: seconds.nullish(),
      errors: z.array(z.object({ requirement: z.string(), reason: z.string() })).nullish(),
    })
    .nullish(),
  future_requirements: z
    .object({ currently_due: due, current_deadline: seconds.nullish() })
    .nullish(),
  type: z.string().nullish(),
  /** Not shown of accounts that the platform does not control. */
  external_accounts: z
    .object({
      data: z.array(
        z.object({
          id: z.string(),
          currency: z.string().nullish(),
          default_for_currency: z.boolean().nullish(),
        }),
      ),
    })
    .nullish(),
})
export type AccountShape = z.infer<typeof accountShape>

export const payoutShape = z.object({
  id: z.string(),
  object: z.literal('payout'),
  amount,
  arrival_date: seconds.nullish(),
  currency: z.string(),
  destination: reference.nullish(),
  failure_code: z.string().nullish(),
  failure_message: z.string().nullish(),
  metadata,
  status: z.string(),
})
export type PayoutShape = z.infer<typeof payoutShape>

export const refundShape = z.object({
  id: z.string(),
  object: z.literal('refund'),
  amount,
  charge: reference.nullish(),
  currency: z.string(),
  failure_reason: z.string().nullish(),
  metadata,
  source_transfer_reversal: reference.nullish(),
  status: z.string().nullish(),
})
export type RefundShape = z.infer<typeof refundShape>

export const reversalShape = z.object({
  id: z.string(),
  amount,
  currency: z.string(),
  metadata,
  transfer: reference.nullish(),
})
export type ReversalShape = z.infer<typeof reversalShape>

export const transferShape = z.object({
  id: z.string(),
  object: z.literal('transfer'),
  amount,
  amount_reversed: amount,
  currency: z.string(),
  destination: reference.nullish(),
  metadata,
  /** The newest ten of them. */
  reversals: z.object({ data: z.array(reversalShape) }).nullish(),
  source_transaction: reference.nullish(),
})
export type TransferShape = z.infer<typeof transferShape>

export const topupShape = z.object({
  id: z.string(),
  object: z.literal('topup'),
  amount,
  currency: z.string(),
  failure_code: z.string().nullish(),
  failure_message: z.string().nullish(),
  metadata,
  status: z.string(),
})
export type TopupShape = z.infer<typeof topupShape>

/** The id behind a reference, expanded or not. */
export function idOf(value: string | { readonly id: string } | null | undefined): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : value.id
}
