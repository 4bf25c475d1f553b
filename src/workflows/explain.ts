import type { Facts } from '../domain/json.ts'
import type { Movement } from '../domain/movement.ts'
import type { Plan } from '../domain/plan.ts'
import { kycOf } from '../domain/onboarding.ts'
import type { Balance, Cycle } from '../domain/settlement.ts'
import { confirmationsOf } from '../store/confirmations.ts'
import { cycleById } from '../store/cycles.ts'
import { listDebts } from '../store/debts.ts'
import { listMovements, movementById } from '../store/movements.ts'
import { orderById } from '../store/orders.ts'
import { paymentsOfPurchases } from '../store/payments.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { setAsideOf, type SetAsideKind, type SetAsideRow } from '../store/set-aside.ts'
import { captureFacts, capturePlans } from './capture-payments.ts'
import { fromMemory, type Remembered } from './decide-from-memory.ts'
import { refundPlans, splitPlans } from './explain-order-plans.ts'
import {
  type ExplainedMovement,
  type ExplainedPlan,
  type ExplainedReason,
  explainMovement,
  explainPlan,
  explainReason,
  type Language,
} from './explain-plan.ts'
import { debtLine } from './seller-statement.ts'
import { decideCycle } from './settle-sellers.ts'
import { transferFacts } from './split-payments.ts'

export const explainedTypes = ['order', 'seller', 'invoice', 'movement'] as const
export type ExplainedType = (typeof explainedTypes)[number]

/** What the marketplace was told, or is to be told. */
export interface ExplainedConfirmation {
  readonly kind: string
  readonly target: string
  readonly status: string
  readonly says: string | null
  readonly reason: ExplainedReason | null
  readonly amount: string
  readonly currency: string
  /** What the marketplace answered. */
  readonly message: string | null
  readonly facts: Facts
}

/** Why something is as it is; ready for JSON, amounts as text in minor units. */
export interface Explanation {
  readonly type: ExplainedType
  readonly id: string
  readonly facts: Facts
  /** It could not be read; what is stored is older than what the marketplace shows. */
  readonly setAside: SetAsideRow | null
  readonly plans: readonly ExplainedPlan[]
  readonly movements: readonly ExplainedMovement[]
  readonly confirmations: readonly ExplainedConfirmation[]
}

/** What is explained from: stored facts alone, neither marketplace nor provider is asked. */
export type Explaining = Remembered & { readonly language: Language }

const movementsMax = 200

/** Explains one thing; null: nobody here knows it. */
export function explain(
  source: Explaining,
  type: ExplainedType,
  id: string,
): Promise<Explanation | null> {
  switch (type) {
    case 'order':
      return explainOrder(source, id)
    case 'seller':
      return explainSeller(source, id)
    case 'invoice':
      return explainInvoice(source, id)
    case 'movement':
      return explainOne(source, id)
  }
}

async function explainOrder(source: Explaining, id: string): Promise<Explanation | null> {
  const { queries } = source.database
  const environmentId = source.environment.id
  const order = await orderById(queries, environmentId, id)
  const setAside = await setAsideRow(source, 'order', id)
  const { language } = source
  const debits = await confirmationsOf(queries, environmentId, 'debit', { orderId: id })
  const refunds = await confirmationsOf(queries, environmentId, 'refund', { orderId: id })
  const confirmations = [...debits, ...refunds].map(each => explainConfirmation(each, language))
  if (order === null) {
    // What the marketplace wants to be told may come before the order, or without a readable one.
    const unknown = setAside === null && confirmations.length === 0
    return unknown ? null : { ...empty('order', id, setAside), confirmations }
  }
  const memory = fromMemory(source)
  const splits = await transferFacts(memory, [order])
  const payments = await paymentsOfPurchases(queries, environmentId, [order.purchaseId])
  const captures = capturePlans(memory, await captureFacts(memory, payments))
  const movements = await listMovements(queries, environmentId, {
    purchaseId: order.purchaseId,
    limit: movementsMax,
  })
  const own = { transfers: [] as Plan[], refunds: [] as Plan[] }
  for (const facts of splits) {
    own.transfers.push(...(await splitPlans(memory, facts, movements)))
    own.refunds.push(...(await refundPlans(memory, facts, movements)))
  }
  // The purchase's own movements concern the order; those of its other orders do not.
  const shown = movements.filter(
    ({ parties }) => parties.orderId === null || parties.orderId === order.id,
  )
  return {
    type: 'order',
    id,
    facts: {
      purchase: order.purchaseId,
      seller: order.sellerId,
      state: order.state,
      total: order.total.toString(),
      commission: order.commission.toString(),
      currency: order.currency,
      debitedAt: order.debitedAt?.toISOString() ?? null,
      updatedAt: order.updatedAt.toISOString(),
      payments: payments.map(payment => `${payment.id} ${payment.status}`),
    },
    setAside,
    plans: [
      ...captures.map(plan => explainPlan(plan, movements, language, 'validate-payments')),
      ...own.transfers.map(plan => explainPlan(plan, movements, language, 'split-payments')),
      ...own.refunds.map(plan => explainPlan(plan, movements, language, 'refund-payments')),
    ],
    movements: await Promise.all(shown.map(each => explainMovement(source, each, language))),
    confirmations,
  }
}

async function explainSeller(source: Explaining, id: string): Promise<Explanation | null> {
  const { queries } = source.database
  const environmentId = source.environment.id
  const known = (await sellersWithAccounts(queries, environmentId, [id])).get(id)
  const setAside = await setAsideRow(source, 'seller', id)
  if (known === undefined) return setAside === null ? null : empty('seller', id, setAside)
  const { seller, account } = known
  const waiting = await listMovements(queries, environmentId, { sellerId: id, limit: movementsMax })
  const open = waiting.filter(each => each.status !== 'succeeded' && each.status !== 'canceled')
  const kyc = account === null ? null : kycOf(account)
  const query = { sellerId: id, open: true, limit: movementsMax }
  const debts = (await listDebts(queries, environmentId, query)).map(debtLine)
  return {
    type: 'seller',
    id,
    facts: {
      name: seller.name,
      country: seller.country,
      ignored: seller.ignored,
      paymentBlocked: seller.paymentBlocked,
      account: account?.id ?? seller.accountId,
      accountProblem: seller.accountProblem,
      standing: account?.standing ?? null,
      transfers: account?.transfersActive ?? null,
      payouts: account?.payoutsEnabled ?? null,
      disabledReason: account?.disabledReason ?? null,
      currentlyDue: [...(account?.currentlyDue ?? [])],
      currentDeadline: account?.currentDeadline?.toISOString() ?? null,
      requirementProblems: [...(account?.requirementProblems ?? [])],
      pendingVerification: [...(account?.pendingVerification ?? [])],
      futureDue: [...(account?.futureDue ?? [])],
      futureDeadline: account?.futureDeadline?.toISOString() ?? null,
      kyc: kyc === null ? null : { ...kyc },
      kycTold: seller.kycTold === null ? null : { ...seller.kycTold },
      debts: debts.map(each => `${each.id} of ${each.source}: ${each.open} ${each.currency} open`),
      linkInMarketplace: seller.linkShown,
      linkVersion: seller.linkVersion,
    },
    setAside,
    plans: [],
    movements: await Promise.all(open.map(each => explainMovement(source, each, source.language))),
    confirmations: [],
  }
}

async function explainInvoice(source: Explaining, id: string): Promise<Explanation | null> {
  const { queries } = source.database
  const environmentId = source.environment.id
  const cycle = await cycleById(queries, environmentId, id)
  const setAside = await setAsideRow(source, 'cycle', id)
  if (cycle === null) return setAside === null ? null : empty('invoice', id, setAside)
  const movements = await listMovements(queries, environmentId, {
    cycleId: id,
    limit: movementsMax,
  })
  const seen = movements.find(each => each.facts['available'] !== undefined)
  const { plans } = await decideCycle(fromMemory(source), cycle, {
    of: account =>
      Promise.resolve(
        seen === undefined || account === null ? enough(cycle, movements) : balanceOf(seen),
      ),
    take: () => Promise.resolve(),
  })
  const told = await confirmationsOf(queries, environmentId, 'cycle', { targetIds: [id] })
  const { language } = source
  const { createdAt, ...shown } = cycle
  return {
    type: 'invoice',
    id,
    facts: {
      ...Object.fromEntries(
        Object.entries(shown).map(([name, value]) => [
          name,
          typeof value === 'bigint' ? value.toString() : value,
        ]),
      ),
      createdAt: createdAt.toISOString(),
    },
    setAside,
    plans: plans.map(plan => explainPlan(plan, movements, language, 'settle-sellers')),
    movements: await Promise.all(movements.map(each => explainMovement(source, each, language))),
    confirmations: told.map(each => explainConfirmation(each, language)),
  }
}

/** Balances are the provider's: without asking it, only those that the last run saw are known. */
function balanceOf({ currency, facts }: Movement): Balance {
  const figure = (name: string) => {
    const text = facts[name]
    return typeof text === 'string' ? BigInt(text) : 0n
  }
  return {
    available: { [currency]: figure('available') },
    pending: { [currency]: figure('pending') },
  }
}

/** As much as the cycle is about, in each currency that it is moved in. */
function enough(cycle: Cycle, movements: readonly Movement[]): Balance {
  const parts = [cycle.amount, cycle.otherCredits, cycle.otherInvoices, cycle.subscription]
  const all = parts.reduce((left, right) => left + (right > 0n ? right : -right), 0n)
  const converted = movements.flatMap(({ currency, amount }): [string, bigint][] =>
    currency === cycle.currency ? [] : [[currency, amount ?? 0n]],
  )
  return { available: { ...Object.fromEntries(converted), [cycle.currency]: all }, pending: {} }
}

async function explainOne(source: Explaining, id: string): Promise<Explanation | null> {
  const movement = await movementById(source.database.queries, source.environment.id, id)
  if (movement === null) return null
  const { instruction, parties } = movement
  return {
    type: 'movement',
    id,
    facts: {
      ...parties,
      origin: movement.origin,
      needsReview: movement.needsReview,
      account: movement.account,
      instruction:
        instruction === null ? null : { ...instruction, amount: instruction.amount.toString() },
    },
    setAside: null,
    plans: [],
    movements: [await explainMovement(source, movement, source.language)],
    confirmations: [],
  }
}

async function setAsideRow(
  source: Explaining,
  kind: SetAsideKind,
  id: string,
): Promise<SetAsideRow | null> {
  const { queries } = source.database
  return (await setAsideOf(queries, source.environment.id, kind, { ids: [id] })).get(id) ?? null
}

function empty(type: ExplainedType, id: string, setAside: SetAsideRow | null): Explanation {
  return { type, id, facts: {}, setAside, plans: [], movements: [], confirmations: [] }
}

function explainConfirmation(
  each: Awaited<ReturnType<typeof confirmationsOf>>[number],
  language: Language,
): ExplainedConfirmation {
  return {
    kind: each.kind,
    target: each.targetId,
    status: each.status,
    says: each.says,
    reason: explainReason(each.reason, language),
    amount: each.amount.toString(),
    currency: each.currency,
    message: each.message,
    facts: each.facts,
  }
}
