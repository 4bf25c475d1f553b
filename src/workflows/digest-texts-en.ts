import type { DigestTexts } from './digest-texts.ts'

export const en: DigestTexts = {
  nouns: {
    transfer: ['transfer', 'transfers'],
    payout: ['payout', 'payouts'],
    refund: ['refund', 'refunds'],
    reversal: ['reversal', 'reversals'],
    capture: ['capture', 'captures'],
    confirmation: ['confirmation to Mirakl', 'confirmations to Mirakl'],
    movement: ['movement', 'movements'],
  },
  failed: (_, count, noun) => `${count} ${noun} failed`,
  held: (isOne, count, days) =>
    `${count} ${isOne ? 'movement' : 'movements'} on hold for more than ${days}`,
  expiring: (isOne, count) =>
    isOne ? `${count} authorisation ends soon` : `${count} authorisations end soon`,
  disputed: (isOne, count) => `${count} ${isOne ? 'dispute waits' : 'disputes wait'} for evidence`,
  deadlines: (isOne, count) =>
    `${count} ${isOne ? 'seller has' : 'sellers have'} to hand something in at Stripe`,
  unreadable: (isOne, count) =>
    `${count} ${isOne ? 'thing' : 'things'} of Mirakl could not be read`,
  oldMoney: (isOne, count) =>
    `${count} ${isOne ? 'balance has' : 'balances have'} money that must be paid out soon`,
  ownBalance: 'the platform’s own balance',
  undelivered: (isOne, count) =>
    `${count} ${isOne ? 'notification' : 'notifications'} not delivered`,
  broken: (isOne, count) => `${count} ${isOne ? 'job' : 'jobs'} ended early`,
  creations: (isOne, count) =>
    `${count} ${isOne ? 'shop has' : 'shops have'} no account: Stripe refused to make it`,
  objects: {
    order: 'Order',
    seller: 'Shop',
    debit: 'Debit',
    cycle: 'Invoice',
    refund: 'Refund',
    payment: 'Payment',
    dispute: 'Dispute',
    book_entry: 'Book entry',
  },
  givenUp: (isOne, count) =>
    `${count} ${isOne ? 'movement' : 'movements'} given up since the last mail`,
  days: (isOne, count) => `${count} ${isOne ? 'day' : 'days'}`,
  isNew: 'new',
  unanswered: 'The provider was asked and never answered: look it up there.',
  since: date => `since ${date}`,
  until: date => `until ${date}`,
  oldest: days => `the oldest for ${days}`,
  more: count => `and ${count} more`,
  open: 'Open',
  footer:
    'Each line is named here every day until it is settled or acknowledged: tributary movements acknowledge <id>',
}
