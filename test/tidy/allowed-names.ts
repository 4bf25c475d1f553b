/** Names with a banned word that somebody else chose: which, where, and why they stay. */
export type AllowedName = { name: RegExp; places: readonly string[]; reason: string }

export const allowedNames: readonly AllowedName[] = [
  {
    name: /^in_?transaction$/i,
    places: ['src/', 'test/'],
    reason: 'an SQL transaction is called so',
  },
  {
    name: /transaction/i,
    places: ['src/database/', 'test/'],
    reason: 'an SQL transaction is called so',
  },
  {
    name: /transaction/i,
    places: ['src/adapters/stripe/', 'src/sandbox/stripe/'],
    reason: "Stripe's balance_transaction",
  },
  {
    name: /transaction_?(number|date|amount|id|log)s?/i,
    places: ['src/adapters/', 'src/sandbox/', 'src/domain/order.ts', 'src/store/'],
    reason: "Mirakl's and HiPay's own fields",
  },
  {
    name: /^transaction_?logs?$/i,
    places: ['src/'],
    reason: "Mirakl's TL02, as its documents call it",
  },
  {
    name: /^process[_-]?vendors$/i,
    places: ['src/'],
    reason: 'a job name that crontabs of the old connector rely on',
  },
  {
    name: /personal_?-?data$/i,
    places: ['src/', 'test/'],
    reason: 'what the law calls it (GDPR, article 4), and so the command',
  },
  {
    name: /^info$/,
    places: ['src/'],
    reason: 'a level of the log',
  },
]
