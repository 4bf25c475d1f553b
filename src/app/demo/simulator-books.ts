import { toMinor } from '../../sandbox/mirakl/decimal.ts'
import { special } from '../../sandbox/scenario/cast.ts'
import type { OperatorWish } from '../../sandbox/scenario/stage.ts'
import { purchaseKey } from '../../sandbox/scenario/shop-front.ts'
import type { ServedSandbox } from '../../sandbox/serve.ts'
import type { Currency } from '../../domain/currency.ts'

/** Sums of one currency, minor units. */
export interface CurrencySums {
  readonly captured: bigint
  readonly refunded: bigint
  /** Operator to sellers: transfers and credits. */
  readonly transferred: bigint
  readonly collected: bigint
  /** Less what came back. */
  readonly paidOut: bigint
}

/** An order that must have been paid to its seller, as the simulators alone know it. */
export interface PayableOrder {
  readonly orderId: string
  readonly currency: Currency
  /** Sold less commission, in minor units that Stripe can express. */
  readonly owed: bigint
}

/** Transfers at Stripe that name an order. */
export interface SeenTransfer {
  readonly orderId: string
  readonly amount: bigint
  /** False: from the platform's balance, for the operator's part of a promotion. */
  readonly fromCharge: boolean
}

/** What the simulators know to be true, read without a look at Tributary. */
export interface SimulatorBooks {
  readonly sums: ReadonlyMap<Currency, CurrencySums>
  readonly payable: readonly PayableOrder[]
  readonly transfers: readonly SeenTransfer[]
  readonly purchases: number
}

type StripeObject = { readonly [key: string]: unknown }

/** @param mapped shops that share another shop's account, which only the operator knew */
export async function readSimulatorBooks(
  sandbox: ServedSandbox,
  mapped: readonly OperatorWish[],
): Promise<SimulatorBooks> {
  const { stage, stripe, mirakl } = sandbox
  const transfers = await stage.stripeApi.list('/v1/transfers')
  const charges = await stage.stripeApi.list('/v1/charges')
  const ready = await readyShops(sandbox, mapped)
  const paid = new Set(charges.filter(isCaptured).map(charge => metadataOf(charge, purchaseKey)))
  const orders = mirakl.orders()
  const payable = orders
    .filter(order => order.customerDebited && paid.has(order.commercialId))
    .filter(order => ready.has(order.shopId))
    .map(({ orderId, currency, sold, commission }) => ({
      orderId,
      currency,
      owed: expressible(toMinor(sold, currency) - toMinor(commission, currency), currency),
    }))
    .filter(({ owed }) => owed > 0n)
  return {
    sums: sumsOf(stripe.books().totals),
    payable,
    transfers: transfers.flatMap(transfer => {
      const orderId = metadataOf(transfer, 'miraklOrderId')
      // A collection for an order goes the other way, and is listed by its seller alone.
      const amount = BigInt(Number(transfer['amount']))
      const fromCharge = transfer['source_transaction'] !== null
      return orderId === undefined ? [] : [{ orderId, amount, fromCharge }]
    }),
    purchases: new Set(orders.map(order => order.commercialId)).size,
  }
}

function sumsOf(totals: ReturnType<ServedSandbox['stripe']['books']>['totals']) {
  return new Map(
    Object.entries(totals).map(([currency, sums]) => [
      currency.toUpperCase(),
      {
        captured: BigInt(sums.captured),
        refunded: BigInt(sums.refunded),
        transferred: BigInt(sums.transferred),
        collected: BigInt(sums.collected),
        paidOut: BigInt(sums.paidOut),
      },
    ]),
  )
}

/** Shops whose account may receive transfers, and that the operator does not leave alone. */
async function readyShops(
  sandbox: ServedSandbox,
  mapped: readonly OperatorWish[],
): Promise<ReadonlySet<number>> {
  const accounts = await sandbox.stage.stripeApi.list('/v1/accounts')
  const active = new Map(
    accounts
      .filter(account => (account['capabilities'] as StripeObject)['transfers'] === 'active')
      .map(account => [String(account['id']), Number(metadataOf(account, 'miraklShopId'))]),
  )
  const sharing = mapped.filter(wish => active.has(wish.toAccount)).map(wish => wish.mapShop)
  return new Set([...active.values(), ...sharing].filter(shop => shop !== special.ignored))
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
