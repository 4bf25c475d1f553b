import type { DigestTexts } from './digest-texts.ts'

export const en: DigestTexts = {
  nouns: {
    transfer: ['transfer', 'transfers'],
    payout: ['payout', 'payouts'],
    refund: ['refund', 'refunds'],
    reversal: ['reversal', 'reversals'],
    capture: ['capture', 'captures'],
    movement: ['movement', 'movements'],
  },
  failed: (_, count, noun) => `${count} ${noun} failed`,
  held: (isOne, count, days) =>
    `${count} ${isOne ? 'movement' : 'movements'} on hold for more than ${days}`,
  expiring: (isOne, count) =>
    isOne ? `${count} authorisation ends soon` : `${count} authorisations end soon`,
  disputed: (isOne, count) => `${count} ${isOne ? 'dispute waits' : 'disputes wait'} for evidence`,
  undelivered: (isOne, count) =>
    `${count} ${isOne ? 'notification' : 'notifications'} not delivered`,
  days: (isOne, count) => `${count} ${isOne ? 'day' : 'days'}`,
  isNew: 'new',
  unanswered: 'The provider was asked and never answered: look it up there.',
  since: date => `since ${date}`,
  until: date => `until ${date}`,
  oldest: days => `the oldest for ${days}`,
  more: count => `and ${count} more`,
  open: 'Open',
  footer:
    'A failure is named here every day until it is mended or acknowledged: tributary movements acknowledge <id>',
}
