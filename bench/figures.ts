import type { RunMeasured } from './run-program.ts'
import type { Calls } from './counted-fetch.ts'

/** What one size of `split-payments` showed. */
export interface SplitFigures {
  readonly orders: number
  readonly purchases: number
  readonly seconds: number
  readonly ordersPerSecond: number
  readonly stripeCalls: number
  readonly stripeCallsPerOrder: number
  readonly miraklReads: number
  readonly succeeded: number
  readonly failed: number
  /** MiB: resident set at the start and at the peak, and the largest heap seen. */
  readonly startMemory: number
  readonly peakMemory: number
  readonly heap: number
  readonly cpuSeconds: number
  readonly steps: Record<string, number>
  readonly calls: { readonly mirakl: Calls; readonly stripe: Calls }
}

/** What `validate-payments` showed: each debit confirmed, each payment captured. No promise is made. */
export interface ValidateFigures {
  readonly debits: number
  readonly payments: number
  readonly seconds: number
  readonly debitsPerSecond: number
  readonly confirmed: number
  readonly captured: number
  /** MiB. */
  readonly peakMemory: number
  readonly calls: { readonly mirakl: Calls; readonly stripe: Calls }
}

/** A promise of the product, and whether it was kept. */
export interface Target {
  readonly name: string
  readonly target: string
  readonly figure: string
  readonly ok: boolean
}

const mebibytes = (bytes: number) => Math.round((bytes / 2 ** 20) * 10) / 10
const rounded = (value: number, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits
const sumOf = (calls: Calls) => Object.values(calls).reduce((sum, count) => sum + count, 0)

export function figuresOf(orders: number, purchases: number, run: RunMeasured): SplitFigures {
  const stripeCalls = sumOf(run.stripe)
  const steps = Object.entries(run.steps).map(([step, seconds]) => [step, rounded(seconds)])
  return {
    orders,
    purchases,
    seconds: rounded(run.seconds),
    ordersPerSecond: Math.round(orders / run.seconds),
    stripeCalls,
    stripeCallsPerOrder: rounded(stripeCalls / orders, 4),
    miraklReads: sumOf(run.mirakl),
    succeeded: run.report.succeeded,
    failed: run.report.failed + run.report.unknown + run.report.onHold,
    startMemory: mebibytes(run.startBytes),
    peakMemory: mebibytes(run.peakBytes),
    heap: mebibytes(run.heapBytes),
    cpuSeconds: rounded(run.cpuSeconds),
    steps: Object.fromEntries(steps),
    calls: { mirakl: run.mirakl, stripe: run.stripe },
  }
}

export function validateFiguresOf(
  debits: number,
  payments: number,
  run: RunMeasured,
): ValidateFigures {
  return {
    debits,
    payments,
    seconds: rounded(run.seconds),
    debitsPerSecond: Math.round(debits / run.seconds),
    confirmed: run.report.confirmed,
    captured: run.report.succeeded,
    peakMemory: mebibytes(run.peakBytes),
    calls: { mirakl: run.mirakl, stripe: run.stripe },
  }
}

/** Memory of the largest size, as a multiple of the smallest one's. */
const memoryGrowthMax = 1.3
const stripeCallsMax = 1.05

export function targetsOf(figures: readonly SplitFigures[]): Target[] {
  const targets = figures.flatMap(each => sizeTargets(each))
  const smallest = figures[0]
  const largest = figures.at(-1)
  if (smallest === undefined || largest === undefined || smallest === largest) return targets
  const growth = largest.peakMemory / smallest.peakMemory
  return [
    ...targets,
    {
      name: `peak memory at ${count(largest.orders)} orders against ${count(smallest.orders)}`,
      target: `at most ${memoryGrowthMax} times`,
      figure: `${rounded(growth, 2)} times`,
      ok: growth <= memoryGrowthMax,
    },
  ]
}

function sizeTargets(each: SplitFigures): Target[] {
  const { orders } = each
  const readsMax = Math.ceil(orders / 100) + 2
  return [
    {
      name: `every one of ${count(orders)} orders transferred once`,
      target: count(orders),
      figure: count(each.succeeded),
      ok: each.succeeded === orders && each.failed === 0 && each.calls.stripe[transfers] === orders,
    },
    {
      name: `Stripe calls per order, ${count(orders)} orders`,
      target: `at most ${stripeCallsMax}`,
      figure: String(each.stripeCallsPerOrder),
      ok: each.stripeCallsPerOrder <= stripeCallsMax,
    },
    {
      name: `Mirakl reads, ${count(orders)} orders`,
      target: `at most ${count(readsMax)}`,
      figure: count(each.miraklReads),
      ok: each.miraklReads <= readsMax,
    },
  ]
}

const transfers = 'POST /v1/transfers'

/** 100000 as 100,000. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}
