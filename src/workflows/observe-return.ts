import { isMadeByHand } from '../domain/ledger-movements.ts'
import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { insertObserved } from '../store/movement-observing.ts'
import { announceFailure } from './announce.ts'
import { reopenOrder } from '../store/orders.ts'
import { countRefunded } from '../store/refunded-amounts.ts'
import { confirmPayout, reopenRefund } from './movement-consequences.ts'
import type { Work } from './work.ts'

type Observing = Pick<Work, 'database' | 'environment' | 'clock' | 'names' | 'provider' | 'actor'>

/**
 * The provider takes back what it had called done (a bank bounces a payout days later). The
 * finished movement stays as it is; what came back is a new, observed movement, and the cycle is
 * open again: its next payout has the next sequence. False: this return is known already.
 */
export async function observeReturn(
  work: Observing,
  movement: Movement,
  taken: { amount: bigint; outcome: Outcome },
): Promise<boolean> {
  const { outcome } = taken
  const rejected = outcome.result === 'rejected' ? outcome : null
  return work.database.inTransaction(async queries => {
    const inserted = await insertObserved(queries, work.environment.id, {
      id: work.names.next('mv'),
      kind: 'return',
      source: { type: 'movement', id: movement.id, part: '', sequence: 1 },
      parties: movement.parties,
      status: 'succeeded',
      reason: rejected?.reason ?? null,
      currency: movement.currency,
      amount: taken.amount,
      account: movement.account,
      provider: work.provider.name,
      providerId: movement.providerId,
      failure: rejected === null ? null : { code: rejected.code, message: rejected.message },
      facts: { of: movement.id, kind: movement.kind, byHand: isMadeByHand(movement) },
      actor: work.actor,
      now: work.clock.now(),
    })
    const { paymentId } = movement.parties
    if (inserted && movement.kind === 'refund') {
      if (paymentId !== null) {
        await countRefunded(queries, work.environment.id, paymentId, taken.amount)
      }
      const { orderId } = movement.parties
      if (orderId !== null) await reopenOrder(queries, work.environment.id, orderId)
      await reopenRefund(queries, work, movement)
    }
    if (inserted && movement.kind === 'payout') {
      await confirmPayout(queries, work, movement, false, movement.providerId)
    }
    if (inserted) {
      const { code = 'taken_back', message = 'The provider took it back.' } = rejected ?? {}
      const refusal = { code, message, providerId: movement.providerId }
      await announceFailure(queries, work, movement, refusal, true)
    }
    return inserted
  })
}
