import type { MovementParties } from '../domain/movement.ts'
import type { Payment } from '../domain/payment.ts'
import { movementsByProviderId } from '../store/movements.ts'
import { paymentsByReference } from '../store/payments.ts'
import { sellersOfAccount } from '../store/sellers.ts'
import type { MovementSubject } from './ports.ts'
import type { Work } from './work.ts'

export type Observing = Pick<
  Work,
  'database' | 'environment' | 'clock' | 'names' | 'provider' | 'actor' | 'log'
>

const nobody: MovementParties = {
  sellerId: null,
  orderId: null,
  purchaseId: null,
  cycleId: null,
  paymentId: null,
}

/** The payment of a charge, as it is stored when that is captured, else as the provider shows it. */
export async function paymentOf(work: Observing, chargeId: string): Promise<Payment | null> {
  const { queries } = work.database
  const [stored = null] = await paymentsByReference(queries, work.environment.id, [chargeId])
  const certain = stored !== null && ['captured', 'refunded'].includes(stored.status)
  if (certain) return stored
  return (await work.provider.payment(chargeId)) ?? stored
}

/** Where a transfer that we know went: a reversal in the provider's books does not say it. */
export async function accountOfTransfer(
  work: Observing,
  transferId: string | null,
): Promise<string | null> {
  if (transferId === null) return null
  const { queries } = work.database
  const [transfer] = await movementsByProviderId(queries, work.environment.id, transferId)
  return transfer?.account ?? null
}

/** Whom a movement made by hand touches, as far as it can be told. */
export async function partiesOf(
  work: Observing,
  subject: MovementSubject,
  account: string | null,
  payment: Payment | null,
): Promise<MovementParties> {
  const { queries } = work.database
  const environmentId = work.environment.id
  if (subject.transferId !== null) {
    const taken = await movementsByProviderId(queries, environmentId, subject.transferId)
    const [transfer] = taken
    if (transfer !== undefined) return { ...transfer.parties, cycleId: null }
  }
  const sellers = account === null ? [] : await sellersOfAccount(queries, environmentId, account)
  const [only] = sellers
  return {
    ...nobody,
    // An account may serve several shops: then nobody can tell whose it is.
    sellerId: sellers.length === 1 ? (only?.id ?? null) : null,
    purchaseId: payment?.purchaseId ?? null,
    paymentId: payment?.id ?? null,
  }
}
