/**
 * Kinds of stored payloads that may tell of a person. `orders`: orders and debits; `events`: webhooks
 * of the provider; `notifications`: what the operator's URL was told; `links`: codes and clicks of
 * sellers; `unreadable`: objects of the marketplace that were set aside; `runs`: the log of runs.
 */
export const payloadKinds = [
  'orders',
  'events',
  'notifications',
  'links',
  'unreadable',
  'runs',
] as const
export type PayloadKind = (typeof payloadKinds)[number]

/** Days after which a payload is redacted, by kind; 0: never. */
export type Retention = Readonly<Record<PayloadKind, number>>

/**
 * An order has to answer for refunds and disputes for as long as these may come; a webhook is of no
 * use once it was applied and its neighbours cannot be late any more.
 */
export const defaultRetention: Retention = {
  orders: 1095,
  events: 30,
  notifications: 180,
  links: 90,
  unreadable: 30,
  runs: 400,
}

const dayMilliseconds = 24 * 3600 * 1000

/** What is older than this is redacted; null: never. */
export function keptSince(retention: Retention, kind: PayloadKind, now: Date): Date | null {
  const days = retention[kind]
  return days === 0 ? null : new Date(now.getTime() - days * dayMilliseconds)
}
