import type { VirtualClock } from '../clock.ts'
import type { MiraklControl } from '../mirakl/control.ts'
import type { StripeControl } from '../stripe/control.ts'
import type { StripeApi } from './stripe-api.ts'

/** What the people of a scenario act on: the two simulators, and nothing of the product. */
export interface Stage {
  readonly clock: VirtualClock
  readonly mirakl: MiraklControl
  readonly stripe: StripeControl
  /** The shop front's and the sellers' way into Stripe: its HTTP API. */
  readonly stripeApi: StripeApi
}

/** What an operator is asked to do in the product, because no simulator can do it. */
export interface OperatorWish {
  readonly mapShop: number
  readonly toAccount: string
}

/** What came of one step, in a sentence for people. */
export interface Played {
  readonly told: string
  readonly wishes?: readonly OperatorWish[]
}

/** One thing that happens in the marketplace's world. */
export interface Step {
  readonly at: Date
  readonly title: string
  play(): Promise<Played>
}

/** One day of a scenario. `name` as in `Monday`, or what is special about it. */
export interface Day {
  readonly number: number
  readonly name: string
  readonly steps: readonly Step[]
}
