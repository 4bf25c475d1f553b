import type { MovementStatus } from '../domain/lifecycle.ts'
import type { Instruction, MovementKind } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'
import { insertObserved } from '../store/movement-observing.ts'
import { countRefunded } from '../store/refunded-amounts.ts'
import { accountOfTransfer, type Observing, partiesOf, paymentOf } from './observed-parties.ts'
import type { MovementSubject, ProviderEvent } from './ports.ts'

/** Seconds until a movement that is not finished is asked about; its event usually comes first. */
const firstLookSeconds = 3600

export type Observed = 'booked' | 'known' | 'not_ours_to_book'

/**
 * Books what somebody moved by hand in the provider's dashboard, or what the provider moved by
 * itself (automatic payouts). Call only for what is no movement of ours: neither by the provider's
 * id nor by the metadata. The same object is booked once, whatever its events are.
 */
export async function observeMovement(
  work: Observing,
  event: Pick<ProviderEvent, 'account'>,
  subject: MovementSubject,
): Promise<Observed> {
  const payment = subject.chargeId === null ? null : await paymentOf(work, subject.chargeId)
  const kind = kindOf(subject, event.account, payment)
  const status = statusOf(subject)
  if (kind === null || status === null) return 'not_ours_to_book'
  const account =
    accountOf(subject, event.account, kind) ?? (await accountOfTransfer(work, subject.transferId))
  const parties = await partiesOf(work, subject, account, payment)
  const now = work.clock.now()
  const rejected = subject.outcome.result === 'rejected' ? subject.outcome : null
  return work.database.inTransaction(async queries => {
    const inserted = await insertObserved(queries, work.environment.id, {
      id: work.names.next('mv'),
      kind,
      source: { type: 'provider', id: subject.providerId, part: '', sequence: 1 },
      parties,
      status,
      reason: rejected?.reason ?? null,
      currency: subject.currency,
      amount: subject.amount,
      account,
      provider: work.provider.name,
      providerId: subject.providerId,
      failure: rejected === null ? null : { code: rejected.code, message: rejected.message },
      facts: subject.movementId === null ? {} : { named: subject.movementId },
      instruction: instructionOf(subject, kind, account),
      nextLookAt: status === 'accepted' ? new Date(now.getTime() + firstLookSeconds * 1000) : null,
      actor: work.actor,
      now,
    })
    if (inserted && kind === 'refund' && status === 'succeeded' && parties.paymentId !== null) {
      await countRefunded(queries, work.environment.id, parties.paymentId)
    }
    return inserted ? 'booked' : 'known'
  })
}

/** What it is for us. Null: money between a seller and that seller's own customers. */
function kindOf(
  subject: MovementSubject,
  from: string | null,
  payment: Payment | null,
): MovementKind | null {
  switch (subject.object) {
    case 'payout':
      return from === null ? 'operator_payout' : 'payout'
    case 'transfer':
      return from === null ? 'transfer' : 'collection'
    case 'reversal':
      // A collection that is taken back gives the seller money.
      return from === null ? 'reversal' : 'credit'
    case 'top_up':
      return from === null ? 'top_up' : null
    case 'refund':
      if (from !== null) return null
      // A plain charge's authorisation is released by a "refund" of money that was never taken.
      return payment?.captured === 0n ? 'void' : 'refund'
  }
}

function statusOf({ outcome, takenBack }: MovementSubject): MovementStatus | null {
  const statuses: Record<Outcome['result'], MovementStatus | null> = {
    succeeded: 'succeeded',
    accepted: 'accepted',
    // It went and came back before it was seen: nothing of it is left to book.
    rejected: 'failed',
    unknown: null,
  }
  return takenBack === null ? statuses[outcome.result] : 'failed'
}

/** The seller's account: a payout's own, where a transfer went, from where a collection came. */
function accountOf(
  subject: MovementSubject,
  from: string | null,
  kind: MovementKind,
): string | null {
  if (from !== null) return from
  return kind === 'transfer' || kind === 'reversal' ? subject.account : null
}

/** As if we had asked for it, so that its state can be looked at; it is never sent. */
function instructionOf(
  { amount, currency, chargeId, transferId }: MovementSubject,
  kind: MovementKind,
  account: string | null,
): Instruction | null {
  const basis = { amount, currency }
  if (kind === 'payout' && account !== null)
    return { ...basis, do: 'payout', account, statement: null }
  if (kind === 'refund' && chargeId !== null) return { ...basis, do: 'refund', chargeId }
  if (kind === 'reversal' && transferId !== null) return { ...basis, do: 'reversal', transferId }
  return null
}
