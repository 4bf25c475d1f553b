import type { Movement } from '../domain/movement.ts'
import type { OldMovement, OldTable, Sight } from '../domain/old-records.ts'
import {
  identityOf,
  type Identity,
  type ImportOutcome,
  judgeGivenUp,
  judgeMade,
  judgeOpen,
  type Looked,
  standingOf,
  type Verdict,
} from '../domain/plan-import.ts'
import { movementsUnder, sourceKey } from '../store/movement-import.ts'
import { movementsByProviderId } from '../store/movements.ts'
import { bookVerdicts, type Judged } from './import-booking.ts'
import { type Leftovers, leave } from './import-leftovers.ts'
import { lookAll } from './import-looking.ts'
import { type Candidate, note, toldBy } from './import-noting.ts'
import type { ImportWork } from './import-work.ts'

/**
 * Transfers, payouts or refunds: what was made is booked under the name that planning would give it,
 * what was given up is canceled, and what says nothing about money is looked up at the provider.
 */
export async function importMovements(
  work: ImportWork,
  table: OldMovement['table'],
  leftovers: Leftovers,
): Promise<void> {
  const total = await work.old.count(table)
  const mainCurrency = await work.old.mainCurrency()
  let done = 0
  for await (const page of work.old.movements(table)) {
    if (work.stopping()) return
    const rows: OldMovement[] = []
    for (const reading of page) {
      if (reading.ok) rows.push(reading.value)
      else refuse(work, table, reading.row, reading.problem)
    }
    await importPage(work, rows, leftovers, mainCurrency)
    done += page.length
    work.progress(`importing ${table}`, done, total)
  }
}

function refuse(work: ImportWork, table: OldTable, row: string, message: string): void {
  const nothing = { already: false, amount: null, currency: null, differs: false }
  const words = { reason: 'unreadable', message }
  work.book.add({
    table,
    row,
    id: '',
    status: 'unreadable',
    outcome: 'refused',
    ...nothing,
    ...words,
  })
}

async function importPage(
  work: ImportWork,
  rows: readonly OldMovement[],
  leftovers: Leftovers,
  mainCurrency: string | null,
): Promise<void> {
  const candidates = await candidatesOf(work, rows)
  const open: Candidate[] = []
  for (const each of candidates) {
    if (each.stored !== null && isSettled(each.stored)) {
      work.book.seen(dateOf(each.old), false)
      noteStored(work, each, each.stored)
    } else open.push(each)
  }
  const looked = await lookAll(work, open)
  const judged: Judged[] = []
  for (const each of open) {
    const verdict = await judge(work, each, looked.get(each.old) ?? { asked: 'not' })
    judged.push({ ...each, verdict })
    if (verdict.outcome === 'left') leave(work, leftovers, each.old)
    const { kind } = each.identity
    const isOfMarketplace = kind !== 'refund' && kind !== 'reversal'
    work.book.seen(dateOf(each.old), verdict.outcome === 'left' && isOfMarketplace)
  }
  await bookVerdicts(work, judged, mainCurrency)
}

const dateOf = (old: OldMovement) => old.marketplaceAt ?? old.createdAt

async function candidatesOf(work: ImportWork, rows: readonly OldMovement[]): Promise<Candidate[]> {
  const known: { old: OldMovement; identity: Identity }[] = []
  for (const old of rows) {
    const identity = identityOf(old)
    if (identity !== null) known.push({ old, identity })
    else {
      const message = `no version of the connector has the type ${old.type}`
      note(work, old, verdictOf('refused', 'unknown_type', message), false)
    }
  }
  const under = await movementsUnder(
    work.database.queries,
    work.environment.id,
    known.map(each => each.identity),
  )
  return known.map(each => {
    const { kind, source } = each.identity
    return { ...each, stored: under.get(sourceKey(kind, source)) ?? null }
  })
}

function verdictOf(outcome: ImportOutcome, reason: string, message: string): Verdict {
  return { outcome, sight: null, reason, message, differs: false }
}

/** Imported before, or asked of the provider by Tributary itself: no row changes that any more. */
function isSettled(stored: Movement): boolean {
  const open = stored.status === 'on_hold' || stored.status === 'pending'
  return stored.origin === 'observed' || !(open || stored.status === 'failed')
}

const outcomes: Readonly<Record<string, ImportOutcome>> = {
  succeeded: 'recorded',
  accepted: 'under_way',
  canceled: 'canceled',
  submitted: 'review',
}

/** What stands here already; made here and there under different ids, a person must look. */
function noteStored(work: ImportWork, { old }: Candidate, stored: Movement): void {
  const twice =
    stored.origin === 'planned' &&
    stored.status !== 'canceled' &&
    old.providerId !== null &&
    old.providerId !== stored.providerId
  if (twice) {
    const both = `${old.providerId} there, ${stored.providerId ?? stored.id} here`
    note(work, old, verdictOf('refused', 'moved_twice', `moved by both: ${both}`), false)
    return
  }
  const outcome = outcomes[stored.status] ?? 'recorded'
  const { amount, currency, providerId } = stored
  const sight: Sight | null =
    amount === null ? null : { providerId: providerId ?? '', amount, currency, state: 'succeeded' }
  note(work, old, { outcome, sight, reason: null, message: null, differs: false }, true)
}

async function judge(work: ImportWork, each: Candidate, looked: Looked): Promise<Verdict> {
  const { old, identity } = each
  const standing = standingOf(old.status)
  if (standing === 'given_up') return judgeGivenUp(old, identity.kind)
  if (standing === 'made' && old.providerId !== null) return judgeMade(toldBy(work, old), looked)
  if (looked.asked !== 'by_name' || looked.found === 'too_many') {
    return judgeOpen(old, identity.kind, looked)
  }
  const found = await unclaimed(work, looked.found)
  const verdict = judgeOpen(old, identity.kind, { asked: 'by_name', found })
  if (verdict.sight !== null) work.claimed.add(verdict.sight.providerId)
  return verdict
}

/** Without those that another row names, was found under, or was imported with. */
async function unclaimed(work: ImportWork, found: readonly Sight[]): Promise<Sight[]> {
  const named = await work.old.named(found.map(sight => sight.providerId))
  const free: Sight[] = []
  for (const sight of found) {
    const { providerId } = sight
    if (named.has(providerId) || work.claimed.has(providerId)) continue
    const { queries } = work.database
    const here = await movementsByProviderId(queries, work.environment.id, providerId)
    if (here.length === 0) free.push(sight)
  }
  return free
}
