import type { DebtEntryKind } from './debt.ts'
import type { Debt } from './debt.ts'
import { type Flow, type LedgerAccount, type LedgerEvent, type Posting } from './ledger.ts'
import { entriesOf, escrowOf, flow, posting } from './ledger.ts'

/** A line of a debt that the books follow. Minor units. */
export interface BookedDebtEntry {
  readonly number: bigint
  readonly kind: DebtEntryKind
  readonly amount: bigint
}

export type BookedDebt = Pick<
  Debt,
  'id' | 'sellerId' | 'currency' | 'source' | 'purchaseId' | 'collectable'
>

/**
 * What a debt's line does to the accounts. A dispute's debt fills the escrow of its purchase, a
 * cycle's the commission, with what collections are to take: the rest of a cycle's debt comes by held
 * reversals, which are booked as such. What a collection takes is the movement's own posting.
 */
export function debtPosting(debt: BookedDebt, entry: BookedDebtEntry): Posting | null {
  const step = stepOf(debt, entry)
  if (step === null || step.moved.amount === 0n) return null
  return posting({
    key: `debt:${debt.id}:${entry.kind}:${entry.number}`,
    event: step.event,
    currency: debt.currency,
    parties: {
      movementId: null,
      paymentId: null,
      orderId: null,
      purchaseId: debt.purchaseId,
      sellerId: debt.sellerId,
      cycleId: debt.source.type === 'cycle' ? debt.source.id : null,
    },
    entries: entriesOf([step.moved]),
  })
}

function stepOf(
  debt: BookedDebt,
  { kind, amount }: BookedDebtEntry,
): { readonly event: LedgerEvent; readonly moved: Flow } | null {
  const owed: LedgerAccount = `debt:${debt.id}`
  const filled: LedgerAccount = debt.purchaseId === null ? 'commission' : escrowOf(debt.purchaseId)
  switch (kind) {
    case 'written':
      return { event: 'debt_written', moved: flow(owed, filled, debt.collectable) }
    case 'given_up':
      return { event: 'debt_given_up', moved: flow(filled, owed, amount) }
    case 'written_off':
      return { event: 'debt_written_off', moved: flow('commission', owed, amount) }
    case 'set_off':
      return null
  }
}
