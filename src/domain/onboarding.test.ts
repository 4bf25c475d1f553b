import { describe, expect, it } from 'vitest'
import { accountOf } from '../../test/builders/seller.ts'
import { kycOf, linkTargetOf } from './onboarding.ts'
import type { Account } from './seller.ts'

describe('kycOf', () => {
  it.each<[string, Partial<Account>, string, string]>([
    ['all is well', {}, 'APPROVED', ''],
    ['charges of its own are not needed', { chargesEnabled: false }, 'APPROVED', ''],
    ['has not begun', { detailsSubmitted: false }, 'PENDING_SUBMISSION', ''],
    [
      'something is missing',
      { currentlyDue: ['individual.id_number', 'external_account'], pendingVerification: ['x'] },
      'PENDING_SUBMISSION',
      'individual.id_number, external_account',
    ],
    [
      'being looked at',
      { pendingVerification: ['individual.verification.document'], disabledReason: 'other' },
      'PENDING_APPROVAL',
      'individual.verification.document',
    ],
    ['disabled', { disabledReason: 'listed' }, 'PENDING_APPROVAL', 'listed'],
    ['no payouts yet', { payoutsEnabled: false }, 'PENDING_APPROVAL', ''],
    ['no transfers yet', { transfersActive: false }, 'PENDING_APPROVAL', ''],
    [
      'rejected, and still asked for things',
      { disabledReason: 'rejected.fraud', currentlyDue: ['external_account'] },
      'REFUSED',
      'rejected.fraud',
    ],
    ['rejected without a word', { standing: 'rejected' }, 'REFUSED', 'rejected'],
    ['lost', { standing: 'lost', detailsSubmitted: false }, 'REFUSED', 'account_lost'],
  ])('%s', (_name, change, status, reason) => {
    expect(kycOf(accountOf(change))).toEqual({ status, reason })
  })

  it('tells no more than the 5000 characters that the marketplace takes', () => {
    const currentlyDue = Array.from({ length: 600 }, () => 'x'.repeat(10))
    const { reason } = kycOf(accountOf({ currentlyDue }))
    expect(reason).toHaveLength(5_000)
    expect(reason.endsWith('…')).toBe(true)
    const fits = kycOf(accountOf({ currentlyDue: ['y'.repeat(5_000)] }))
    expect(fits.reason).toBe('y'.repeat(5_000))
  })
})

describe('linkTargetOf', () => {
  it.each<[string, Partial<Account>, string]>([
    ['has not begun', { detailsSubmitted: false }, 'onboarding'],
    ['something is missing', { currentlyDue: ['external_account'] }, 'onboarding'],
    ['complete, with a dashboard', {}, 'dashboard'],
    ['complete, without a dashboard', { hasDashboard: false }, 'explain_done'],
    ['rejected is no loop', { standing: 'rejected', detailsSubmitted: false }, 'explain_rejected'],
    ['lost is no loop', { standing: 'lost', currentlyDue: ['x'] }, 'explain_lost'],
  ])('%s', (_name, change, target) => {
    expect(linkTargetOf(accountOf(change))).toBe(target)
  })
})
