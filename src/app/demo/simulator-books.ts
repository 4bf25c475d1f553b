import type { ServedSandbox } from '../../sandbox/serve.ts'
import type { Currency } from '../../domain/currency.ts'
import {
  type OperatorNotes,
  type PayableOrder,
  readOrderBooks,
  type SeenTransfer,
} from './order-books.ts'

/** Sums of one currency, minor units. */
export interface CurrencySums {
  readonly captured: bigint
  /** Less what failed at the customer's bank. */
  readonly refunded: bigint
  /** Operator to sellers: transfers, credits and restitutions. */
  readonly transferred: bigint
  readonly reversed: bigint
  readonly collected: bigint
  /** Less what came back. */
  readonly paidOut: bigint
  /** Taken by disputes, less what came back. */
  readonly disputed: bigint
}

/** What the simulators know to be true, read without a look at Tributary. */
export interface SimulatorBooks {
  readonly sums: ReadonlyMap<Currency, CurrencySums>
  readonly payable: readonly PayableOrder[]
  readonly transfers: readonly SeenTransfer[]
  /** The same for the tax account. */
  readonly taxes: Pick<SimulatorBooks, 'payable' | 'transfers'>
  readonly purchases: number
}

/** @param mapped shops that share another shop's account, which only the operator knew */
export async function readSimulatorBooks(
  sandbox: ServedSandbox,
  notes: OperatorNotes,
): Promise<SimulatorBooks> {
  const { mirakl } = sandbox
  const orders = [...mirakl.orders(), ...mirakl.serviceOrders()]
  const { sellers, taxes } = await readOrderBooks(sandbox, notes)
  return {
    sums: sumsOf(sandbox.stripe.books().totals),
    ...sellers,
    taxes,
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
        reversed: BigInt(sums.reversed),
        collected: BigInt(sums.collected),
        paidOut: BigInt(sums.paidOut),
        disputed: BigInt(sums.disputed),
      },
    ]),
  )
}

/** What is at each connected account, available or not yet: minor units by `<account> <currency>`. */
export function keptAtStripe({ stripe }: ServedSandbox): ReadonlyMap<string, bigint> {
  const accounts = Object.entries(stripe.books().accounts)
  return new Map(
    accounts
      .filter(([account]) => account !== stripe.platformAccountId)
      .flatMap(([account, purses]) =>
        Object.entries(purses).map(([currency, { available, pending }]) => [
          `${account} ${currency.toUpperCase()}`,
          BigInt(available) + BigInt(pending),
        ]),
      ),
  )
}
