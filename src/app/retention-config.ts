import { defaultRetention, type PayloadKind, type Retention } from '../domain/retention.ts'
import { type Variables, wholeNumberOf } from './environment-values.ts'

/** A hundred years: who wants to keep for ever writes 0. */
const most = 36_500

/** Days by kind of payload; 0: for ever. */
export function readRetention(variables: Variables): Retention {
  const days = (name: string, kind: PayloadKind) =>
    wholeNumberOf(variables, name, { min: 0, max: most }) ?? defaultRetention[kind]
  return {
    orders: days('TRIBUTARY_KEEP_ORDERS_DAYS', 'orders'),
    events: days('TRIBUTARY_KEEP_EVENTS_DAYS', 'events'),
    notifications: days('TRIBUTARY_KEEP_NOTIFICATIONS_DAYS', 'notifications'),
    links: days('TRIBUTARY_KEEP_LINKS_DAYS', 'links'),
    unreadable: days('TRIBUTARY_KEEP_UNREADABLE_DAYS', 'unreadable'),
    runs: days('TRIBUTARY_KEEP_RUNS_DAYS', 'runs'),
  }
}
