import type { Payment } from '../domain/payment.ts'
import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { paymentsByReference, paymentsOfPurchases, savePayments } from '../store/payments.ts'
import { setRowsAside } from './set-rows-aside.ts'
import type { Deciding, Work } from './work.ts'

const overlapSeconds = 600
/** An authorisation lives for days: on a first reading there is no need to go back further. */
const firstDays = 30
const pagesMax = 10_000

/**
 * Reads the payments that were made since the last reading: webhooks bring them sooner, but a
 * webhook may be lost, and `tributary run` works without a server. A provider that cannot list
 * costs a warning, not the run.
 */
export async function findPayments(work: Work): Promise<void> {
  const { queries } = work.database
  const startedAt = work.clock.now()
  const stored = await readCheckpoint(queries, work.environment.id, 'payments')
  const first = new Date(startedAt.getTime() - firstDays * 24 * 3600 * 1000)
  let after: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    try {
      const found = await work.provider.payments({ createdSince: stored ?? first, after })
      const ours = found.payments.filter(payment => payment.purchaseId !== null)
      await savePayments(queries, work.environment.id, work.provider.name, ours, startedAt)
      const readIds = found.payments.flatMap(each => [each.id, each.chargeId ?? each.id])
      await setRowsAside(work, 'payment', { unread: found.unread, readIds })
      after = found.next
    } catch (error) {
      work.log('warn', 'payments could not be listed', { problem: String(error) })
      return
    }
    if (after === null) break
  }
  const to = new Date(startedAt.getTime() - overlapSeconds * 1000)
  await advanceCheckpoint(queries, work.environment.id, 'payments', to, startedAt)
}

/** What an order or a debit says about its payment. */
export interface PaymentHint {
  readonly purchaseId: string
  /** `transaction_number` or `imprint_number`; opaque, often an id of the provider. */
  readonly reference: string | null
}

/**
 * The payment of each purchase, from what is stored, else asked for by the reference that the
 * marketplace shows. A purchase tried twice has several payments: the one that took money wins.
 */
export async function paymentsFor(
  work: Deciding,
  hints: readonly PaymentHint[],
): Promise<Map<string, Payment>> {
  const { queries } = work.database
  const found = new Map<string, Payment>()
  const ids = [...new Set(hints.map(hint => hint.purchaseId))]
  for (const payment of await paymentsOfPurchases(queries, work.environment.id, ids)) {
    if (payment.purchaseId !== null) prefer(found, payment.purchaseId, payment)
  }
  const missing = new Map<string, string>()
  for (const { purchaseId, reference } of hints) {
    if (!found.has(purchaseId) && reference !== null) missing.set(reference, purchaseId)
  }
  const stored = await paymentsByReference(queries, work.environment.id, [...missing.keys()])
  for (const payment of stored) claim(found, missing, payment)
  for (const [reference, purchaseId] of missing) {
    if (found.has(purchaseId)) continue
    const payment = await ask(work, reference, purchaseId)
    if (payment !== null) found.set(purchaseId, payment)
  }
  return found
}

/**
 * Payments that look failed or canceled, asked for anew: an event may be late, and a customer may
 * have tried again. What is then told to the marketplace cannot be taken back.
 */
export async function certainOf(
  work: Work,
  payments: ReadonlyMap<string, Payment>,
  doubted: readonly Payment['status'][] = ['failed', 'canceled'],
): Promise<Map<string, Payment>> {
  const certain = new Map(payments)
  for (const [purchaseId, payment] of payments) {
    if (!doubted.includes(payment.status)) continue
    const fresh = await ask(work, payment.intentId ?? payment.id, purchaseId)
    if (fresh === null) certain.delete(purchaseId)
    else certain.set(purchaseId, fresh)
  }
  return certain
}

/**
 * Captured payments with what they brought, asked for once: the answer to a capture and the events
 * do not say it. What cannot be known yet stays null, and holds the transfer.
 */
export async function withSettled(
  work: Deciding,
  payments: ReadonlyMap<string, Payment>,
): Promise<Map<string, Payment>> {
  const known = new Map(payments)
  for (const [purchaseId, payment] of payments) {
    const isCaptured = payment.status === 'captured' || payment.status === 'refunded'
    if (!isCaptured || payment.settled !== null) continue
    const fresh = await ask(work, payment.intentId ?? payment.id, purchaseId)
    // Only what it brought: whatever else has changed meanwhile, its own reading says.
    if (fresh !== null) known.set(purchaseId, { ...payment, settled: fresh.settled })
  }
  return known
}

/** A payment found by reference counts for a purchase unless its metadata names another one. */
function claim(
  found: Map<string, Payment>,
  missing: ReadonlyMap<string, string>,
  payment: Payment,
): void {
  const purchaseId = missing.get(payment.id) ?? missing.get(payment.chargeId ?? '')
  if (purchaseId === undefined) return
  if (payment.purchaseId === null || payment.purchaseId === purchaseId) {
    prefer(found, purchaseId, payment)
  }
}

const preference = ['captured', 'authorized', 'refunded', 'pending', 'canceled', 'failed']

function prefer(found: Map<string, Payment>, purchaseId: string, payment: Payment): void {
  const known = found.get(purchaseId)
  const better =
    known === undefined ||
    preference.indexOf(payment.status) < preference.indexOf(known.status) ||
    (payment.status === known.status && payment.createdAt > known.createdAt)
  if (better) found.set(purchaseId, payment)
}

const providerIds = /^(pi|ch|py)_/

async function ask(work: Deciding, reference: string, purchaseId: string): Promise<Payment | null> {
  if (!providerIds.test(reference)) return null
  try {
    const payment = await work.provider.payment(reference)
    if (payment === null) return null
    if (payment.purchaseId !== null && payment.purchaseId !== purchaseId) {
      work.log('warn', 'a payment names another purchase', { reference, purchaseId })
      return null
    }
    const claimed = { ...payment, purchaseId }
    const { name } = work.provider
    const at = work.clock.now()
    await savePayments(work.database.queries, work.environment.id, name, [claimed], at)
    return claimed
  } catch (error) {
    work.log('warn', 'a payment could not be read', { reference, problem: String(error) })
    return null
  }
}
