import { ledgerEntries } from '../../src/store/ledger.ts'
import { auditLedger, openEscrows, settledPurchases } from '../ledger-audit.ts'
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
  const books = stripe.books()
  const problems = await auditLedger(queries, environment.id, books, stripe.platformAccountId)
  const escrows = await openEscrows(queries, environment.id)
  const settled = await settledPurchases(queries, environment.id)
  for (const [purchase, amount] of Object.entries(escrows)) {
    if (!settled.has(purchase)) continue
    const own = movements.filter(each => each.parties.purchaseId === purchase)
    const rows = own.map(describe).join('; ')
    const account = `escrow:${purchase}`
    const entries = await ledgerEntries(queries, environment.id, { account, limit: 100 })
    const booked = entries.map(each => `${each.event} ${each.amount} ${each.orderId ?? ''}`)
    problems.push(`the escrow of ${purchase} holds ${amount}: ${booked.join(', ')}: ${rows}`)
  }
  return problems.map(problem => `ledger: ${problem}`)
}
