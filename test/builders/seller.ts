import type { Account, Seller } from '../../src/domain/seller.ts'
import { at } from './moments.ts'

/** A French shop that nothing is the matter with. */
export function sellerOf(change: Partial<Seller> = {}): Seller {
  return {
    id: '2001',
    name: 'Atelier Lumen',
    email: 'lumen@example.com',
    country: 'FR',
    currency: 'EUR',
    professional: true,
    website: null,
    phone: null,
    ignored: false,
    linkShown: null,
    paymentBlocked: false,
    kyc: null,
    updatedAt: at('07:00'),
    ...change,
  }
}

/** An account that may receive transfers and be paid out. */
export function accountOf(change: Partial<Account> = {}): Account {
  return {
    id: 'acct_1',
    country: 'FR',
    currency: 'EUR',
    transfersActive: true,
    payoutsEnabled: true,
    chargesEnabled: true,
    detailsSubmitted: true,
    disabledReason: null,
    currentlyDue: [],
    pendingVerification: [],
    requirementProblems: [],
    currentDeadline: null,
    futureDue: [],
    futureDeadline: null,
    standing: 'open',
    hasDashboard: true,
    banks: { EUR: 'ba_1' },
    ...change,
  }
}
