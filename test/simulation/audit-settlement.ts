import type { Movement } from '../../src/domain/movement.ts'
import { inReview } from './audit-end.ts'
import { describe, minor } from './audit-step.ts'
import type { Observation } from './observation.ts'
import type { Play } from './steps.ts'

/** Every cycle is paid once, to the cent, and told; what is not paid has a reason that stands. */
export function cycles(play: Play, seen: Observation): string[] {
  const { made, movements } = seen
  const problems: string[] = []
  const standing = new Set(made.filter(each => each.stands).map(each => each.movementId))
  for (const { cycleId, invoiceId, shopId, toSeller } of play.cycles) {
    const own = movements.filter(({ kind, parties }) => {
      const id = parties.cycleId
      return kind === 'payout' && (id === cycleId || id === String(invoiceId))
    })
    const paid = own.filter(each => standing.has(each.id))
    const sum = paid.reduce((total, each) => total + Number(each.sentAmount ?? 0n), 0)
    const owed = Math.max(0, minor(toSeller))
    if (paid.length > 1) problems.push(`cycle ${invoiceId} was paid ${paid.length} times`)
    // The seller's new bank was seen before the old one's refusal: docs/simulation.md, "Known".
    if (sum === 0 && own.at(-1)?.reason === 'bank_refused') continue
    if (sum === owed || (sum === 0 && isExcused(play, shopId, seen, owed))) continue
    problems.push(`cycle ${invoiceId} of ${shopId} owes ${owed}: ${own.map(describe).join('; ')}`)
  }
  return problems
}

/** Why the seller's balance need not suffice for what the marketplace says. */
function isExcused(play: Play, shopId: number, seen: Observation, owed: number): boolean {
  const { movements, accounts, charges } = seen
  const account = accounts.get(shopId)
  if (account === undefined) return true
  // A refund behind a paid sale makes a cycle negative: what it lacks, the earlier cycle lacks too.
  const { available, pending } = purseOf(play, account)
  const lacking = owed - available - pending
  if (lacking > 0 && lacking <= negativeOf(play, shopId)) return true
  const orders = play.world.mirakl.orders().filter(order => order.shopId === shopId)
  // The authorisation ended before the last order was decided: the marketplace believes it is paid.
  const captured = new Set(
    charges.filter(charge => charge.captured > 0).map(charge => charge.purchaseId),
  )
  if (orders.some(each => each.customerDebited && !captured.has(each.commercialId))) return true
  const purchases = new Set(orders.map(order => order.commercialId))
  return inReview(
    movements,
    ({ parties }) => parties.sellerId === String(shopId) || purchases.has(parties.purchaseId ?? ''),
  )
}

/** What the negative cycles of a shop add up to, as a positive amount; minor units. */
function negativeOf({ cycles }: Play, shopId: number): number {
  return cycles
    .filter(each => each.shopId === shopId)
    .reduce((total, each) => total + Math.max(0, -minor(each.toSeller)), 0)
}

function purseOf({ world }: Play, account: string) {
  return world.stripe.books().accounts[account]?.['eur'] ?? { available: 0, pending: 0 }
}

/** What every seller has at Stripe is what our own movements add up to. */
export function balances(play: Play, { movements, accounts }: Observation): string[] {
  return [...accounts.values()].flatMap(account => {
    const purse = purseOf(play, account)
    const own = movements.filter(
      movement => movement.account === account && movement.status === 'succeeded',
    )
    const total = own.reduce((balance, movement) => balance + signed(movement), 0)
    const open = movements.some(each => each.account === account && each.needsReview)
    const has = purse.available + purse.pending
    return total === has || open ? [] : [`balance of ${account}: ${has} at Stripe, ${total} by us`]
  })
}

function signed({ kind, sentAmount, amount }: Movement): number {
  const moved = Number(sentAmount ?? amount ?? 0n)
  if (['transfer', 'credit', 'return', 'restitution'].includes(kind)) return moved
  return ['reversal', 'collection', 'payout'].includes(kind) ? -moved : 0
}
