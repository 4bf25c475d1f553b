import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import { type MatchedLine, type MovementFacts, booksOf } from '../domain/reconcile-movement.ts'
import { movementOf } from './movement-rows.ts'
import type { Coverage } from './reconcile-coverage.ts'

/** The same amount to the same account counts as a second time for so long. */
const twinDays = 35

/** What is judged: from one moment up to another, a batch after a row. */
export interface Stretch {
  readonly since: Date
  readonly until: Date
  readonly after: string
  readonly limit: number
}

/** A batch of movements that changed in a stretch, with what the books and the ledger have of them. */
export async function movementsToJudge(
  queries: Queries,
  environmentId: string,
  { since, until, after, limit }: Stretch,
  coverage: Coverage,
): Promise<MovementFacts[]> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '>', after)
    .where('updated_at', '>=', since)
    // What was made by hand is certain as soon as it is seen.
    .where(({ eb, or }) => or([eb('updated_at', '<', until), eb('source_type', '=', 'provider')]))
    .orderBy('id')
    .limit(limit)
    .execute()
  const movements = rows.map(movementOf)
  const ids = movements.map(each => each.id)
  if (ids.length === 0) return []
  const lines = await linesOf(queries, environmentId, ids)
  const fees = await feesOf(queries, environmentId, ids)
  const ledger = await ledgerOf(queries, environmentId, ids)
  const twins = await twinsOf(queries, environmentId, ids)
  const facts: MovementFacts[] = []
  for (const movement of movements) {
    facts.push({
      movement,
      lines: lines.get(movement.id) ?? [],
      fees: fees.get(movement.id) ?? null,
      ledger: ledger.get(movement.id) ?? new Map<string, bigint>(),
      covered: await isCovered(coverage, movement),
      hasTwin: twins.has(movement.id),
    })
  }
  return facts
}

function isCovered(coverage: Coverage, movement: Movement): Promise<boolean> {
  const { attemptedAt, createdAt, updatedAt } = movement
  return coverage(booksOf(movement), attemptedAt ?? createdAt, updatedAt)
}

async function linesOf(queries: Queries, environmentId: string, ids: readonly string[]) {
  const rows = await queries
    .selectFrom('book_entries')
    .select(['movement_id', 'id', 'account', 'source_id', 'amount', 'currency'])
    .where('environment_id', '=', environmentId)
    .where('movement_id', 'in', [...ids])
    .orderBy('at')
    .orderBy('id')
    .execute()
  const found = new Map<string, MatchedLine[]>()
  for (const row of rows) {
    const { id, account, source_id: sourceId, amount, currency } = row
    const own = found.get(row.movement_id ?? '') ?? []
    own.push({ id, account, sourceId, amount, currency })
    found.set(row.movement_id ?? '', own)
  }
  return found
}

async function feesOf(queries: Queries, environmentId: string, ids: readonly string[]) {
  const rows = await queries
    .selectFrom('book_entries')
    .select(({ fn }) => ['fee_movement_id', fn.sum<string>('cost').as('cost')])
    .where('environment_id', '=', environmentId)
    .where('fee_movement_id', 'in', [...ids])
    .groupBy('fee_movement_id')
    .execute()
  return new Map(rows.map(row => [row.fee_movement_id, BigInt(row.cost)]))
}

/** The movements' own postings; what an order's split books beside them has other keys. */
async function ledgerOf(queries: Queries, environmentId: string, ids: readonly string[]) {
  const rows = await queries
    .selectFrom('ledger_entries')
    .select(({ fn }) => ['movement_id', 'account', fn.sum<string>('amount').as('amount')])
    .where('environment_id', '=', environmentId)
    .where('movement_id', 'in', [...ids])
    .where('posting_key', 'like', 'movement:%')
    .groupBy(['movement_id', 'account'])
    .having(({ fn }) => fn.sum('amount'), '<>', 0)
    .execute()
  const found = new Map<string, Map<string, bigint>>()
  for (const { movement_id: id, account, amount } of rows) {
    const own = found.get(id ?? '') ?? new Map<string, bigint>()
    own.set(account, BigInt(amount))
    found.set(id ?? '', own)
  }
  return found
}

/** Which of those that were made by hand repeat what Tributary had moved itself. */
async function twinsOf(queries: Queries, environmentId: string, ids: readonly string[]) {
  const { rows } = await sql<{ id: string }>`
    select distinct m.id from movements m
    join movements o on o.environment_id = m.environment_id and o.kind = m.kind
      and o.origin = 'planned' and o.status in ('succeeded', 'accepted')
      and o.sent_amount = m.amount and o.currency = m.currency
      and o.account is not distinct from m.account
      and (m.purchase_id is null or o.purchase_id = m.purchase_id)
      and o.created_at > m.created_at - make_interval(days => ${twinDays})
    where m.environment_id = ${environmentId} and m.id = any(${[...ids]}::text[])
      and m.origin = 'observed' and m.source_type = 'provider'`.execute(queries)
  return new Set(rows.map(row => row.id))
}
