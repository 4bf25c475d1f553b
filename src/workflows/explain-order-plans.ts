import type { Movement } from '../domain/movement.ts'
import type { Plan } from '../domain/plan.ts'
import { planRefund } from '../domain/plan-refund.ts'
import { planTaxTransfer } from '../domain/plan-tax-transfer.ts'
import { planFundedTransfer, planTransfer, type TransferFacts } from '../domain/plan-transfer.ts'
import { refundsOfOrders, type StoredRefund } from '../store/marketplace-refunds.ts'
import { captureOf } from './refund-facts.ts'
import { leftBesideTransfers } from './split-payments.ts'
import type { Deciding } from './work.ts'

/** What would be decided now of an order's split: its transfer, taxes and the promotion's part. */
export async function splitPlans(
  work: Deciding,
  facts: TransferFacts,
  movements: readonly Movement[],
): Promise<Plan[]> {
  const down = (amount: bigint, currency: string) =>
    work.provider.representable(amount, currency, 'down', 'transfer')
  const { order } = facts
  const left = (await leftBesideTransfers(work, [order])).get(order.id)
  const tax = planTaxTransfer(facts, null, down)
  const funded = planFundedTransfer(facts, platformSeen(facts, movements), down, left)
  return [planTransfer(facts, down), tax, funded].filter(plan => plan !== null)
}

/** The platform's balance is the provider's: without asking it, what the last hold saw, else enough. */
function platformSeen({ order }: TransferFacts, movements: readonly Movement[]): bigint {
  const held = movements.find(
    ({ kind, source, reason }) =>
      kind === 'transfer' &&
      source.id === order.id &&
      source.part === 'funding' &&
      reason === 'platform_balance_short',
  )
  if (held === undefined) return 2n ** 62n
  const { available } = held.facts
  return typeof available === 'string' ? BigInt(available) : 0n
}

/** What would be decided now of each refund of an order. */
export async function refundPlans(
  work: Deciding,
  facts: TransferFacts,
  movements: readonly Movement[],
): Promise<Plan[]> {
  const { queries } = work.database
  const refunds = await refundsOfOrders(queries, work.environment.id, [facts.order.id])
  const rounded = (direction: 'up' | 'down') => (amount: bigint, currency: string) =>
    work.provider.representable(amount, currency, direction, 'refund')
  return refunds.map(refund =>
    planRefund(refundFacts(refund, facts, movements), rounded('up'), rounded('down')),
  )
}

function refundFacts(
  refund: StoredRefund,
  { payment, unreadable, paused, barred }: TransferFacts,
  movements: readonly Movement[],
): Parameters<typeof planRefund>[0] {
  const captures = movements.filter(({ kind }) => kind === 'capture' || kind === 'void')
  const own = movements.find(({ kind, source }) => kind === 'refund' && source.id === refund.id)
  return {
    refund,
    payment,
    // Whether the marketplace still lists it, only a run finds out: its word of then counts.
    listed: own?.reason !== 'refund_withdrawn',
    ...captureOf(captures, payment, refund.id),
    held: own?.status === 'on_hold',
    unreadable: unreadable?.field ?? null,
    paused,
    barred,
  }
}
