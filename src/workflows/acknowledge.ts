import {
  type Acknowledgement,
  findNotable,
  saveAcknowledgement,
} from '../store/acknowledgements.ts'
import { movementById } from '../store/movements.ts'
import { balanceName, balanceReason, readOldMoney } from './read-old-money.ts'
import type { Work } from './work.ts'

export type Acknowledged =
  { readonly ok: true; readonly message: string } | { readonly ok: false; readonly message: string }

type Acknowledging = Pick<Work, 'database' | 'environment' | 'clock' | 'actor'>

/**
 * Takes note of a line of the daily mail: it is not named again, unless it fails or waits for another
 * reason. Nothing is moved, retried or answered.
 * @param id as the mail names it
 */
export async function acknowledge(work: Acknowledging, id: string): Promise<Acknowledged> {
  const { database, clock, actor } = work
  const environmentId = work.environment.id
  const rows = await findNotable(database.queries, environmentId, id)
  const found = [...rows, ...(await findBalances(work, id))]
  if (found.length === 0) return { ok: false, message: await whyNothing(work, id) }
  await database.inTransaction(async queries => {
    for (const each of found)
      await saveAcknowledgement(queries, environmentId, { ...each, actor }, clock.now())
  })
  const said = found.map(({ subject, reason }) =>
    reason === ''
      ? `${subject} ${id} is acknowledged`
      : `${subject} ${id} is acknowledged: ${reason}`,
  )
  return { ok: true, message: said.join('\n') }
}

async function findBalances(
  work: Acknowledging,
  id: string,
): Promise<Omit<Acknowledgement, 'actor'>[]> {
  const own = (await readOldMoney(work)).filter(each => balanceName(each) === id)
  return own.map(each => ({ subject: 'balance', id, reason: balanceReason(each) }))
}

async function whyNothing(work: Acknowledging, id: string): Promise<string> {
  const movement = await movementById(work.database.queries, work.environment.id, id)
  return movement === null
    ? `the daily mail names nothing called ${id}`
    : `movement ${id} is ${movement.status}: nothing to note`
}
