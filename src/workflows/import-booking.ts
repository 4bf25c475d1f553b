import type { Instruction, Movement } from '../domain/movement.ts'
import type { OldMovement } from '../domain/old-records.ts'
import { reasonOfGivenUp, type Verdict } from '../domain/plan-import.ts'
import { type Imported, insertImported } from '../store/movement-import.ts'
import { moveMovement } from '../store/movement-sending.ts'
import { paymentsByReference } from '../store/payments.ts'
import type { Queries } from '../database/connection.ts'
import { type Candidate, note, toldBy } from './import-noting.ts'
import { type ImportWork, isApplied } from './import-work.ts'

export interface Judged extends Candidate {
  readonly verdict: Verdict
}

const statuses = {
  recorded: 'succeeded',
  under_way: 'accepted',
  canceled: 'canceled',
  review: 'submitted',
} as const

/** Books a page in one SQL transaction and adds its rows to the report. */
export async function bookVerdicts(
  work: ImportWork,
  judged: readonly Judged[],
  mainCurrency: string | null,
): Promise<void> {
  const payments = await paymentsOf(work, judged)
  const imported = new Map<Judged, Imported>()
  for (const each of judged) {
    if (each.stored !== null) continue
    const made = importedOf(work, each, payments, mainCurrency)
    if (made !== null) imported.set(each, made)
  }
  if (isApplied(work)) {
    await work.database.inTransaction(async queries => {
      const by = { actor: work.actor, now: work.clock.now() }
      await insertImported(queries, work.environment.id, [...imported.values()], by)
      for (const each of judged) await giveUpPlanned(queries, work, each)
    })
  }
  for (const each of judged) note(work, each.old, reported(each, imported), false)
}

/** A row that would be booked and cannot be is refused. */
function reported(each: Judged, imported: ReadonlyMap<Judged, Imported>): Verdict {
  const { verdict, stored } = each
  if (!(verdict.outcome in statuses)) return verdict
  if (stored !== null) {
    const message = `Tributary had planned it (${stored.id}, ${stored.status}): that is given up`
    return { ...verdict, outcome: 'canceled', reason: 'planned_here', message, differs: true }
  }
  if (imported.has(each)) return verdict
  const message = 'no row of the old connector has a currency'
  return { ...verdict, outcome: 'refused', reason: 'no_currency', message }
}

/** What Tributary planned and never sent is given up when the old connector was there before. */
async function giveUpPlanned(
  queries: Queries,
  work: ImportWork,
  { verdict, stored }: Judged,
): Promise<void> {
  if (stored === null || !(verdict.outcome in statuses)) return
  await moveMovement(queries, work.environment.id, stored, {
    to: 'canceled',
    actor: work.actor,
    now: work.clock.now(),
    reason: 'already_moved',
    facts: {},
  })
}

function importedOf(
  work: ImportWork,
  each: Judged,
  payments: ReadonlyMap<string, string>,
  mainCurrency: string | null,
): Imported | null {
  const { old, identity, verdict } = each
  const { outcome } = verdict
  if (outcome === 'left' || outcome === 'refused' || outcome === 'nothing_owed') return null
  const told = verdict.sight ?? toldBy(work, old)
  const currency = told?.currency ?? old.currency ?? mainCurrency
  if (currency === null) return null
  const status = statuses[outcome]
  const paymentId = old.of === null ? null : (payments.get(old.of) ?? null)
  return {
    id: work.names.next('mv'),
    ...identity,
    parties: { ...identity.parties, paymentId },
    status,
    reason: outcome === 'canceled' ? reasonOfGivenUp(old) : null,
    currency,
    amount: told?.amount ?? null,
    account: old.accountId,
    provider: work.provider.name,
    providerId: verdict.sight?.providerId ?? old.providerId,
    instruction: outcome === 'under_way' ? instructionOf(each) : null,
    failure: old.statusReason === null ? null : { code: old.status, message: old.statusReason },
    facts: {
      importedFrom: `${old.table} ${old.row}`,
      status: old.status,
      ...(verdict.reason === null ? {} : { found: verdict.reason }),
    },
    createdAt: old.createdAt,
  }
}

/** How the provider is asked what became of it. */
function instructionOf({ old, identity, verdict }: Judged): Instruction | null {
  const { sight } = verdict
  if (sight === null) return null
  const { amount, currency } = sight
  if (identity.kind === 'payout' && old.accountId !== null) {
    return { do: 'payout', amount, currency, account: old.accountId, statement: null }
  }
  if (identity.kind === 'refund' && old.of !== null) {
    return { do: 'refund', amount, currency, chargeId: old.of }
  }
  return null
}

/** The payment behind each charge that a row names. */
async function paymentsOf(
  work: ImportWork,
  judged: readonly { readonly old: OldMovement; readonly stored: Movement | null }[],
): Promise<ReadonlyMap<string, string>> {
  const charges = judged.flatMap(({ old }) => (old.of === null ? [] : [old.of]))
  const { queries } = work.database
  const found = await paymentsByReference(queries, work.environment.id, [...new Set(charges)])
  return new Map(found.flatMap(each => (each.chargeId === null ? [] : [[each.chargeId, each.id]])))
}
