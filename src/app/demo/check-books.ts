import type { Currency } from '../../domain/currency.ts'
import { checkOrders, type OrderVerdict } from './check-orders.ts'
import type { Destinations } from './destinations.ts'
import type { CurrencySums, SimulatorBooks } from './simulator-books.ts'
import type { TributaryBooks } from './tributary-books.ts'

/** The closing equation of one currency: the simulator's figure, and where Tributary says it went. */
export interface Equation {
  readonly currency: Currency
  /** Captured, by Stripe's books. */
  readonly customersPaid: bigint
  readonly destinations: Destinations
  /** Paid less all destinations: 0. */
  readonly difference: bigint
}

/** What the check of the books came to. */
export interface Verdict extends OrderVerdict {
  /** Orders whose taxes are at the tax account, once and to the unit. */
  readonly taxedOrders: number
  readonly balanced: boolean
  readonly equations: readonly Equation[]
  /** Sums that differ between Tributary's tables and the simulator, in words. */
  readonly trialDifferences: readonly string[]
}

type SimulatorSide = Pick<SimulatorBooks, 'sums' | 'payable' | 'transfers' | 'taxes'>
type TributarySide = Pick<TributaryBooks, 'sums' | 'destinations'>

/** Holds two sets of books against each other that were kept independently. */
export function checkBooks(simulators: SimulatorSide, tributary: TributarySide): Verdict {
  const currencies = [...new Set([...simulators.sums.keys(), ...tributary.sums.keys()])].toSorted()
  const equations = currencies.map(currency => equationOf(currency, simulators, tributary))
  const trialDifferences = currencies.flatMap(currency =>
    differences(currency, simulators.sums.get(currency), tributary.sums.get(currency)),
  )
  const orders = checkOrders(simulators.payable, simulators.transfers)
  const taxes = checkOrders(simulators.taxes.payable, simulators.taxes.transfers)
  const taxProblems = taxes.orderProblems.map(problem => `taxes of ${problem}`)
  const balanced =
    equations.every(({ difference }) => difference === 0n) &&
    trialDifferences.length === 0 &&
    orders.orderProblems.length + taxProblems.length === 0 &&
    orders.transferredTwice + taxes.transferredTwice === 0
  const orderProblems = [...orders.orderProblems, ...taxProblems]
  return {
    balanced,
    equations,
    trialDifferences,
    ...orders,
    orderProblems,
    taxedOrders: taxes.transferredOrders,
  }
}

const noSums: CurrencySums = {
  captured: 0n,
  refunded: 0n,
  transferred: 0n,
  reversed: 0n,
  collected: 0n,
  paidOut: 0n,
  disputed: 0n,
}
const noDestinations: Destinations = {
  toSellers: 0n,
  commission: 0n,
  taxesKept: 0n,
  ownGoods: 0n,
  operatorFunding: 0n,
  refunded: 0n,
  disputed: 0n,
  disputesBorne: 0n,
  held: {},
  owedBySellers: 0n,
  remainders: 0n,
  rounding: 0n,
}

function equationOf(
  currency: Currency,
  simulators: SimulatorSide,
  tributary: TributarySide,
): Equation {
  const { captured: customersPaid } = simulators.sums.get(currency) ?? noSums
  const destinations = tributary.destinations.get(currency) ?? noDestinations
  const { held, ...rest } = destinations
  const parts = [...Object.values(rest), ...Object.values(held)]
  const difference = parts.reduce((left, part) => left - part, customersPaid)
  return { currency, customersPaid, destinations, difference }
}

function differences(
  currency: Currency,
  simulator: CurrencySums = noSums,
  tributary: CurrencySums = noSums,
): string[] {
  const names = Object.keys(noSums) as (keyof CurrencySums)[]
  return names
    .filter(name => simulator[name] !== tributary[name])
    .map(
      name => `${currency} ${name}: Stripe says ${simulator[name]}, Tributary ${tributary[name]}`,
    )
}
