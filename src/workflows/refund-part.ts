import { type Part, partOf } from '../domain/conversion.ts'
import type { RefundView } from './refund-facts.ts'
import type { Work } from './work.ts'

/**
 * An amount of a refund in the currency that its payment settled in.
 * @param amount minor units of the refund's currency; null: the order has not said it
 * @returns null: that, or nobody knows yet what the payment brought
 */
export function partOfRefund(
  work: Pick<Work, 'provider'>,
  { refund, payment }: Pick<RefundView, 'refund' | 'payment'>,
  amount: bigint | null,
): Part | null {
  if (amount === null) return null
  if (payment !== null && payment.captured > 0n && payment.settled === null) return null
  return partOf({ amount, currency: refund.currency }, payment, (value, currency) =>
    work.provider.representable(value, currency, 'down', 'transfer'),
  )
}
