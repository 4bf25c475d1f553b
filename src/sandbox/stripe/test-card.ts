/** What a test payment method does; https://docs.stripe.com/testing */
export type TestCard =
  | { outcome: 'approved'; funds: 'pending' | 'available' }
  | { outcome: 'declined'; code: string; declineCode?: string; message: string }
  | { outcome: 'authentication' }
  | { outcome: 'processing' }

const approved: TestCard = { outcome: 'approved', funds: 'pending' }

const declined = (code: string, message: string, declineCode?: string): TestCard => ({
  outcome: 'declined',
  code,
  message,
  ...(declineCode === undefined ? {} : { declineCode }),
})

const cards: ReadonlyMap<string, TestCard> = new Map([
  ['pm_card_visa', approved],
  ['pm_card_visa_debit', approved],
  ['pm_card_mastercard', approved],
  ['pm_card_amex', approved],
  ['pm_card_cartesBancaires', approved],
  ['tok_visa', approved],
  ['tok_mastercard', approved],
  ['pm_card_bypassPending', { outcome: 'approved', funds: 'available' }],
  ['tok_bypassPending', { outcome: 'approved', funds: 'available' }],
  ['pm_card_authenticationRequired', { outcome: 'authentication' }],
  ['pm_card_threeDSecure2Required', { outcome: 'authentication' }],
  // Not one of Stripe's: stands for a debit that takes days, as SEPA.
  ['pm_sepa_debit', { outcome: 'processing' }],
  [
    'pm_card_chargeDeclined',
    declined('card_declined', 'Your card was declined.', 'generic_decline'),
  ],
  [
    'pm_card_visa_chargeDeclined',
    declined('card_declined', 'Your card was declined.', 'generic_decline'),
  ],
  ['tok_chargeDeclined', declined('card_declined', 'Your card was declined.', 'generic_decline')],
  [
    'pm_card_chargeDeclinedInsufficientFunds',
    declined('card_declined', 'Your card has insufficient funds.', 'insufficient_funds'),
  ],
  [
    'pm_card_visa_chargeDeclinedInsufficientFunds',
    declined('card_declined', 'Your card has insufficient funds.', 'insufficient_funds'),
  ],
  ['pm_card_chargeDeclinedExpiredCard', declined('expired_card', 'Your card has expired.')],
])

/** The test payment method or token of that name, if Stripe (or this sandbox) has it. */
export function findTestCard(name: string): TestCard | undefined {
  return cards.get(name)
}
