import type { Queries } from '../database/connection.ts'
import type { Movement, MovementSource } from '../domain/movement.ts'
import type { Plan } from '../domain/plan.ts'
import { type Change, changeOf } from '../domain/replan.ts'
import { type JournalLine, appendJournal } from './journal.ts'
import { encodeBody } from './json-body.ts'
import { bookOrders } from './ledger-orders.ts'
import { movementOf } from './movement-rows.ts'

export interface PlanWriting {
  readonly environmentId: string
  readonly provider: string
  readonly actor: string
  readonly now: Date
  nextId(): string
}

export interface Written {
  readonly plan: Plan
  /** The movement's status after writing; null when nothing is owed and none was written. */
  readonly status: Movement['status'] | null
  /** Did this writing change anything? */
  readonly changed: boolean
}

const keyOf = (kind: string, source: MovementSource) =>
  [kind, source.type, source.id, source.part, source.sequence].join('\u0000')

/**
 * Writes the decisions of a batch in the caller's SQL transaction. The rows of the same sources are
 * locked first, so that two runs at once decide one after the other. Planning the same facts again
 * writes nothing, and what was asked of the provider is never touched here.
 */
export async function writePlans(
  queries: Queries,
  writing: PlanWriting,
  plans: readonly Plan[],
): Promise<Written[]> {
  const stored = await storedFor(queries, writing.environmentId, plans)
  const lines: JournalLine[] = []
  const fresh: { plan: Plan; change: Change; id: string }[] = []
  const written: Written[] = []
  for (const plan of plans) {
    const movement = stored.get(keyOf(plan.kind, plan.source)) ?? null
    const change = changeOf(movement, plan, writing.now)
    written.push({
      plan,
      status: change?.to ?? movement?.status ?? null,
      changed: change !== null,
    })
    if (change === null) continue
    const id = movement?.id ?? writing.nextId()
    if (movement === null) fresh.push({ plan, change, id })
    else await update(queries, writing, movement, change)
    lines.push({
      movementId: id,
      actor: writing.actor,
      from: movement?.status ?? null,
      to: change.to,
      reason: change.reason,
      attempt: movement?.attempt ?? 0,
      facts: plan.facts,
    })
  }
  const lost = await insert(queries, writing, fresh)
  const own = lines.filter(line => !lost.has(line.movementId))
  await appendJournal(queries, writing.environmentId, own, writing.now)
  await bookGivenUp(queries, writing, written)
  const elsewhere = new Set(fresh.filter(each => lost.has(each.id)).map(each => each.plan))
  return written.map(each => (elsewhere.has(each.plan) ? { ...each, changed: false } : each))
}

const givenUpKinds = ['transfer', 'reversal', 'tax_reversal', 'restitution']

/**
 * A split that leaves nothing to transfer is decided by that: the operator keeps the commission. A
 * reversal that finds nothing left of its transfer leaves its amount to the operator.
 */
async function bookGivenUp(
  queries: Queries,
  { environmentId, now }: PlanWriting,
  written: readonly Written[],
): Promise<void> {
  const ids = written
    .filter(({ plan, status, changed }) => {
      return changed && status === 'canceled' && givenUpKinds.includes(plan.kind)
    })
    .flatMap(({ plan }) => plan.parties.orderId ?? [])
  await bookOrders(queries, environmentId, ids, now)
}

async function storedFor(
  queries: Queries,
  environmentId: string,
  plans: readonly Plan[],
): Promise<Map<string, Movement>> {
  if (plans.length === 0) return new Map()
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', 'in', [...new Set(plans.map(plan => plan.kind))])
    .where('source_type', 'in', [...new Set(plans.map(plan => plan.source.type))])
    .where('source_id', 'in', [...new Set(plans.map(plan => plan.source.id))])
    .orderBy('id')
    .forUpdate()
    .execute()
  return new Map(
    rows.map(movementOf).map(movement => [keyOf(movement.kind, movement.source), movement]),
  )
}

function decidedColumns(change: Change) {
  const { plan } = change
  const instruction = plan.decision.to === 'move' ? plan.decision.instruction : null
  return {
    status: change.to,
    reason: change.reason,
    amount: change.amount,
    sent_amount: instruction?.amount ?? null,
    account: plan.account,
    payment_id: plan.parties.paymentId,
    instruction: instruction === null ? null : encodeBody(instruction),
    facts: JSON.stringify(plan.facts),
  }
}

/** What the amount is in. Where nothing is owed any more, the stored amount stays, with its currency. */
function amountColumns({ plan }: Change) {
  return {
    currency: plan.currency,
    original_amount: plan.original?.amount ?? null,
    original_currency: plan.original?.currency ?? null,
  }
}

/** Returns the ids of those that another run has inserted meanwhile: its decision stands. */
async function insert(
  queries: Queries,
  writing: PlanWriting,
  fresh: readonly { plan: Plan; change: Change; id: string }[],
): Promise<Set<string>> {
  if (fresh.length === 0) return new Set()
  // In one order for everybody, so that two runs at once wait for each other and do not deadlock.
  const sorted = fresh.toSorted((a, b) =>
    keyOf(a.plan.kind, a.plan.source) < keyOf(b.plan.kind, b.plan.source) ? -1 : 1,
  )
  const inserted = await queries
    .insertInto('movements')
    .values(
      sorted.map(({ plan, change, id }) => ({
        environment_id: writing.environmentId,
        id,
        kind: plan.kind,
        origin: 'planned',
        source_type: plan.source.type,
        source_id: plan.source.id,
        part: plan.source.part,
        sequence: plan.source.sequence,
        seller_id: plan.parties.sellerId,
        order_id: plan.parties.orderId,
        purchase_id: plan.parties.purchaseId,
        cycle_id: plan.parties.cycleId,
        provider: writing.provider,
        created_at: writing.now,
        updated_at: writing.now,
        ...decidedColumns(change),
        ...amountColumns(change),
      })),
    )
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'kind', 'source_type', 'source_id', 'part', 'sequence'])
        .doNothing(),
    )
    .returning('id')
    .execute()
  const ids = new Set(inserted.map(row => row.id))
  return new Set(fresh.map(each => each.id).filter(id => !ids.has(id)))
}

async function update(
  queries: Queries,
  writing: PlanWriting,
  movement: Movement,
  change: Change,
): Promise<void> {
  await queries
    .updateTable('movements')
    .set({
      ...decidedColumns(change),
      ...(change.plan.decision.to === 'nothing' ? {} : amountColumns(change)),
      next_look_at: null,
      updated_at: writing.now,
    })
    .where('environment_id', '=', writing.environmentId)
    .where('id', '=', movement.id)
    .where('status', '=', movement.status)
    .execute()
}
