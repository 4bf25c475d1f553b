import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Tables } from '../database/tables.ts'
import type { Debt, DebtEntryKind, DebtSource, NewDebt } from '../domain/debt.ts'
import type { Facts } from '../domain/json.ts'
import type { ReasonCode } from '../domain/reasons.ts'
import { bookDebtEntry } from './ledger-debts.ts'

export interface DebtWriting {
  readonly id: string
  readonly reason: ReasonCode
  readonly actor: string
  readonly now: Date
}

/** Writes a debt with its first entry, in the caller's SQL transaction; once for each source. */
export async function insertDebt(
  queries: Queries,
  environmentId: string,
  debt: NewDebt,
  writing: DebtWriting,
): Promise<boolean> {
  const inserted = await queries
    .insertInto('debts')
    .values({
      environment_id: environmentId,
      id: writing.id,
      seller_id: debt.sellerId,
      currency: debt.currency,
      source_type: debt.source.type,
      source_id: debt.source.id,
      part: debt.source.part,
      original: debt.original,
      collectable: debt.collectable,
      reason: writing.reason,
      purchase_id: debt.purchaseId,
      facts: JSON.stringify(debt.facts),
      created_at: writing.now,
    })
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'source_type', 'source_id', 'part']).doNothing(),
    )
    .returning('id')
    .execute()
  if (inserted.length === 0) return false
  await appendDebtEntry(queries, environmentId, {
    debtId: writing.id,
    kind: 'written',
    amount: debt.original,
    movementId: null,
    cycleId: debt.source.type === 'cycle' ? debt.source.id : null,
    actor: writing.actor,
    note: null,
    at: writing.now,
  })
  return true
}

/** One line of a debt: what was written, set off or given up. Minor units, above zero. */
export interface DebtEntry {
  readonly debtId: string
  readonly kind: DebtEntryKind
  readonly amount: bigint
  /** The collection that took it; null: set off without a movement, or no set-off. */
  readonly movementId: string | null
  /** The cycle whose payout was less by it; of `written` the negative cycle itself. */
  readonly cycleId: string | null
  readonly actor: string
  readonly note: string | null
  readonly at: Date
}

/**
 * Adds a line, and books it, in the caller's SQL transaction. A movement sets off once, however often
 * its outcome is told.
 */
export async function appendDebtEntry(
  queries: Queries,
  environmentId: string,
  entry: DebtEntry,
): Promise<void> {
  const { kind, amount } = entry
  const inserted = await queries
    .insertInto('debt_entries')
    .values({
      environment_id: environmentId,
      debt_id: entry.debtId,
      kind,
      amount,
      movement_id: entry.movementId,
      cycle_id: entry.cycleId,
      actor: entry.actor,
      note: entry.note,
      at: entry.at,
    })
    .onConflict(conflict => conflict.doNothing())
    .returning('number')
    .executeTakeFirst()
  if (inserted === undefined || kind === 'set_off') return
  const [debt] = await listDebts(queries, environmentId, { id: entry.debtId, limit: 1 })
  if (debt === undefined) return
  const line = { number: inserted.number, kind, amount }
  await bookDebtEntry(queries, environmentId, debt, line, entry.at)
}

export interface DebtQuery {
  readonly id?: string
  readonly sellerId?: string | undefined
  readonly currency?: string
  readonly sourceType?: DebtSource['type']
  readonly sourceId?: string
  /** Only those with something open. */
  readonly open?: boolean
  /** Read on behind this debt (oldest first). */
  readonly after?: Pick<Debt, 'createdAt' | 'id'> | undefined
  readonly limit: number
}

/** Debts with what is open of them, oldest first. */
export async function listDebts(
  queries: Queries,
  environmentId: string,
  query: DebtQuery,
): Promise<Debt[]> {
  let select = queries
    .selectFrom('debts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(query.limit)
  if (query.id !== undefined) select = select.where('id', '=', query.id)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  if (query.currency !== undefined) select = select.where('currency', '=', query.currency)
  if (query.sourceType !== undefined) select = select.where('source_type', '=', query.sourceType)
  if (query.sourceId !== undefined) select = select.where('source_id', '=', query.sourceId)
  if (query.open === true) {
    select = select.where(({ eb, selectFrom }) =>
      eb(
        'original',
        '>',
        selectFrom('debt_entries')
          .select(({ fn, val }) => fn.coalesce(fn.sum<bigint>('amount'), val(0n)).as('gone'))
          .where('debt_entries.environment_id', '=', environmentId)
          .whereRef('debt_entries.debt_id', '=', 'debts.id')
          .where('debt_entries.kind', '<>', 'written'),
      ),
    )
  }
  const { after } = query
  if (after !== undefined) {
    select = select.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '>', tuple(after.createdAt, after.id)),
    )
  }
  const rows = await select.execute()
  const sums = await sumsOf(
    queries,
    environmentId,
    rows.map(row => row.id),
  )
  return rows.map(row => debtOf(row, sums.get(row.id) ?? noSums))
}

interface Sums {
  readonly collected: bigint
  readonly elsewhere: bigint
  readonly writtenOff: bigint
  readonly givenUp: bigint
}
const noSums: Sums = { collected: 0n, elsewhere: 0n, writtenOff: 0n, givenUp: 0n }

async function sumsOf(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, Sums>> {
  const sums = new Map<string, Sums>()
  if (ids.length === 0) return sums
  const rows = await queries
    .selectFrom('debt_entries')
    .select(['debt_id', 'kind', 'movement_id', 'amount'])
    .where('environment_id', '=', environmentId)
    .where('debt_id', 'in', [...ids])
    .where('kind', '<>', 'written')
    .execute()
  for (const { debt_id: id, kind, movement_id: movement, amount } of rows) {
    const sum = sums.get(id) ?? noSums
    const add = (name: keyof Sums) => sums.set(id, { ...sum, [name]: sum[name] + amount })
    if (kind === 'written_off') add('writtenOff')
    else if (kind === 'given_up') add('givenUp')
    else add(movement === null ? 'elsewhere' : 'collected')
  }
  return sums
}

function debtOf(row: Selectable<Tables['debts']>, sums: Sums): Debt {
  const { collected, elsewhere, writtenOff, givenUp } = sums
  return {
    id: row.id,
    sellerId: row.seller_id,
    currency: row.currency,
    source: {
      type: row.source_type as DebtSource['type'],
      id: row.source_id,
      part: row.part,
    },
    purchaseId: row.purchase_id,
    original: row.original,
    collectable: row.collectable,
    openCollectable: row.collectable - collected - writtenOff - givenUp,
    openElsewhere: row.original - row.collectable - elsewhere,
    setOff: collected + elsewhere,
    writtenOff,
    givenUp,
    facts: row.facts as Facts,
    createdAt: row.created_at,
  }
}

/** What debts were set off against this cycle, in minor units. */
export async function setOffByCycle(
  queries: Queries,
  environmentId: string,
  cycleId: string,
): Promise<bigint> {
  const row = await queries
    .selectFrom('debt_entries')
    .select(({ fn }) => fn.sum<string | null>('amount').as('sum'))
    .where('environment_id', '=', environmentId)
    .where('kind', '=', 'set_off')
    .where('cycle_id', '=', cycleId)
    .executeTakeFirst()
  return BigInt(row?.sum ?? '0')
}

/** What collections of a debt are about to take, or may have taken: it cannot be given up. */
export async function claimedOfDebt(
  queries: Queries,
  environmentId: string,
  debtId: string,
): Promise<bigint> {
  const row = await queries
    .selectFrom('movements')
    .select(({ fn }) => fn.sum<string | null>('amount').as('sum'))
    .where('environment_id', '=', environmentId)
    .where('source_type', '=', 'debt')
    .where('source_id', '=', debtId)
    .where('kind', '=', 'collection')
    .where('status', 'in', ['pending', 'submitted', 'accepted', 'failed'])
    .executeTakeFirst()
  return BigInt(row?.sum ?? '0')
}

/** How many debts are open and what of them, in minor units, by currency. */
export async function openDebtTotals(queries: Queries, environmentId: string) {
  const gone = queries
    .selectFrom('debt_entries')
    .select(({ fn }) => ['debt_id', fn.sum<bigint>('amount').as('amount')])
    .where('environment_id', '=', environmentId)
    .where('kind', '<>', 'written')
    .groupBy('debt_id')
  const rows = await queries
    .selectFrom('debts')
    .leftJoin(gone.as('gone'), 'gone.debt_id', 'debts.id')
    .select(['currency', 'original', 'gone.amount as gone'])
    .where('environment_id', '=', environmentId)
    .where(({ or, eb, ref }) =>
      or([eb('gone.amount', 'is', null), eb('original', '>', ref('gone.amount'))]),
    )
    .orderBy('currency')
    .execute()
  return [...Map.groupBy(rows, row => row.currency)].map(([currency, debts]) => ({
    currency,
    count: debts.length,
    open: debts.reduce((sum, { original, gone: less }) => sum + original - BigInt(less ?? 0n), 0n),
  }))
}
