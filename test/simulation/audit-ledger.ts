import { ledgerEntries } from '../../src/store/ledger.ts'
import { auditLedger, openEscrows } from '../ledger-audit.ts'
import { describe } from './audit-step.ts'
import type { Observation } from './observation.ts'
import type { Play } from './steps.ts'

/**
 * The ledger against the simulator's own books: balanced, the same at every seller and on the
 * platform, and nothing left in the escrow of a purchase that is settled.
 */
export async function ledger({ world }: Play, { movements }: Observation): Promise<string[]> {
  const { database, environment, stripe } = world
  const { queries } = database
  // What a person has yet to answer may have moved: which balances it touches nobody can say.
  if (movements.some(each => each.needsReview)) return []
  const books = stripe.books()
  const problems = await auditLedger(queries, environment.id, books, stripe.platformAccountId)
  const escrows = await openEscrows(queries, environment.id)
  for (const [purchase, amount] of Object.entries(escrows)) {
    const own = movements.filter(each => each.parties.purchaseId === purchase)
    if (!isSettled(own)) continue
    const rows = own.map(describe).join('; ')
    const account = `escrow:${purchase}`
    const entries = await ledgerEntries(queries, environment.id, { account, limit: 100 })
    const booked = entries.map(each => `${each.event} ${each.amount} ${each.orderId ?? ''}`)
    problems.push(`the escrow of ${purchase} holds ${amount}: ${booked.join(', ')}: ${rows}`)
  }
  return problems.map(problem => `ledger: ${problem}`)
}

/** Is everything of a purchase done or given up, and did nothing come back that people decide on? */
function isSettled(own: Observation['movements']): boolean {
  const final = own.every(({ status }) => status === 'succeeded' || status === 'canceled')
  const cameBack = own.some(({ kind, account }) => kind === 'return' && account === null)
  return final && !cameBack && own.some(({ kind }) => kind === 'transfer')
}
