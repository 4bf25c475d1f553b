import type { OldPayment } from '../domain/old-records.ts'
import type { Payment } from '../domain/payment.ts'
import { closeForCapture, paymentsByReference, savePayments } from '../store/payments.ts'
import { concurrently } from './concurrently.ts'
import type { ImportEntry } from './import-report.ts'
import { askedAtOnce, type ImportWork, isApplied } from './import-work.ts'

/** Stages that a payment of the old connector may be in, as its statuses name them. */
const stages: Readonly<Record<string, readonly Payment['status'][]>> = {
  to_capture: ['authorized', 'pending'],
  captured: ['captured', 'refunded'],
  canceled: ['canceled', 'refunded'],
  failed: ['failed', 'pending'],
}

/**
 * Payments as the provider shows them now: the old connector keeps a charge and an amount, no
 * currency and no intent. Only what is still to be captured is opened for it.
 */
export async function importPayments(work: ImportWork): Promise<void> {
  const total = await work.old.count('payments')
  let done = 0
  for await (const page of work.old.payments()) {
    if (work.stopping()) return
    const rows: OldPayment[] = []
    for (const reading of page) {
      if (reading.ok) rows.push(reading.value)
      else {
        const old = { row: reading.row, purchaseId: null, chargeId: '', status: 'unreadable' }
        note(work, old, { outcome: 'refused', reason: 'unreadable', message: reading.problem })
      }
    }
    await importPage(work, rows)
    done += page.length
    work.progress('importing payments', done, total)
  }
}

type Noted = Pick<ImportEntry, 'outcome'> & Partial<ImportEntry>

function note(work: ImportWork, old: OldPayment, entry: Noted): void {
  work.book.add({
    table: 'payments',
    row: old.row,
    id: old.purchaseId ?? old.chargeId,
    status: old.status,
    already: false,
    amount: null,
    currency: null,
    reason: null,
    message: null,
    differs: false,
    ...entry,
  })
}

async function importPage(work: ImportWork, rows: readonly OldPayment[]): Promise<void> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const ids = rows.map(row => row.chargeId)
  const stored = await paymentsByReference(queries, environmentId, ids)
  const known = new Map(stored.flatMap(each => [[each.id, each] as const, ...byCharge(each)]))
  const asked: OldPayment[] = []
  for (const old of rows) {
    const payment = known.get(old.chargeId)
    if (payment !== undefined && payment.purchaseId !== null) {
      note(work, old, { outcome: 'recorded', already: true, ...sumOf(payment) })
    } else if (isAsked(work, old)) asked.push(old)
    else {
      const message = `${old.status}; it is asked for when an order needs it`
      note(work, old, { outcome: 'left', reason: 'not_looked_up', message })
    }
  }
  const shown = await shownFor(work, asked)
  const taken: Payment[] = []
  for (const old of asked) {
    const payment = judge(work, old, shown)
    if (payment !== null) taken.push(payment)
  }
  if (!isApplied(work)) return
  await work.database.inTransaction(async sql => {
    await savePayments(sql, environmentId, work.provider.name, taken, work.clock.now())
    const decided = taken.filter(({ status }) => status !== 'authorized' && status !== 'pending')
    // Of its orders nothing is known yet.
    const closed = decided.map(each => ({ paymentId: each.id, amount: null }))
    await closeForCapture(sql, environmentId, closed, work.clock.now())
  })
}

function byCharge(payment: Payment): (readonly [string, Payment])[] {
  return payment.chargeId === null ? [] : [[payment.chargeId, payment]]
}

/** What is finished is only asked for when everything is checked. */
function isAsked(work: ImportWork, old: OldPayment): boolean {
  return work.check === 'all' || (work.check === 'open' && old.status === 'to_capture')
}

async function shownFor(
  work: ImportWork,
  rows: readonly OldPayment[],
): Promise<Map<string, Payment | null>> {
  const shown = new Map<string, Payment | null>()
  const failures: unknown[] = []
  async function* each() {
    yield* rows
  }
  await concurrently(each(), askedAtOnce, async ({ chargeId }) => {
    try {
      shown.set(chargeId, await work.provider.payment(chargeId))
    } catch (error) {
      failures.push(error)
    }
  })
  if (failures.length > 0 && isApplied(work)) throw failures[0]
  if (failures.length > 0) work.book.problem(`a payment could not be read: ${String(failures[0])}`)
  return shown
}

function judge(
  work: ImportWork,
  old: OldPayment,
  shown: ReadonlyMap<string, Payment | null>,
): Payment | null {
  const payment = shown.get(old.chargeId)
  const refuse = (reason: string, message: string) => {
    note(work, old, { outcome: 'refused', reason, message })
    return null
  }
  if (payment === undefined) return refuse('not_read', `${old.chargeId} could not be read`)
  if (payment === null) {
    return refuse('missing_at_provider', `the provider does not know ${old.chargeId}`)
  }
  const purchaseId = payment.purchaseId ?? old.purchaseId
  if (purchaseId === null) {
    return refuse('no_purchase', 'neither the provider nor the old connector names its purchase')
  }
  const expected = stages[old.status] ?? []
  const differs = !expected.includes(payment.status)
  const message = `${old.status} in the old connector, ${payment.status} at the provider`
  const difference = differs ? { reason: 'status_differs', message, differs } : {}
  note(work, old, { outcome: 'recorded', ...difference, ...sumOf(payment) })
  return { ...payment, purchaseId }
}

function sumOf({ authorized, currency }: Payment) {
  return { amount: authorized, currency }
}
