import { type Decision, type Plan, check, decide } from './plan.ts'
import { type SettlementFacts, finalChecks, salesChecks, sellerChecks } from './plan-settlement.ts'
import type { Cut } from './set-off.ts'

/**
 * Collections that take open debts from the seller's account before the payout of a cycle, one per
 * debt. A collection that was planned and is not owed any more (written off, say) is given up.
 */
export function planSetOffs(facts: SettlementFacts, cut: Cut): Plan[] {
  return facts.debts.open
    .filter(debt => debt.own !== 'over' && (cut.collect.has(debt.id) || debt.own === 'open'))
    .map(debt => planSetOff(facts, debt.id, cut.collect.get(debt.id) ?? 0n))
}

function planSetOff(facts: SettlementFacts, debtId: string, amount: bigint): Plan {
  const { cycle, account, balance } = facts
  const available = balance?.available[cycle.currency] ?? 0n
  const checks = [
    ...finalChecks(facts),
    ...sellerChecks(facts),
    ...salesChecks({ ...facts, unfinished: {} }),
    check('seller_balance_short', balance === null || available < amount, {
      available: available.toString(),
      owed: amount.toString(),
    }),
    check('paused', facts.paused),
  ]
  const move = (): Decision => ({
    to: 'move',
    amount,
    instruction: {
      do: 'collection',
      currency: cycle.currency,
      amount,
      account: account?.id ?? '',
      group: cycle.id,
    },
  })
  const made =
    amount === 0n
      ? { decision: { to: 'nothing' } as const, facts: {} }
      : decide(checks, amount, move)
  return {
    kind: 'collection',
    source: { type: 'debt', id: debtId, part: cycle.id, sequence: 1 },
    parties: {
      sellerId: cycle.sellerId,
      orderId: null,
      purchaseId: null,
      cycleId: cycle.id,
      paymentId: null,
    },
    currency: cycle.currency,
    account: account?.id ?? null,
    checks,
    decision: made.decision,
    facts: made.facts,
  }
}
