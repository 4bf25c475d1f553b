import { bothOf, less, type Part, type Rest } from '../domain/conversion.ts'
import { lifecycle } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import { shareOut } from '../domain/order-refunds.ts'
import type { Plan } from '../domain/plan.ts'
import { planRestitution, planReversal, type RefundSide } from '../domain/plan-reversal.ts'
import { owedBySeller } from '../domain/refund.ts'
import type { Balances } from './balances.ts'
import type { RefundView } from './refund-facts.ts'
import { partOfRefund } from './refund-part.ts'
import { isCommissionReturned, isSplit, planCommissionReturn } from './return-commission.ts'
import type { Work } from './work.ts'

/** What a refund concerns on one side: the seller's transfers, or those of taxes. */
type SideView = RefundView & { readonly side: Exclude<RefundSide, 'commission'> }

/** What a refund took on one side so far, and what it gave back. */
interface Taken {
  /** Is the seller (the tax account) without this money now? */
  readonly isTaken: boolean
  /** Null: the order has not said it, or nobody knows yet what the payment brought. */
  readonly amount: Part | null
  /** The transfer was made net of the refund. */
  readonly netted: boolean
  /** That transfer has no answer: refused, it goes again with what it left out. */
  readonly isDoubtful: boolean
  readonly restitutions: readonly Movement[]
  /** Of the reversal that is or would be next. */
  readonly sequence: number
}

const asked = ['submitted', 'accepted', 'succeeded']

/** The seller's side, and that of taxes when any were kept apart: what is taken there is the tax. */
function sidesOf(view: RefundView): SideView[] {
  const seller = { ...view, side: 'seller' as const }
  if (view.taxes === null) return [seller]
  const { share, tax } = view.refund
  const isKnown = share !== null && view.refund.commission !== null
  const refund = isKnown ? { ...view.refund, share: tax, commission: 0n, tax: 0n } : view.refund
  return [seller, { ...view, ...view.taxes, refund, side: 'tax' }]
}

function takenBy(work: Work, view: SideView): Taken {
  const { id } = view.refund
  const nettedBy = view.transfers.filter(each => {
    const refunds = each.facts['netted']
    const counts = asked.includes(each.status) || each.status === 'canceled'
    return counts && Array.isArray(refunds) && refunds.includes(id)
  })
  const netted = nettedBy.length > 0
  const own = view.reversals.filter(each => each.source.id === id)
  const done = own.filter(each => each.status === 'succeeded')
  const sequences = done.map(each => each.source.sequence)
  const restitutions = view.restitutions.filter(each => each.status === 'succeeded')
  const last = done.filter(each => each.source.sequence === Math.max(...sequences))
  // Given up because its refund was refused; the refund may be tried again and succeed.
  const givenUp = own.filter(each => each.reason === 'refund_refused' && each.status === 'canceled')
  const over = new Set(givenUp.map(each => each.source.sequence)).size
  return {
    isTaken: new Set(sequences).size + (netted ? 1 : 0) > restitutions.length,
    amount: reversedBy(last) ?? partOfRefund(work, view, owedBySeller(view.refund)),
    netted,
    isDoubtful: nettedBy.some(each => !lifecycle[each.status].final),
    restitutions,
    sequence: restitutions.length + over + 1,
  }
}

/** What reversals took, all of one order and so of one currency. */
function reversedBy(reversals: readonly Movement[]): Part | null {
  const [first] = reversals
  if (first === undefined) return null
  const total = (amounts: readonly bigint[]) => amounts.reduce((sum, each) => sum + each, 0n)
  const { currency, original } = first
  return {
    currency,
    amount: total(reversals.map(each => each.sentAmount ?? 0n)),
    original:
      original === null
        ? null
        : {
            currency: original.currency,
            amount: total(reversals.map(each => each.original?.amount ?? 0n)),
          },
  }
}

/** Plans what a refund takes from its seller and the tax account, or gives back; one after the other for one batch. */
export function createReversing(
  work: Work,
  balances: Balances,
): (view: RefundView) => Promise<Plan[]> {
  /** What was planned in this batch on each transfer: two refunds of one order share it. */
  const planned = new Map<string, Rest>()
  return async view => {
    const plans: Plan[] = []
    for (const side of sidesOf(view)) {
      const taken = takenBy(work, side)
      plans.push(...(await reversalPlans(work, side, taken, { balances, planned })))
      const restitution = await restitutionPlan(work, side, taken, balances)
      if (restitution !== null) plans.push(restitution)
    }
    const { netted } = takenBy(work, { ...view, side: 'seller' })
    const returned = await planCommissionReturn(work, view, netted, balances)
    return returned === null ? plans : [...plans, returned]
  }
}

interface Shared {
  readonly balances: Balances
  readonly planned: Map<string, Rest>
}

async function reversalPlans(
  work: Work,
  view: SideView,
  taken: Taken,
  { balances, planned }: Shared,
): Promise<Plan[]> {
  const { refund, standing } = view
  const { sequence } = taken
  const own = view.reversals.filter(
    each => each.source.id === refund.id && each.source.sequence === sequence,
  )
  const isOpen = own.some(each => ['on_hold', 'pending', 'failed'].includes(each.status))
  if (!isOpen && (taken.isTaken || standing === 'open' || standing === 'refused')) return []
  // What was given back by a transfer of its own is taken back from that one.
  const given = taken.restitutions.at(-1)
  const transfers = given === undefined ? view.transfers : [given]
  const lefts = transfers.map(each => less(leftOf(view, each), planned.get(each.id) ?? nothing))
  const owed = shareOut(
    refund,
    lefts.map(each => each.ordered),
  )
  const plans: Plan[] = []
  for (const [at, transfer] of transfers.entries()) {
    const part = transfer.kind === 'restitution' ? '' : transfer.source.part
    const stored = own.find(each => each.source.part === part)
    if (stored !== undefined && asked.includes(stored.status)) continue
    // Where the money went, also when the seller has another account by now.
    const account = transfer.account ?? view.account?.id ?? null
    const wanted = standing === 'stands' && transfer.status === 'succeeded' && account !== null
    const balance = wanted ? await balances.of(account) : null
    const plan = planReversal(
      {
        refund,
        side: view.side,
        standing,
        transfer: {
          providerId: transfer.providerId,
          part,
          status: transfer.status,
          currency: transfer.currency,
          left: lefts[at]?.sent ?? 0n,
          leftOrdered: lefts[at]?.ordered ?? 0n,
        },
        account,
        owed: owed[at] ?? null,
        netted: taken.netted && given === undefined,
        sequence,
        balance: balance === null ? null : inCurrency(balance, transfer.currency),
        refusedShort: stored?.status === 'failed' && stored.reason === 'insufficient_funds',
        paused: work.environment.paused,
      },
      (amount, currency) => work.provider.representable(amount, currency, 'down', 'reversal'),
    )
    plans.push(plan)
    if (plan.decision.to === 'nothing' || plan.decision.to === 'cancel') continue
    planned.set(transfer.id, plus(planned.get(transfer.id) ?? nothing, plan))
    if (plan.decision.to !== 'move' || account === null) continue
    await balances.take(account, transfer.currency, plan.decision.instruction.amount)
  }
  return plans
}

function inCurrency(
  balance: NonNullable<Awaited<ReturnType<Balances['of']>>>,
  currency: string,
): { available: bigint; pending: bigint } {
  return { available: balance.available[currency] ?? 0n, pending: balance.pending[currency] ?? 0n }
}

const nothing: Rest = { ordered: 0n, sent: 0n }

function plus(left: Rest, { decision, original }: Plan): Rest {
  const sent = decision.to === 'nothing' ? 0n : (decision.amount ?? 0n)
  return { ordered: left.ordered + (original?.amount ?? sent), sent: left.sent + sent }
}

/** What reversals that were asked, or are about to be, have left of a transfer. */
function leftOf(view: SideView, transfer: Movement): Rest {
  const others = view.reversals.filter(each => {
    const { instruction, source, status } = each
    if (source.id === view.refund.id && !asked.includes(status)) return false
    // A hold has no instruction yet; it is planned again with the others of its batch.
    if (instruction?.do !== 'reversal' || status === 'on_hold' || status === 'canceled')
      return false
    return instruction.transferId === transfer.providerId
  })
  return others.map(bothOf).reduce(less, bothOf(transfer))
}

async function restitutionPlan(
  work: Work,
  view: SideView,
  taken: Taken,
  balances: Balances,
): Promise<Plan | null> {
  const { refund, standing, account } = view
  const { amount } = taken
  const sequence = taken.restitutions.length + 1
  const stored = view.restitutions.find(each => each.source.sequence === sequence)
  const isOwed = taken.isTaken && !taken.isDoubtful && standing === 'refused' && amount !== null
  const isOpen = stored !== undefined && ['on_hold', 'pending', 'failed'].includes(stored.status)
  if (!isOwed && !isOpen) return null
  if (stored !== undefined && !isOpen) return null
  const owed = taken.isTaken ? amount : null
  const given = owed ?? { amount: 0n, currency: refund.currency, original: null }
  const platform = await balances.of(null)
  const plan = planRestitution(
    {
      refund,
      side: view.side,
      standing,
      account,
      taken: given,
      group: view.payment?.transferGroup ?? refund.purchaseId,
      sequence,
      platform: platform === null ? null : (platform.available[given.currency] ?? 0n),
      paused: work.environment.paused,
    },
    (amount, currency) => work.provider.representable(amount, currency, 'down', 'transfer'),
  )
  if (plan.decision.to === 'move') {
    await balances.take(null, given.currency, plan.decision.instruction.amount)
  }
  return plan
}

/** Has the refund taken from its seller and the tax account all that it takes, or given it back? */
export function isSettledWithSeller(work: Work, view: RefundView): boolean {
  const { netted } = takenBy(work, { ...view, side: 'seller' })
  return (
    sidesOf(view).every(side => isSideSettled(work, side)) &&
    isCommissionReturned(work, view, netted)
  )
}

function isSideSettled(work: Work, view: SideView): boolean {
  const { refund, standing, splitClosed, transfers } = view
  const taken = takenBy(work, view)
  if (standing === 'refused') return !taken.isTaken
  if (standing !== 'stands') return false
  if (taken.isTaken || owedBySeller(refund) === 0n) return true
  if (transfers.length === 0) return splitClosed || !isSplit(work, refund.domain)
  const own = view.reversals.filter(
    each => each.source.id === refund.id && each.source.sequence === taken.sequence,
  )
  // Given up: nothing was left of the transfer, or an operator decided so.
  const isGivenUp = own.length > 0 && own.every(each => each.status === 'canceled')
  return isGivenUp || transfers.every(each => each.status === 'canceled')
}
