import type { Currency } from '../../domain/currency.ts'
import type { CurrencySums, SeenTransfer, SimulatorBooks } from './simulator-books.ts'
import type { Destinations, TributaryBooks } from './tributary-books.ts'

/** The closing equation of one currency: the simulator's figure, and where Tributary says it went. */
export interface Equation {
  readonly currency: Currency
  /** Captured less refunded, by Stripe's books. */
  readonly customersPaid: bigint
  readonly destinations: Destinations
  /** Paid less all destinations: 0. */
  readonly difference: bigint
}

/** What the check of the books came to. */
export interface Verdict {
  readonly balanced: boolean
  readonly equations: readonly Equation[]
  /** Sums that differ between Tributary's tables and the simulator, in words. */
  readonly trialDifferences: readonly string[]
  readonly payableOrders: number
  /** Payable orders that were transferred once, with the right amount. */
  readonly transferredOrders: number
  readonly transferredTwice: number
  /** Payable and not transferred, transferred and not payable, or with another amount. */
  readonly orderProblems: readonly string[]
}

type SimulatorSide = Pick<SimulatorBooks, 'sums' | 'payable' | 'transfers'>
type TributarySide = Pick<TributaryBooks, 'sums' | 'destinations'>

/** Holds two sets of books against each other that were kept independently. */
export function checkBooks(simulators: SimulatorSide, tributary: TributarySide): Verdict {
  const currencies = [...new Set([...simulators.sums.keys(), ...tributary.sums.keys()])].toSorted()
  const equations = currencies.map(currency => equationOf(currency, simulators, tributary))
  const trialDifferences = currencies.flatMap(currency =>
    differences(currency, simulators.sums.get(currency), tributary.sums.get(currency)),
  )
  const orders = checkOrders(simulators)
  const balanced =
    equations.every(({ difference }) => difference === 0n) &&
    trialDifferences.length === 0 &&
    orders.orderProblems.length === 0 &&
    orders.transferredTwice === 0
  return { balanced, equations, trialDifferences, ...orders }
}

const noSums: CurrencySums = {
  captured: 0n,
  refunded: 0n,
  transferred: 0n,
  collected: 0n,
  paidOut: 0n,
}
const noDestinations: Destinations = {
  sellerTransfers: 0n,
  commission: 0n,
  taxesKept: 0n,
  ownGoods: 0n,
  operatorFunding: 0n,
  held: {},
  remainders: 0n,
  rounding: 0n,
}

function equationOf(
  currency: Currency,
  simulators: SimulatorSide,
  tributary: TributarySide,
): Equation {
  const { captured, refunded } = simulators.sums.get(currency) ?? noSums
  const destinations = tributary.destinations.get(currency) ?? noDestinations
  const { held, ...rest } = destinations
  const parts = [...Object.values(rest), ...Object.values(held)]
  const customersPaid = captured - refunded
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

function checkOrders({ payable, transfers }: SimulatorSide) {
  const byOrder = Map.groupBy(transfers, transfer => transfer.orderId)
  const owed = new Set(payable.map(order => order.orderId))
  const problems: string[] = []
  let once = 0
  for (const { orderId, owed: amount } of payable) {
    const seen = byOrder.get(orderId) ?? []
    const sum = seen.reduce((left, each) => left + each.amount, 0n)
    if (seen.length === 0) problems.push(`${orderId}: payable and not transferred (${amount})`)
    else if (sum === amount && !isTwice(seen)) once += 1
    else {
      const amounts = seen.map(each => each.amount).join(' + ')
      problems.push(`${orderId}: owed ${amount}, transferred ${amounts}`)
    }
  }
  for (const orderId of byOrder.keys()) {
    if (!owed.has(orderId)) problems.push(`${orderId}: transferred and not payable`)
  }
  return {
    payableOrders: payable.length,
    transferredOrders: once,
    transferredTwice: [...byOrder.values()].filter(isTwice).length,
    orderProblems: problems,
  }
}

/** An order is paid from its charge once, and at most once more for what the operator adds to it. */
function isTwice(seen: readonly SeenTransfer[]): boolean {
  const fromCharge = seen.filter(transfer => transfer.fromCharge).length
  return fromCharge > 1 || seen.length - fromCharge > 1
}
