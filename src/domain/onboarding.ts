import type { Account } from './seller.ts'

/** KYC as Mirakl spells it (S07); NOT_REQUIRED is Mirakl's own and never written. */
export type KycStatus = 'PENDING_SUBMISSION' | 'PENDING_APPROVAL' | 'REFUSED' | 'APPROVED'

export interface Kyc {
  readonly status: KycStatus
  /** Why, in the provider's words; '' when there is nothing to add. At most 5000 characters. */
  readonly reason: string
}

const reasonMax = 5000

/**
 * The KYC state that the marketplace is told, from the provider's requirements. A rejection comes
 * first: an account that was rejected still lists requirements, and no seller can meet them.
 */
export function kycOf(account: Account): Kyc {
  const reason = account.disabledReason ?? ''
  if (account.standing === 'rejected' || reason.startsWith('rejected')) {
    return { status: 'REFUSED', reason: reason === '' ? 'rejected' : reason }
  }
  if (account.standing === 'lost') return { status: 'REFUSED', reason: 'account_lost' }
  if (!account.detailsSubmitted || account.currentlyDue.length > 0) {
    return { status: 'PENDING_SUBMISSION', reason: clip(account.currentlyDue.join(', ')) }
  }
  if (account.pendingVerification.length > 0) {
    return { status: 'PENDING_APPROVAL', reason: clip(account.pendingVerification.join(', ')) }
  }
  // A connected account of a marketplace need not take charges of its own: `transfers` is its job.
  if (reason !== '' || !account.payoutsEnabled || !account.transfersActive) {
    return { status: 'PENDING_APPROVAL', reason }
  }
  return { status: 'APPROVED', reason: '' }
}

function clip(text: string): string {
  return text.length <= reasonMax ? text : `${text.slice(0, reasonMax - 1)}…`
}

/** Where a seller's click leads. */
export type LinkTarget =
  'onboarding' | 'dashboard' | 'explain_rejected' | 'explain_lost' | 'explain_done'

export function linkTargetOf(account: Account): LinkTarget {
  if (account.standing === 'rejected') return 'explain_rejected'
  if (account.standing === 'lost') return 'explain_lost'
  if (!account.detailsSubmitted || account.currentlyDue.length > 0) return 'onboarding'
  return account.hasDashboard ? 'dashboard' : 'explain_done'
}
