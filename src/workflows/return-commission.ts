import { bothOf } from '../domain/conversion.ts'
import type { Movement } from '../domain/movement.ts'
import type { Plan } from '../domain/plan.ts'
import { planRestitution, planReversal, type RefundStanding } from '../domain/plan-reversal.ts'
import { owedToSeller, type RefundCase } from '../domain/refund.ts'
import type { Balances } from './balances.ts'
import { partOfRefund } from './refund-part.ts'
import type { RefundView } from './refund-facts.ts'
import type { Work } from './work.ts'

/**
 * A refund may give back more commission than it refunds: the difference is the seller's, and comes
 * from the platform (docs/decisions/0015). It is the mirror of a reversal: given while the refund
 * stands, taken back when it does not.
 */
export async function planCommissionReturn(
  work: Work,
  view: RefundView,
  netted: boolean,
  balances: Balances,
): Promise<Plan | null> {
  const { given, takenBack } = view.commission
  if (lastGiven(view) !== null) return takeBack(work, view, balances)
  const canceled = given.filter(each => each.status === 'canceled').length
  const sequence = done(takenBack).length + canceled + 1
  const stored = given.find(each => each.source.sequence === sequence)
  const isOpen = stored !== undefined && ['on_hold', 'pending', 'failed'].includes(stored.status)
  const owed = owedToSeller(view.refund) ?? 0n
  const isOwed = view.standing === 'stands' && owed > 0n && !netted && isSplitDecided(view)
  if ((!isOwed && !isOpen) || (stored !== undefined && !isOpen)) return null
  const { refund, account } = view
  const taken = partOfRefund(work, view, owed)
  if (taken === null) return null
  const { currency } = taken
  const platform = await balances.of(null)
  const plan = planRestitution(
    {
      refund,
      side: 'commission',
      standing: isOwed ? 'refused' : 'stands',
      account,
      taken,
      group: view.payment?.transferGroup ?? refund.purchaseId,
      sequence,
      platform: platform === null ? null : (platform.available[currency] ?? 0n),
      paused: work.environment.paused,
    },
    (amount, currency) => work.provider.representable(amount, currency, 'down', 'transfer'),
  )
  if (plan.decision.to === 'move')
    await balances.take(null, currency, plan.decision.instruction.amount)
  return plan
}

/** Has the seller what a standing refund leaves, and not what a refused one left? */
export function isCommissionReturned(work: Work, view: RefundView, netted: boolean): boolean {
  const { refund, standing, transfers, splitClosed, commission } = view
  if (standing === 'refused') return lastGiven(view) === null
  if (standing !== 'stands') return false
  if (netted || (owedToSeller(refund) ?? 0n) === 0n || lastGiven(view) !== null) return true
  if (transfers.length === 0) return splitClosed || !isSplit(work, refund.domain)
  if (isSplitDecided(view)) return commission.given.length > 0 && commission.given.every(isGivenUp)
  return transfers.every(isGivenUp)
}

/** Are orders of this domain split at all? */
export function isSplit(work: Pick<Work, 'environment'>, domain: RefundCase['domain']): boolean {
  const { productSplit, serviceSplit } = work.environment.settings.enable
  return domain === 'service' ? serviceSplit : productSplit
}

/**
 * Was the seller paid, or asked for the rest of the commission, without this refund? What is only
 * planned is planned anew with it.
 */
function isSplitDecided({ transfers, commission }: RefundView): boolean {
  const main = transfers.find(each => each.source.part === '')
  if (main === undefined) return false
  if (isAsked(main)) return true
  if (main.status !== 'canceled' || main.reason !== 'amount_not_positive') return false
  return commission.collections.every(isAsked)
}

function isAsked({ status }: Movement): boolean {
  return status === 'submitted' || status === 'accepted' || status === 'succeeded'
}

function isGivenUp({ status }: Movement): boolean {
  return status === 'canceled'
}

function done(movements: readonly Movement[]): readonly Movement[] {
  return movements.filter(each => each.status === 'succeeded')
}

/** What the seller has of it now; null: nothing, or it was taken back. */
function lastGiven({ commission }: RefundView): Movement | null {
  const given = done(commission.given)
  return given.length > done(commission.takenBack).length ? (given.at(-1) ?? null) : null
}

async function takeBack(work: Work, view: RefundView, balances: Balances): Promise<Plan | null> {
  const { refund, commission } = view
  const given = lastGiven(view)
  if (given === null) return null
  const { sequence } = given.source
  const stored = commission.takenBack.find(each => each.source.sequence === sequence)
  const isOpen = stored !== undefined && ['on_hold', 'pending', 'failed'].includes(stored.status)
  if ((view.standing !== 'refused' && !isOpen) || (stored !== undefined && !isOpen)) return null
  const balance = given.account === null ? null : await balances.of(given.account)
  const { ordered, sent } = bothOf(given)
  const { currency } = given
  const plan = planReversal(
    {
      refund,
      side: 'commission',
      standing: mirrored(view.standing),
      transfer: {
        providerId: given.providerId,
        part: 'commission',
        status: given.status,
        currency,
        left: sent,
        leftOrdered: ordered,
      },
      account: given.account,
      owed: ordered,
      netted: false,
      sequence,
      balance:
        balance === null
          ? null
          : {
              available: balance.available[currency] ?? 0n,
              pending: balance.pending[currency] ?? 0n,
            },
      refusedShort: stored?.status === 'failed' && stored.reason === 'insufficient_funds',
      paused: work.environment.paused,
    },
    (amount, currency) => work.provider.representable(amount, currency, 'down', 'reversal'),
  )
  if (plan.decision.to === 'move' && given.account !== null)
    await balances.take(given.account, currency, plan.decision.instruction.amount)
  return plan
}

/** What a refund that stands gave is taken back when it does not, and the other way round. */
function mirrored(standing: RefundStanding): RefundStanding {
  if (standing === 'stands') return 'refused'
  return standing === 'refused' ? 'stands' : standing
}
