import type { Order } from '../domain/order.ts'
import type { ServiceDebit } from '../domain/service-debit.ts'
import type { Confirmation } from '../store/confirmations.ts'
import { ordersById } from '../store/refund-sources.ts'
import type { DebitConfirmation, Told } from './ports.ts'
import type { Work } from './work.ts'

type Telling = Pick<Work, 'marketplace'>

/**
 * Tells the marketplace about one debit (PA01, or SPA01 for a service). Mirakl has no idempotency
 * key: a repeated call is refused, and a lost answer says nothing. So what was not taken for certain
 * is read back. Never throws: an error of ours on the way is `unknown`.
 */
export async function tellDebit(work: Telling, confirmation: DebitConfirmation): Promise<Told> {
  const { debit } = confirmation
  const { marketplace } = work
  const isService = debit.domain === 'service'
  const telling = isService
    ? marketplace.confirmServiceDebit(confirmation)
    : marketplace.confirmDebit(confirmation)
  const answer = await telling.catch(unanswered)
  if (answer.result === 'told') return answer
  try {
    const read = isService
      ? await readServiceDebit(work, confirmation)
      : await readOrder(work, confirmation)
    return read ?? answer
  } catch (error) {
    return unanswered(error)
  }
}

function unanswered(error: unknown): Told {
  return { result: 'unknown', message: String(error) }
}

async function readOrder(work: Telling, { debit, paid }: DebitConfirmation): Promise<Told | null> {
  for await (const page of work.marketplace.orders({ ids: [debit.orderId] })) {
    for (const reading of page.readings) {
      if (reading.ok && reading.value.id === debit.orderId && shows(reading.value, paid)) {
        return { result: 'told' }
      }
    }
  }
  return null
}

/** A product order has no state of its debit: debited, or canceled, means that we were heard. */
function shows(order: Order, paid: boolean): boolean {
  return paid ? order.debitedAt !== null : order.state === 'CANCELED'
}

async function readServiceDebit(
  work: Telling,
  { debit, paid }: DebitConfirmation,
): Promise<Told | null> {
  for await (const page of work.marketplace.serviceDebits([debit.orderId])) {
    for (const reading of page.readings) {
      if (reading.ok && reading.value.id === debit.id) return answerOf(reading.value, paid)
    }
  }
  return null
}

/** SPA11 goes on listing a debit that was settled, with its state; null: it still waits. */
function answerOf(debit: ServiceDebit, paid: boolean): Told | null {
  if (debit.state === 'waiting') return null
  if ((debit.state === 'paid') === paid) return { result: 'told' }
  return { result: 'refused', message: `Mirakl shows the debit as ${debit.state}.` }
}

/**
 * What became of confirmations that were told and never answered: a product order, read by its
 * update since then, says so; of a service its debit does. Those that nobody knows of are left out.
 */
export async function heardOf(
  work: Work,
  open: readonly Confirmation[],
): Promise<(readonly [Confirmation, Told])[]> {
  const orderIds = [...new Set(open.flatMap(({ orderId }) => orderId ?? []))]
  if (orderIds.length === 0) return []
  const orders = await ordersById(work.database.queries, work.environment.id, orderIds)
  const services = orderIds.filter(id => orders.get(id)?.domain === 'service')
  const debits = await debitsById(work, services)
  return open.flatMap(confirmation => {
    const paid = confirmation.says === 'paid'
    const order = orders.get(confirmation.orderId ?? '')
    const debit = debits.get(confirmation.targetId)
    if (debit !== undefined) {
      const answer = answerOf(debit, paid)
      return answer === null ? [] : [[confirmation, answer] as const]
    }
    const heard = order?.domain === 'product' && shows(order, paid)
    return heard ? [[confirmation, { result: 'told' } as const] as const] : []
  })
}

async function debitsById(
  work: Work,
  orderIds: readonly string[],
): Promise<Map<string, ServiceDebit>> {
  const found = new Map<string, ServiceDebit>()
  if (orderIds.length === 0) return found
  try {
    for await (const page of work.marketplace.serviceDebits(orderIds)) {
      for (const reading of page.readings)
        if (reading.ok) found.set(reading.value.id, reading.value)
    }
  } catch (error) {
    // What waits is told again, and read back then.
    work.log('warn', 'debits could not be read back', { problem: String(error) })
  }
  return found
}
