import type { NewDebt } from './debt.ts'
import type { SettlementFacts } from './plan-settlement.ts'
import { mayBeConverted } from './settled-sales.ts'
import { paidByUs } from './plan-transfer.ts'

/** What a cycle collects beside its payout, in minor units. */
interface Collected {
  readonly invoices: bigint
  readonly subscription: bigint
}

/** A cycle in which the seller owes, and that Tributary carries until later payouts. */
export function isCarried(facts: SettlementFacts): boolean {
  const { cycle } = facts
  return (
    facts.negativeCycles === 'tributary' &&
    cycle.amount < 0n &&
    cycle.final &&
    cycle.payState !== 'paid' &&
    facts.barred === null &&
    !facts.paused &&
    paidByUs(cycle.payOutPspCode, facts.ourPspCodes)
  )
}

/**
 * How much of a carried cycle's collections its debt stands for: they are given up or made less, so
 * that one unit is never owed twice. What was asked of the provider already stays as it is. What the
 * debt has beyond them is refunds, whose reversals take it from the account by themselves.
 */
function collectableOf(facts: SettlementFacts): bigint {
  // A debt in what the sales were converted to cannot stand for parts in the cycle's own currency.
  if (mayBeConverted(facts.sales, facts.cycle.currency)) return 0n
  if (facts.cycleDebt !== null) return facts.cycleDebt.collectable
  if (!isCarried(facts)) return 0n
  const { cycle, partsStanding } = facts
  const owed = { invoices: cycle.otherInvoices, subscription: cycle.subscription }
  const free =
    (partsStanding['invoices'] === undefined ? owed.invoices : 0n) +
    (partsStanding['subscription'] === undefined ? owed.subscription : 0n)
  return free < -cycle.amount ? free : -cycle.amount
}

/** What the cycle itself still collects: all, unless it is carried. */
export function collectedOf(facts: SettlementFacts): Collected {
  const { cycle, partsStanding } = facts
  const all = { invoices: cycle.otherInvoices, subscription: cycle.subscription }
  const collectable = collectableOf(facts)
  if (collectable === 0n) return all
  const { invoices, subscription } = partsStanding
  const standing = (invoices ?? 0n) + (subscription ?? 0n)
  const total = all.invoices + all.subscription - collectable - standing
  const rest = total > 0n ? total : 0n
  const ofInvoices = invoices ?? (rest < all.invoices ? rest : all.invoices)
  const left = invoices === undefined ? rest - ofInvoices : rest
  return { invoices: ofInvoices, subscription: subscription ?? left }
}

/** The debt of a carried cycle that has none yet: once, for what the seller owes. */
export function debtOfCycle(facts: SettlementFacts): NewDebt | null {
  if (facts.cycleDebt !== null || !isCarried(facts)) return null
  const { cycle } = facts
  const kept = collectedOf(facts)
  return {
    sellerId: cycle.sellerId,
    currency: cycle.currency,
    source: { type: 'cycle', id: cycle.id, part: '' },
    purchaseId: null,
    original: -cycle.amount,
    collectable: collectableOf(facts),
    facts: {
      cycle: cycle.id,
      invoices: (cycle.otherInvoices - kept.invoices).toString(),
      subscription: (cycle.subscription - kept.subscription).toString(),
    },
  }
}
