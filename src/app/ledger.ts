import { UsageError } from '../domain/errors.ts'
import * as ledger from '../workflows/read-ledger.ts'
import { findEnvironment, type Records } from './records.ts'

export {
  type BalanceLine,
  type EntryLine,
  isBalanced,
  type TrialLine,
} from '../workflows/read-ledger.ts'

/** The ledger of the environment that the command line names; `/v1/ledger` gives the same. */
export async function balanceLines(records: Records, slug?: string) {
  return ledger.balanceLines(records.database.queries, await environmentId(records, slug))
}

export async function sellerStatement(
  records: Records,
  sellerId: string,
  page: ledger.EntryPage,
  slug?: string,
) {
  const { queries } = records.database
  return ledger.sellerStatement(queries, await environmentId(records, slug), sellerId, page)
}

export async function orderEntries(
  records: Records,
  orderId: string,
  page: ledger.EntryPage,
  slug?: string,
) {
  const { queries } = records.database
  return ledger.orderEntries(queries, await environmentId(records, slug), orderId, page)
}

export async function trialLines(records: Records, slug?: string) {
  return ledger.trialLines(records.database.queries, await environmentId(records, slug))
}

async function environmentId(records: Records, slug: string | undefined): Promise<string> {
  return (await findEnvironment(records, slug)).id
}

/** @throws UsageError when it is not the number of an entry */
export function readAfter(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw new UsageError('--after', `--after is ${text}: write the number of an entry, e.g. 120`)
}
