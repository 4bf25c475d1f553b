import type { Debit } from '../domain/debit.ts'
import { domainsRead } from '../domain/settings.ts'
import { saveDebits } from '../store/debits.ts'
import { setAside, takeBack } from '../store/set-aside.ts'
import { planCaptures } from './capture-payments.ts'
import { confirmDebits } from './confirm-debits.ts'
import { findPayments } from './find-payments.ts'
import { readOrders } from './read-orders.ts'
import { readServiceOrders } from './read-service-orders.ts'
import type { Work } from './work.ts'

/**
 * Reads orders, payments and the debits that wait for a confirmation (PA11; SPA11 with the service
 * orders). The list of debits shrinks with every confirmation, so all its pages are read and stored
 * before the first is sent.
 */
export async function readForValidation(work: Work): Promise<void> {
  const at = work.clock.now()
  await readOrders(work)
  if (domainsRead(work.environment.settings).includes('service')) await readServiceOrders(work, at)
  await findPayments(work)
  let read = 0
  for await (const page of work.marketplace.debits()) {
    const debits = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    const unreadable = page.readings.flatMap(reading =>
      reading.ok ? [] : [{ ...reading, kind: 'debit' as const }],
    )
    await work.database.inTransaction(async queries => {
      await saveDebits(queries, work.environment.id, debits, at)
      await takeBack(
        queries,
        work.environment.id,
        'debit',
        debits.map((debit: Debit) => debit.id),
      )
      await setAside(queries, work.environment.id, unreadable, at)
    })
    work.tally.setAside(unreadable.length)
    read += page.readings.length
    work.progress('reading debits', read)
  }
  work.notes.debitsSeenAt = at
}

/** Debits are confirmed first: a purchase is captured once all its kept orders are confirmed. */
export async function planValidation(work: Work): Promise<void> {
  const seenAt = work.notes.debitsSeenAt
  if (seenAt !== undefined) {
    await confirmDebits(work, seenAt)
    // The list was read once; what it named is told now, or written down as held.
    delete work.notes.debitsSeenAt
  }
  await planCaptures(work)
}
