/** A shop of the marketplace, as far as paying it is concerned. */
export interface Seller {
  /** Mirakl's shop id, as text. */
  readonly id: string
  readonly name: string
  readonly email: string | null
  /** ISO 3166-1 alpha-2, for example FR; null when Mirakl's code is not known. */
  readonly country: string | null
  readonly currency: string | null
  readonly professional: boolean
  readonly website: string | null
  readonly phone: string | null
  /** The operator told us to leave this shop alone (BOOLEAN custom field). */
  readonly ignored: boolean
  /** What stands in the shop's custom field for the onboarding link. */
  readonly linkShown: string | null
  readonly paymentBlocked: boolean
  /** KYC as Mirakl shows it; null when the tenant's KYC feature is off. */
  readonly kyc: { readonly status: string; readonly reason: string | null } | null
  readonly updatedAt: Date
}

/** An account of a seller at a provider. One account may serve several shops. */
export interface Account {
  /** The provider's id, for example acct_1ABC. */
  readonly id: string
  readonly country: string | null
  readonly currency: string | null
  /** Ready to receive: the `transfers` capability is active. */
  readonly transfersActive: boolean
  readonly payoutsEnabled: boolean
  readonly chargesEnabled: boolean
  readonly detailsSubmitted: boolean
  /** Stripe's `requirements.disabled_reason`. */
  readonly disabledReason: string | null
  readonly currentlyDue: readonly string[]
  readonly pendingVerification: readonly string[]
  /** What was given and refused, and why, as `field: reason` in the provider's words. */
  readonly requirementProblems: readonly string[]
  /** Until when what is due must be given before the account is restricted; null: no such date. */
  readonly currentDeadline: Date | null
  /** Becomes due later, at `futureDeadline` at the latest (`future_requirements`). */
  readonly futureDue: readonly string[]
  readonly futureDeadline: Date | null
  /** `lost`: the provider does not know it any more, or took our access away. */
  readonly standing: 'open' | 'rejected' | 'lost'
  /** May a login link be made? Only accounts with the provider's own seller dashboard have one. */
  readonly hasDashboard: boolean
  /** Where payouts go: currency -> the provider's id of the bank. Null: not read yet. */
  readonly banks: { readonly [currency: string]: string } | null
}
