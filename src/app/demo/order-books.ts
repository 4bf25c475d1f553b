import type { SaleReport } from '../../sandbox/mirakl/control.ts'
import { toMinor } from '../../sandbox/mirakl/decimal.ts'
import { special } from '../../sandbox/scenario/cast.ts'
import { purchaseKey } from '../../sandbox/scenario/shop-front.ts'
import type { OperatorWish } from '../../sandbox/scenario/stage.ts'
import type { ServedSandbox } from '../../sandbox/serve.ts'
import type { Currency } from '../../domain/currency.ts'

/** An order that must have been paid to its seller, as the simulators alone know it. */
export interface PayableOrder {
  readonly orderId: string
  readonly currency: Currency
  /** Sold less commission and less what was refunded of both, in minor units that Stripe can express. */
  readonly owed: bigint
  /** Of refunds and disputes, so much has not been taken back from the seller by a reversal. */
  readonly unreversed: bigint
  /** What the seller's account has available: more than this cannot be taken back yet. */
  readonly available: bigint
}

/** A transfer at Stripe that names an order. */
export interface SeenTransfer {
  readonly orderId: string
  readonly amount: bigint
  readonly reversed: bigint
  /** `charge`; `promotion`, the operator's part from the platform's balance; `restitution`. */
  readonly from: 'charge' | 'promotion' | 'restitution'
}

type StripeObject = { readonly [key: string]: unknown }

/** What must have been paid, and what was. */
interface OrderBooks {
  readonly payable: readonly PayableOrder[]
  readonly transfers: readonly SeenTransfer[]
}

/** What only the operator knows: who shares an account, and where taxes are kept. */
export interface OperatorNotes {
  readonly mapped: readonly OperatorWish[]
  /** Null: taxes are the sellers'. */
  readonly taxAccount: string | null
}

/** Every order and its transfers, read from the simulators without a look at Tributary. */
export async function readOrderBooks(
  sandbox: ServedSandbox,
  { mapped, taxAccount }: OperatorNotes,
): Promise<{ sellers: OrderBooks; taxes: OrderBooks }> {
  const { stripeApi } = sandbox.stage
  const made = await stripeApi.list('/v1/transfers')
  const charges = await stripeApi.list('/v1/charges')
  const refunds = await stripeApi.list('/v1/refunds')
  const accounts = await readyAccounts(sandbox, mapped)
  const { captured, disputed, lost } = await judgeCharges(sandbox, charges)
  const failed = new Set(
    refunds
      .filter(refund => refund['status'] === 'failed')
      .map(refund => metadataOf(refund, 'miraklRefundId')),
  )
  const reversedRefunds = new Set(made.flatMap(reversalsOf).map(refundNamed))
  const balances = sandbox.stripe.books().accounts
  const orders: SaleReport[] = [...sandbox.mirakl.orders(), ...sandbox.mirakl.serviceOrders()]
  const payableOf = (worth: Worth, receiver: string | null) =>
    orders
      .filter(order => order.customerDebited && captured.has(order.commercialId))
      .flatMap(order => {
        const ready = accounts.get(order.shopId)
        if (ready === undefined) return []
        const account = receiver ?? ready
        const stands = order.refunded.filter(refund => !failed.has(refund.refundId))
        const owed = owedFor(
          order.currency,
          worth(order),
          stands.map(part => ({
            refundId: part.refundId,
            net: worth({ ...part, sold: part.amount, currency: order.currency }),
          })),
          reversedRefunds,
        )
        if (owed === null) return []
        const purse = balances[account]?.[order.currency.toLowerCase()]
        const { orderId, currency } = order
        const available = BigInt(purse?.available ?? 0)
        const all = { owed: 0n, unreversed: owed.owed + owed.unreversed }
        return [{ orderId, currency, available, ...(lost.has(order.commercialId) ? all : owed) }]
      })
  const ofDispute = new Set(
    orders.filter(order => disputed.has(order.commercialId)).map(order => order.orderId),
  )
  const sellersPart: Worth = part => share(part) - (taxAccount === null ? 0n : taxesIn(part))
  const seen = (toTaxes: boolean) =>
    made
      .filter(({ destination }) => toTaxes === (destination === taxAccount))
      .flatMap(transfer => seenTransfer(transfer, ofDispute))
  return {
    sellers: { payable: payableOf(sellersPart, null), transfers: seen(false) },
    taxes:
      taxAccount === null
        ? { payable: [], transfers: [] }
        : { payable: payableOf(taxesIn, taxAccount), transfers: seen(true) },
  }
}

/** One part of an order or of a refund, minor units. */
type Worth = (part: {
  readonly sold: string
  readonly commission: string
  readonly taxes: string
  readonly currency: Currency
}) => bigint

const share: Worth = ({ sold, commission, currency }) =>
  toMinor(sold, currency) - toMinor(commission, currency)

const taxesIn: Worth = ({ taxes, currency }) => toMinor(taxes, currency)

/**
 * Null: nothing was ever to be transferred. Each amount is rounded as Stripe got it: refunds that
 * came before the transfer with it, those after it by themselves.
 */
function owedFor(
  currency: Currency,
  whole: bigint,
  refunds: readonly { readonly refundId: string; readonly net: bigint }[],
  reversed: ReadonlySet<string | undefined>,
): Pick<PayableOrder, 'owed' | 'unreversed'> | null {
  const after = refunds.filter(({ refundId }) => reversed.has(refundId))
  const before = refunds.filter(refund => !after.includes(refund))
  const atSplit = before.reduce((left, { net }) => left - net, whole)
  const taken = after.reduce((sum, { net }) => sum + expressible(net, currency), 0n)
  const sent = expressible(atSplit, currency)
  // Of what was rounded down when it was sent, no more than was sent comes back.
  const owed = sent > taken ? sent - taken : 0n
  return whole <= 0n ? null : { owed, unreversed: expressible(whole, currency) - sent }
}

/** Purchases whose money was captured, that were disputed, and that the bank took back for good. */
async function judgeCharges({ stage }: ServedSandbox, charges: readonly StripeObject[]) {
  const disputes = await stage.stripeApi.list('/v1/disputes')
  // Until it is won the money of a dispute is gone.
  const lost = disputes.filter(({ status }) => status !== 'won')
  const of = (chosen: readonly StripeObject[]) => {
    const ids = new Set(chosen.map(({ charge }) => charge))
    return named(charges.filter(charge => ids.has(charge['id'])))
  }
  const named = (chosen: readonly StripeObject[]) =>
    new Set(chosen.map(charge => metadataOf(charge, purchaseKey)))
  return {
    captured: named(charges.filter(isCaptured)),
    disputed: of(disputes),
    lost: of(lost),
  }
}

/** @param ofDispute orders of purchases that were disputed: what they get beside is given back */
function seenTransfer(transfer: StripeObject, ofDispute: ReadonlySet<string>): SeenTransfer[] {
  const orderId = metadataOf(transfer, 'miraklOrderId')
  // A collection for an order goes the other way, and is listed by its seller alone.
  if (orderId === undefined) return []
  const fromCharge = transfer['source_transaction'] !== null
  const givesBack = refundNamed(transfer) !== undefined || ofDispute.has(orderId)
  return [
    {
      orderId,
      amount: BigInt(Number(transfer['amount'])),
      reversed: BigInt(Number(transfer['amount_reversed'])),
      from: fromCharge ? 'charge' : givesBack ? 'restitution' : 'promotion',
    },
  ]
}

function reversalsOf(transfer: StripeObject): StripeObject[] {
  const list = transfer['reversals'] as StripeObject | undefined
  return (list?.['data'] as StripeObject[] | undefined) ?? []
}

function refundNamed(object: StripeObject): string | undefined {
  return metadataOf(object, 'miraklRefundId')
}

/** Accounts that may receive transfers, by shop, without the shop that the operator leaves alone. */
async function readyAccounts(
  { stage }: ServedSandbox,
  mapped: readonly OperatorWish[],
): Promise<ReadonlyMap<number, string>> {
  const accounts = await stage.stripeApi.list('/v1/accounts')
  const active = accounts
    .filter(account => (account['capabilities'] as StripeObject)['transfers'] === 'active')
    .map(account => String(account['id']))
  const own = accounts
    .map(account => [Number(metadataOf(account, 'miraklShopId')), String(account['id'])] as const)
    .filter(([, id]) => active.includes(id))
  const sharing = mapped
    .filter(wish => active.includes(wish.toAccount))
    .map(wish => [wish.mapShop, wish.toAccount] as const)
  return new Map([...own, ...sharing].filter(([shop]) => shop !== special.ignored))
}

function isCaptured(charge: StripeObject): boolean {
  return charge['captured'] === true && charge['status'] === 'succeeded'
}

function metadataOf(object: StripeObject, key: string): string | undefined {
  return (object['metadata'] as Record<string, string> | undefined)?.[key]
}

/** Stripe takes three-decimal amounts in steps of ten only. */
function expressible(amount: bigint, currency: Currency): bigint {
  return currency === 'KWD' ? amount - (amount % 10n) : amount
}
