import type { Currency } from '../../domain/currency.ts'
import type { Cycle } from '../../domain/settlement.ts'
import { timeText } from './endpoints.ts'
import { amountOrNull, at, type Field, nameOrNull, Unreadable } from './fields.ts'

/** What invoices (IV01) and billing cycles (SBC11) have in common. */

/** Longest `reference` that IV07 and SBC07 take (characters). */
const referenceMax = 100

/** What IV07 and SBC07 want with a success, and only then. */
export function paidParts(
  reference: string | null,
  at: Date,
): { reference?: string; transaction_date: string } {
  const date = { transaction_date: timeText(at) }
  return reference === null ? date : { reference: reference.slice(0, referenceMax), ...date }
}

type Parts = Pick<Cycle, 'subscription' | 'otherInvoices' | 'otherCredits'>

/**
 * Parts of a cycle's summary, taxes included, in minor units. Absolute: Mirakl's own examples show
 * credits with either sign (mirakl-api 6.1), the field says who owes whom.
 */
export function cycleParts(summary: Field, currency: Currency): Parts {
  const part = (key: string): bigint => {
    const amount = amountOrNull(at(summary, key), currency) ?? 0n
    return amount < 0n ? -amount : amount
  }
  return {
    subscription: part('total_subscription_incl_tax'),
    otherInvoices: part('total_other_invoices_incl_tax'),
    otherCredits: part('total_other_credits_incl_tax'),
  }
}

/**
 * Missing means pending: tenants without payment confirmation do not show it. A word that is not
 * known sets the cycle aside, as it could mean that somebody has paid it already.
 */
export function payStateOf(field: Field): Cycle['payState'] {
  const state = nameOrNull(field)
  switch (state) {
    case null:
    case 'PENDING':
    case 'TO_PAY':
      return 'pending'
    case 'PAID':
      return 'paid'
    case 'FAILED':
      return 'failed'
    default:
      throw new Unreadable(field.path, `not a known state of payment: "${state}"`)
  }
}
