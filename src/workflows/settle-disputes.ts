import { bothOf, less, type Rest, takenFrom } from '../domain/conversion.ts'
import { isEnded, withdrawnOfPayment } from '../domain/dispute.ts'
import type { Debt } from '../domain/debt.ts'
import type { Movement } from '../domain/movement.ts'
import type { Payment } from '../domain/payment.ts'
import type { Plan } from '../domain/plan.ts'
import {
  type DisputeShareFacts,
  givenUpOf,
  planDisputeRestitution,
  planDisputeReversal,
} from '../domain/plan-dispute.ts'
import { barredBy } from '../domain/settings.ts'
import { listDebts } from '../store/debts.ts'
import { type StoredDispute, closeDispute, openDisputes } from '../store/disputes.ts'
import type { Written } from '../store/movement-plans.ts'
import { ordersOfPurchases } from '../store/orders.ts'
import { paymentsByReference } from '../store/payments.ts'
import { movementsOfOrders, ordersClosedForSplit } from '../store/refund-sources.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { type Balances, createBalances } from './balances.ts'
import { type Work, batchSize } from './work.ts'
import { type DisputeShare, writeShares } from './write-dispute-shares.ts'

/** A dispute with the movements of its purchase. */
interface DisputeView {
  readonly dispute: StoredDispute
  readonly payment: Payment | null
  readonly moved: readonly Movement[]
  /** What the seller could not bear of it, by transfer. */
  readonly debts: ReadonlyMap<string, Debt>
  /** Nothing more will be transferred for the purchase. */
  readonly isSplit: boolean
}

/** Transfers, the operator's part of a promotion and restitutions of one order. */
const transfersMax = 20
const asked = ['submitted', 'accepted', 'succeeded']

/**
 * What sellers bear of disputed payments: held until the bank decides or taken back at once (the
 * setting `disputes`), and given back when the dispute is won. Inquiries take nothing.
 */
export async function planDisputes(work: Work): Promise<void> {
  const { queries } = work.database
  const balances = createBalances(work)
  let after = ''
  while (!work.stopping()) {
    const disputes = await openDisputes(queries, work.environment.id, { after, limit: batchSize })
    const last = disputes.at(-1)
    if (last === undefined) return
    after = last.id
    for (const dispute of disputes) await planOne(work, dispute, balances)
  }
}

async function planOne(work: Work, dispute: StoredDispute, balances: Balances): Promise<void> {
  const view = await viewOf(work, dispute)
  const shares: DisputeShare[] = []
  if (dispute.postings.length > 0 && view.payment !== null) {
    for (const transfer of transfersOf(view)) {
      shares.push(await decideShare(work, view, view.payment, transfer, balances))
    }
  }
  const written = await writeShares(work, shares)
  if (work.mode !== 'move' || !isSettled(view, shares, written)) return
  await work.database.inTransaction(queries =>
    closeDispute(queries, work.environment.id, dispute, work.clock.now()),
  )
}

async function viewOf(work: Work, dispute: StoredDispute): Promise<DisputeView> {
  const { queries } = work.database
  const { id } = work.environment
  const { purchaseId } = dispute
  const orders = purchaseId === null ? [] : await ordersOfPurchases(queries, id, [purchaseId])
  const orderIds = orders.map(order => order.id)
  const closed = await ordersClosedForSplit(queries, id, orderIds)
  const [payment = null] = await paymentsByReference(queries, id, [dispute.chargeId])
  const kinds = ['transfer', 'reversal', 'restitution']
  const moved = await movementsOfOrders(queries, id, kinds, orderIds)
  const given = new Set(
    moved.flatMap(({ kind, status, parties }) =>
      kind === 'transfer' && status === 'succeeded' ? (parties.orderId ?? []) : [],
    ),
  )
  const isSplit = orderIds.every(order => closed.has(order) || given.has(order))
  const owed = await listDebts(queries, id, {
    sourceType: 'dispute',
    sourceId: dispute.id,
    limit: orderIds.length * transfersMax,
  })
  const debts = new Map(owed.map(debt => [debt.source.part, debt]))
  return { dispute, payment, moved, debts, isSplit }
}

/** Everything that gave a seller money for the purchase, or is about to. */
function transfersOf({ dispute, moved }: DisputeView): Movement[] {
  return moved.filter(each => {
    // What went back to the tax account was never the seller's.
    const toSeller = each.kind === 'restitution' && each.source.part !== 'tax'
    const gave = each.kind === 'transfer' || toSeller
    const may = ['pending', ...asked].includes(each.status)
    return gave && may && each.source.id !== dispute.id
  })
}

async function decideShare(
  work: Work,
  view: DisputeView,
  payment: Payment,
  transfer: Movement,
  balances: Balances,
): Promise<DisputeShare> {
  const { provider } = work
  const reversal = ownOf(view, transfer).find(each => each.kind === 'reversal')
  const facts = await factsOf(work, view, payment, { transfer, reversal, balances })
  const debt = view.debts.get(transfer.id) ?? null
  const taken = reversal?.status === 'succeeded' || debt !== null
  const plans: Plan[] = []
  if (taken) {
    plans.push(
      planDisputeRestitution(facts, (amount, currency) =>
        provider.representable(amount, currency, 'down', 'transfer'),
      ),
    )
  } else if (reversal === undefined || !asked.includes(reversal.status)) {
    plans.push(
      planDisputeReversal(facts, (amount, currency) =>
        provider.representable(amount, currency, 'down', 'reversal'),
      ),
    )
  }
  for (const { decision, account } of plans) {
    if (decision.to !== 'move') continue
    const { instruction } = decision
    const giver = instruction.do === 'reversal' ? account : null
    await balances.take(giver, transfer.currency, instruction.amount)
  }
  return { facts, plans, debt }
}

/** What this dispute has moved because of one transfer. */
function ownOf({ dispute, moved }: DisputeView, transfer: Movement): Movement[] {
  return moved.filter(each => each.source.id === dispute.id && each.source.part === transfer.id)
}

interface ShareSources {
  readonly transfer: Movement
  readonly reversal: Movement | undefined
  readonly balances: Balances
}

async function factsOf(
  work: Work,
  view: DisputeView,
  payment: Payment,
  { transfer, reversal, balances }: ShareSources,
): Promise<DisputeShareFacts> {
  const { dispute } = view
  const { environment, database } = work
  const { sellerId } = transfer.parties
  const sellers = await sellersWithAccounts(
    database.queries,
    environment.id,
    sellerId === null ? [] : [sellerId],
  )
  const account = sellers.get(sellerId ?? '')?.account ?? null
  const { currency } = transfer
  const balance = transfer.account === null ? null : await balances.of(transfer.account)
  const platform = await balances.of(null)
  const left = leftOf(view, transfer)
  const setOff = view.debts.get(transfer.id)?.setOff ?? 0n
  const reversed =
    reversal?.status === 'succeeded'
      ? bothOf(reversal)
      : { ordered: orderedOf(left, setOff), sent: setOff }
  return {
    dispute,
    setting: environment.settings.disputes,
    withdrawn: withdrawnOfPayment(dispute),
    paid: payment.captured - payment.refunded,
    transfer: {
      id: transfer.id,
      providerId: transfer.providerId,
      status: transfer.status,
      currency,
      left: left.sent,
      leftOrdered: { amount: left.ordered, currency: transfer.original?.currency ?? currency },
      parties: transfer.parties,
    },
    reversed: reversed.sent,
    reversedOrdered: reversed.ordered,
    account,
    balance:
      balance === null
        ? null
        : {
            available: balance.available[currency] ?? 0n,
            pending: balance.pending[currency] ?? 0n,
          },
    refusedShort: reversal?.status === 'failed' && reversal.reason === 'insufficient_funds',
    platform: platform === null ? null : (platform.available[currency] ?? 0n),
    barred: barredBy(environment, dispute.createdAt),
    paused: environment.paused,
  }
}

/** What a part of a transfer's rest, as it was sent, is in the order's currency. */
function orderedOf({ ordered, sent }: Rest, part: bigint): bigint {
  return takenFrom({ ordered: sent, sent: ordered }, part)
}

/** What other reversals that were asked, or are about to be, have left of a transfer. */
function leftOf({ dispute, moved }: DisputeView, transfer: Movement): Rest {
  return moved
    .filter(({ kind, source, status, instruction }) => {
      const counts = kind === 'reversal' && ['pending', ...asked].includes(status)
      const ofIt = instruction?.do === 'reversal' && instruction.transferId === transfer.providerId
      return counts && ofIt && source.id !== dispute.id
    })
    .map(bothOf)
    .reduce(less, bothOf(transfer))
}

/** The dispute has ended, and everything that follows from it is done or given up. */
function isSettled(
  view: DisputeView,
  shares: readonly DisputeShare[],
  written: readonly Written[],
): boolean {
  const { dispute, moved, isSplit } = view
  if (!isEnded(dispute.status) || !isSplit) return false
  const final = ['succeeded', 'canceled']
  const own = moved.filter(each => each.source.id === dispute.id)
  return (
    shares.every(({ facts, debt }) => debt === null || givenUpOf(facts, debt) === 0n) &&
    own.every(each => final.includes(each.status)) &&
    written.every(each => !each.changed && (each.status === null || final.includes(each.status)))
  )
}
