import type { Movement } from '../domain/movement.ts'
import type { Order } from '../domain/order.ts'
import type { Payment } from '../domain/payment.ts'
import type { RefundStanding } from '../domain/plan-reversal.ts'
import { isReasonCode, reasons } from '../domain/reasons.ts'
import type { Account } from '../domain/seller.ts'
import { taxOfRefund } from '../domain/tax-split.ts'
import { type Confirmation, confirmationsOf } from '../store/confirmations.ts'
import type { StoredRefund } from '../store/marketplace-refunds.ts'
import { movementsOfSources } from '../store/movements.ts'
import { movementsOfOrders, ordersById, ordersClosedForSplit } from '../store/refund-sources.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { setAsideOf } from '../store/set-aside.ts'
import { certainOf, paymentsFor, withSettled } from './find-payments.ts'
import { decidedScope, readTaxAccount } from './tax-account.ts'
import type { Work } from './work.ts'

/** A refund with everything that its plans look at. */
export interface RefundView {
  readonly refund: StoredRefund
  readonly order: Order | null
  readonly payment: Payment | null
  readonly account: Account | null
  /** The refund's own movement; null: none yet, or given back by capturing less. */
  readonly movement: Movement | null
  readonly standing: RefundStanding
  readonly captureAsked: boolean
  readonly capturedLess: boolean
  /** Will no transfer of the order be made any more? */
  readonly splitClosed: boolean
  /** The order's transfers, the main one first. */
  readonly transfers: readonly Movement[]
  /** Every reversal of the order's transfers, of other refunds too. */
  readonly reversals: readonly Movement[]
  readonly restitutions: readonly Movement[]
  /** What of the commission exceeded this refund: given to the seller, and taken back again. */
  readonly commission: CommissionReturned
  /** What of the order's taxes was kept apart; null: nothing. */
  readonly taxes: RefundTaxes | null
  readonly told: readonly Confirmation[]
  readonly unreadable: string | null
}

interface CommissionReturned {
  readonly given: readonly Movement[]
  readonly takenBack: readonly Movement[]
  /** Collections of commission that the order's share could not bear. */
  readonly collections: readonly Movement[]
}

/** The order's taxes at the tax account, and what this refund took and gave back of them. */
interface RefundTaxes {
  readonly account: Account | null
  readonly transfers: readonly Movement[]
  readonly reversals: readonly Movement[]
  readonly restitutions: readonly Movement[]
}

/** Movements of a batch of refunds, read with one query per kind of source. */
interface Moved {
  readonly refunds: readonly Movement[]
  readonly returned: ReadonlySet<string>
  readonly captures: readonly Movement[]
  readonly ofOrders: readonly Movement[]
}

/** Everything about these refunds, in their order. */
export async function refundViews(
  work: Work,
  stored: readonly StoredRefund[],
): Promise<RefundView[]> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const orders = await ordersById(queries, environmentId, idsOf(stored, 'orderId'))
  const payments = await presentPayments(work, stored, orders)
  const moved = await movedFor(work, stored, payments)
  const sellers = await sellersWithAccounts(queries, environmentId, idsOf(stored, 'sellerId'))
  const ids = stored.map(refund => refund.id)
  const closed = await ordersClosedForSplit(queries, environmentId, idsOf(stored, 'orderId'))
  const told = await confirmationsOf(queries, environmentId, 'refund', { targetIds: ids })
  const broken = await setAsideOf(queries, environmentId, 'order', {
    ids: idsOf(stored, 'orderId'),
  })
  const taxAccounts = await taxAccountsOf(work, moved.ofOrders)
  return stored.map(found => {
    const order = orders.get(found.orderId) ?? null
    const ofOrder = moved.ofOrders.filter(each => each.parties.orderId === found.orderId)
    const scope = decidedScope(ofOrder)
    const refund = scope === null ? found : { ...found, tax: taxOfRefund(order, found.id, scope) }
    const payment = payments.get(refund.purchaseId ?? '') ?? null
    const capture = captureOf(moved.captures, payment, refund.id)
    const movement = moved.refunds.find(each => each.source.id === refund.id) ?? null
    const given = ofOrder.filter(
      each => each.kind === 'restitution' && each.source.id === refund.id,
    )
    return {
      refund,
      order,
      payment,
      account: sellers.get(refund.sellerId ?? '')?.account ?? null,
      movement,
      ...capture,
      standing: standingOf(movement, moved.returned, isReleased(refund, payment, capture)),
      splitClosed: closed.has(refund.orderId),
      transfers: ofOrder.filter(each => each.kind === 'transfer').toSorted(mainFirst),
      reversals: ofOrder.filter(each => each.kind === 'reversal' && !isCommission(each)),
      commission: {
        given: given.filter(isCommission),
        takenBack: ofOrder.filter(
          each => each.kind === 'reversal' && each.source.id === refund.id && isCommission(each),
        ),
        collections: ofOrder.filter(each => each.kind === 'collection'),
      },
      restitutions: given.filter(each => each.source.part === ''),
      taxes: scope === null ? null : taxesOf(work, ofOrder, given, taxAccounts),
      told: told.filter(each => each.targetId === refund.id),
      unreadable: order === null ? 'order_id' : (broken.get(refund.orderId)?.field ?? null),
    }
  })
}

function isCommission({ source }: Movement): boolean {
  return source.part === 'commission'
}

function taxesOf(
  work: Work,
  ofOrder: readonly Movement[],
  given: readonly Movement[],
  accounts: ReadonlyMap<string, Account>,
): RefundTaxes {
  const transfers = ofOrder.filter(each => each.kind === 'tax_transfer')
  return {
    account: accounts.get(taxAccountOf(work, transfers[0]) ?? '') ?? null,
    transfers,
    reversals: ofOrder.filter(each => each.kind === 'tax_reversal'),
    restitutions: given.filter(each => each.source.part === 'tax'),
  }
}

/** Where an order's taxes went; those that never went anywhere belong where they would go now. */
function taxAccountOf(work: Work, transfer: Movement | undefined): string | null {
  const { taxAccount } = work.environment.settings
  const gone = transfer?.account ?? null
  return transfer?.status === 'canceled' ? (taxAccount ?? gone) : gone
}

/** The accounts that taxes of these orders went to, or are to go to. */
async function taxAccountsOf(
  work: Work,
  ofOrders: readonly Movement[],
): Promise<Map<string, Account>> {
  const accounts = new Map<string, Account>()
  for (const movement of ofOrders) {
    if (movement.kind !== 'tax_transfer') continue
    const account = taxAccountOf(work, movement)
    if (account === null || accounts.has(account)) continue
    const found = await readTaxAccount(work, account)
    if (found !== null) accounts.set(account, found)
  }
  return accounts
}

function idsOf(refunds: readonly StoredRefund[], key: 'orderId' | 'sellerId'): string[] {
  return [...new Set(refunds.flatMap(refund => refund[key] ?? []))]
}

function mainFirst(a: Movement, b: Movement): number {
  return a.source.part < b.source.part ? -1 : 1
}

/** What is told to the marketplace is final, so a doubtful payment is asked for anew. */
async function presentPayments(
  work: Work,
  stored: readonly StoredRefund[],
  orders: ReadonlyMap<string, Order>,
): Promise<Map<string, Payment>> {
  const hints = stored.flatMap(({ purchaseId, orderId }) => {
    if (purchaseId === null) return []
    const order = orders.get(orderId)
    return [{ purchaseId, reference: order?.transactionNumber ?? order?.imprintNumber ?? null }]
  })
  const found = await paymentsFor(work, hints)
  return withSettled(work, await certainOf(work, found, ['failed', 'canceled', 'authorized']))
}

async function movedFor(
  work: Work,
  stored: readonly StoredRefund[],
  payments: ReadonlyMap<string, Payment>,
): Promise<Moved> {
  const { queries } = work.database
  const { id } = work.environment
  const named = await movementsOfSources(
    queries,
    id,
    ['refund'],
    stored.map(each => each.id),
  )
  const refunds = named.filter(each => each.source.type === 'refund')
  const movementIds = refunds.map(each => each.id)
  const returns = await movementsOfSources(queries, id, ['return'], movementIds)
  const paymentIds = [...payments.values()].map(payment => payment.id)
  return {
    refunds,
    returned: new Set(returns.map(each => each.source.id)),
    captures: await movementsOfSources(queries, id, ['capture', 'void'], paymentIds),
    ofOrders: await movementsOfOrders(
      queries,
      id,
      ['transfer', 'tax_transfer', 'reversal', 'tax_reversal', 'restitution', 'collection'],
      idsOf(stored, 'orderId'),
    ),
  }
}

/** A capture names the refunds that it left out, and a void leaves out everything. */
export function captureOf(
  captures: readonly Movement[],
  payment: Payment | null,
  refundId: string,
): { captureAsked: boolean; capturedLess: boolean } {
  const own = captures.filter(each => each.source.id === payment?.id)
  const inAnswer = own.some(each => each.status === 'submitted' || each.status === 'accepted')
  const done = own.find(each => each.status === 'succeeded')
  const leftOut = done?.facts['askedBack']
  return {
    captureAsked: inAnswer,
    capturedLess: Array.isArray(leftOut) && leftOut.includes(refundId),
  }
}

/** Given back, or promised, out of the authorisation. */
function isReleased(
  refund: StoredRefund,
  payment: Payment | null,
  { capturedLess }: { capturedLess: boolean },
): boolean {
  if (capturedLess) return true
  if (refund.releasedBy === null || refund.releasedBy !== payment?.id) return false
  // Released authorisations are canceled: the customer has all of it back.
  return payment.status === 'authorized' || payment.status === 'canceled'
}

/** How far a refund is, from its movement. */
export function standingOf(
  movement: Movement | null,
  returned: ReadonlySet<string>,
  released: boolean,
): RefundStanding {
  if (released) return 'stands'
  if (movement === null) return 'open'
  if (returned.has(movement.id)) return 'refused'
  switch (movement.status) {
    case 'on_hold':
    case 'pending':
      return 'open'
    case 'submitted':
      return 'asked'
    case 'accepted':
    case 'succeeded':
      return 'stands'
    case 'canceled':
      return 'refused'
    case 'failed':
      return goesAgain(movement) ? 'open' : 'refused'
  }
}

/** A failure that is retried by itself is no refusal. */
function goesAgain({ reason }: Movement): boolean {
  return reason !== null && isReasonCode(reason) && reasons[reason].retried
}
