import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { planConfirmation } from '../store/confirmations.ts'
import { cycleById, setCycleOpen } from '../store/cycles.ts'
import { appendDebtEntry } from '../store/debts.ts'
import { setRefundsOpen } from '../store/marketplace-refunds.ts'
import { reopenOrder } from '../store/orders.ts'
import { amendPayment, closeForCapture } from '../store/payments.ts'
import { countRefunded } from '../store/refunded-amounts.ts'
import { announceFailure } from './announce.ts'
import type { Work } from './work.ts'

type Recording = Pick<Work, 'environment' | 'clock' | 'actor'>

/** What follows from a finished movement, in the SQL transaction that records it. */
export async function afterSuccess(
  queries: Queries,
  work: Recording,
  movement: Movement,
  providerId: string,
): Promise<void> {
  const environmentId = work.environment.id
  const { paymentId } = movement.parties
  if (paymentId !== null && movement.kind === 'capture') {
    const captured = movement.sentAmount ?? 0n
    const change = { status: 'captured', captured } as const
    await amendPayment(queries, environmentId, paymentId, change, work.clock.now())
    const closed = { paymentId, amount: ownGoodsOf(movement) }
    await closeForCapture(queries, environmentId, [closed], work.clock.now())
  }
  if (paymentId !== null && movement.kind === 'void') {
    const change = { status: 'canceled' } as const
    await amendPayment(queries, environmentId, paymentId, change, work.clock.now())
    const closed = { paymentId, amount: null }
    await closeForCapture(queries, environmentId, [closed], work.clock.now())
  }
  if (paymentId !== null && movement.kind === 'refund') {
    await countRefunded(queries, environmentId, paymentId)
  }
  if (movement.kind === 'payout') await confirmPayout(queries, work, movement, true, providerId)
  if (movement.source.type === 'debt') await setOffDebt(queries, work, movement)
  await reopenRefund(queries, work, movement)
}

/** The operator's own goods in a basket, as the plan of its capture told them apart. */
function ownGoodsOf({ facts }: Movement): bigint | null {
  const { ownGoods } = facts
  return typeof ownGoods === 'string' ? BigInt(ownGoods) : null
}

/** The collection has taken it from the account: the payout of its cycle is less by as much. */
async function setOffDebt(queries: Queries, work: Recording, movement: Movement): Promise<void> {
  await appendDebtEntry(queries, work.environment.id, {
    debtId: movement.source.id,
    kind: 'set_off',
    amount: movement.sentAmount ?? 0n,
    movementId: movement.id,
    cycleId: movement.parties.cycleId,
    actor: work.actor,
    note: null,
    at: work.clock.now(),
  })
}

/** What follows from a definite refusal: its source is looked at again by the next planning run. */
export async function afterFailure(
  queries: Queries,
  work: Recording,
  movement: Movement,
  outcome: Extract<Outcome, { result: 'rejected' }>,
): Promise<void> {
  const { orderId } = movement.parties
  if (orderId !== null) await reopenOrder(queries, work.environment.id, orderId)
  await reopenRefund(queries, work, movement)
  const { paymentId } = movement.parties
  if (movement.kind === 'refund' && movement.status === 'accepted' && paymentId !== null) {
    // It counted as given back since the provider had it.
    await countRefunded(queries, work.environment.id, paymentId, movement.sentAmount ?? 0n)
  }
  if (movement.kind === 'payout' && outcome.reason === 'bank_refused') {
    await confirmPayout(queries, work, movement, false, outcome.providerId ?? null)
  }
  const { code, message } = outcome
  // A movement that was only asked may still have the id of an earlier attempt.
  const known = movement.status === 'accepted' ? movement.providerId : null
  const refusal = { code, message, providerId: outcome.providerId ?? known }
  await announceFailure(queries, work, movement, refusal)
}

/** What follows from a refund or its reversal is decided by the next run of refund-payments. */
export async function reopenRefund(
  queries: Queries,
  work: Pick<Work, 'environment'>,
  { source }: Movement,
): Promise<void> {
  if (source.type !== 'refund') return
  await setRefundsOpen(queries, work.environment.id, [source.id], true)
}

/**
 * What the marketplace is to be told about a payout that landed or bounced; it is told afterwards.
 * The sequence of the confirmation counts the tellings: a cycle may bounce first and land later.
 */
export async function confirmPayout(
  queries: Queries,
  work: Recording,
  movement: Movement,
  paid: boolean,
  reference: string | null,
): Promise<void> {
  const environmentId = work.environment.id
  const { cycleId } = movement.parties
  const cycle = cycleId === null ? null : await cycleById(queries, environmentId, cycleId)
  if (cycle === null || (!paid && !work.environment.settings.tellBounced)) return
  const attempts = movement.source.sequence * 1000 + movement.attempt
  await planConfirmation(
    queries,
    environmentId,
    {
      kind: 'cycle',
      targetId: cycle.id,
      sequence: paid ? attempts * 2 + 1 : attempts * 2,
      status: 'pending',
      says: paid ? 'paid' : 'refused',
      reason: null,
      sellerId: cycle.sellerId,
      orderId: null,
      purchaseId: null,
      cycleId: cycle.id,
      amount: cycle.amount,
      currency: cycle.currency,
      reference,
      facts: {},
    },
    work.clock.now(),
  )
  await setCycleOpen(queries, environmentId, cycle.id, !paid)
}
