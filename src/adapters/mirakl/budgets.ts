import { budgetSpent } from './failures.ts'
import type { EndpointCode } from './endpoints.ts'
import type { Clock } from '../../workflows/ports.ts'

/** At most so many runs within so many seconds. */
export interface Limit {
  readonly runs: number
  readonly seconds: number
}
/** All of its limits hold at once; an empty one is no limit. */
export type Budget = readonly Limit[]

const almostMinute = 55
const almostHour = 3_595
const almostDay = 20 * 3_600

/**
 * What Mirakl documents per endpoint (mirakl-api 1.7). The windows are a little shorter than
 * documented: a run that starts every minute, or every day at one o'clock, does not start on the
 * second. What is not public gets two runs a minute, as two jobs may meet in one.
 */
export const defaultBudgets: Readonly<Partial<Record<EndpointCode, Budget>>> = {
  OR11: [{ runs: 1, seconds: almostMinute }],
  IV01: [{ runs: 1, seconds: almostDay }],
  SBC11: [{ runs: 1, seconds: almostDay }],
  AF01: [{ runs: 1, seconds: almostDay }],
  TL02: [
    { runs: 20, seconds: almostMinute },
    { runs: 60, seconds: almostHour },
  ],
  SPA11: [{ runs: 120, seconds: almostMinute }],
  S20: [{ runs: 2, seconds: almostMinute }],
  PA11: [{ runs: 2, seconds: almostMinute }],
  PA12: [{ runs: 2, seconds: almostMinute }],
  SPA12: [{ runs: 2, seconds: almostMinute }],
  SOR11: [{ runs: 2, seconds: almostMinute }],
}

/** Where runs are counted; a database can stand behind it when several workers share a key. */
export interface RunBook {
  take(
    code: EndpointCode,
    at: Date,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly waitSeconds: number }>
  /** A run that did not come to its end: its continuation is the same run. */
  giveBack(code: EndpointCode, at: Date): Promise<void>
}

/** Counts in memory. */
export function createRunBook(
  budgets: Readonly<Partial<Record<EndpointCode, Budget>>> = {},
): RunBook {
  const limits = { ...defaultBudgets, ...budgets }
  const starts = new Map<EndpointCode, number[]>()
  return {
    take: async (code, at) => {
      const budget = limits[code] ?? []
      const longest = Math.max(0, ...budget.map(limit => limit.seconds))
      const now = at.getTime()
      const past = (starts.get(code) ?? []).filter(start => now - start < longest * 1000)
      const waitSeconds = Math.max(0, ...budget.map(limit => waitOf(limit, past, now)))
      if (waitSeconds === 0) past.push(now)
      starts.set(code, past)
      return waitSeconds === 0 ? { ok: true } : { ok: false, waitSeconds }
    },
    giveBack: async (code, at) => {
      const past = starts.get(code) ?? []
      const place = past.lastIndexOf(at.getTime())
      if (place >= 0) past.splice(place, 1)
    },
  }
}

/** Seconds until a limit lets one more run in; 0: now. */
function waitOf(limit: Limit, past: readonly number[], now: number): number {
  const within = past.filter(start => now - start < limit.seconds * 1000)
  const leaving = within[within.length - limit.runs]
  if (leaving === undefined) return 0
  return Math.max(1, Math.ceil((leaving + limit.seconds * 1000 - now) / 1000))
}

/** Stands before each run of an endpoint. */
export interface Gate {
  readonly book: RunBook
  readonly clock: Clock
  /** Scheduled runs are counted; a run that a person asked for warns and goes. */
  readonly strict: boolean
  readonly warn: (message: string) => void
}

/**
 * Runs under the budget of an endpoint. Pages and look-ups by id are not counted: they belong to
 * the run that asks.
 * @throws MarketplaceError rate_limited, with the seconds to wait, when the budget is spent
 */
export async function* countRun<T>(
  gate: Gate,
  code: EndpointCode,
  pages: AsyncIterable<T>,
): AsyncGenerator<T> {
  const at = gate.clock.now()
  await enter(gate, code, at)
  try {
    yield* pages
  } catch (error) {
    await gate.book.giveBack(code, at)
    throw error
  }
}

/** The same for a call that has one answer. */
export async function countCall<T>(
  gate: Gate,
  code: EndpointCode,
  call: () => Promise<T>,
): Promise<T> {
  const at = gate.clock.now()
  await enter(gate, code, at)
  try {
    return await call()
  } catch (error) {
    await gate.book.giveBack(code, at)
    throw error
  }
}

async function enter(gate: Gate, code: EndpointCode, at: Date): Promise<void> {
  const taken = await gate.book.take(code, at)
  if (taken.ok) return
  if (gate.strict) throw budgetSpent(code, taken.waitSeconds)
  gate.warn(
    `${code} was read more often than Mirakl documents; a scheduled run would have waited ${taken.waitSeconds} seconds.`,
  )
}
