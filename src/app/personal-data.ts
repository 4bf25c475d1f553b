import { type Erasure, eraseCustomer, eraseSeller } from '../workflows/erase-person.ts'
import { exportCustomer, exportSeller } from '../workflows/export-person.ts'
import { choiceOf } from './environment-values.ts'
import { findEnvironment, type Records } from './records.ts'

export type { Erasure } from '../workflows/erase-person.ts'

/** Whose: a customer by the marketplace's id, or a seller by the shop's. */
export interface Person {
  readonly role: 'customer' | 'seller'
  readonly id: string
}

/** @throws UsageError for another role */
export function readPerson(role: string, id: string): Person {
  return { role: choiceOf({ role }, 'role', ['customer', 'seller'], 'customer'), id }
}

/** Null: nothing here names this person. */
export async function erasePerson(
  records: Records,
  { role, id }: Person,
  slug?: string,
): Promise<Erasure | null> {
  const environment = await findEnvironment(records, slug)
  const erased = await (role === 'customer' ? eraseCustomer : eraseSeller)(
    { ...records, environment },
    id,
  )
  // No id: the log is kept by others, and longer.
  if (erased !== null) records.log('info', 'personal data was erased', { role, ...erased.redacted })
  return erased
}

/** Ready for JSON, amounts as text in minor units; null: nothing here names this person. */
export async function exportPerson(
  records: Records,
  { role, id }: Person,
  slug?: string,
): Promise<unknown> {
  const environment = await findEnvironment(records, slug)
  const found = await (role === 'customer' ? exportCustomer : exportSeller)(
    { ...records, environment },
    id,
  )
  return found === null ? null : JSON.parse(JSON.stringify(found, amountsAsText))
}

function amountsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
