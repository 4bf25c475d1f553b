import type { Difference } from '../domain/reconcile-difference.ts'
import { judgeCycle } from '../domain/reconcile-cycle.ts'
import { judgeFees, judgeLine } from '../domain/reconcile-line.ts'
import { judgeMovement } from '../domain/reconcile-movement.ts'
import { judgeOrder } from '../domain/reconcile-order.ts'
import { judgePayment } from '../domain/reconcile-payment.ts'
import { saveDifferences } from '../store/differences.ts'
import { looseFees, looseLines, paymentsToJudge } from '../store/reconcile-books.ts'
import { type Coverage, coverageOf } from '../store/reconcile-coverage.ts'
import { cyclesToJudge, ordersToJudge } from '../store/reconcile-marketplace.ts'
import { movementsToJudge } from '../store/reconcile-movements.ts'
import { moveReconciliation, type Reconciliation } from '../store/reconciliations.ts'
import { type Work, batchSize } from './work.ts'

/** What is judged, in this order; each step is paged by id. */
export const judgeSteps = ['lines', 'fees', 'movements', 'payments', 'orders', 'cycles'] as const
export type JudgeStep = (typeof judgeSteps)[number]

/** A batch that was judged; `last` null: there was nothing behind the position. */
interface Batch {
  readonly found: readonly Difference[]
  readonly judged: number
  readonly last: string | null
}

/**
 * Judges one step to its end. What a batch found and how far it went are written together, so a run
 * that is killed judges at most one batch twice, to the same end.
 * @param from.next the step that follows
 * @returns how many rows were judged so far
 */
export async function runStep(
  work: Work,
  run: Reconciliation,
  from: { readonly step: JudgeStep; readonly next: string; readonly judged: bigint },
): Promise<bigint> {
  const { database, environment } = work
  const coverage = coverageOf(database.queries, environment.id)
  let position = run.step === from.step ? run.position : ''
  let { judged } = from
  while (!work.stopping()) {
    const batch = await judgeBatch(work, run, { step: from.step, position, coverage })
    judged += BigInt(batch.judged)
    position = batch.last ?? ''
    const to = { step: batch.last === null ? from.next : from.step, position, judged }
    const seeing = {
      reconciliationId: run.id,
      at: work.clock.now(),
      nextId: () => work.names.next('df'),
    }
    await database.inTransaction(async queries => {
      await saveDifferences(queries, environment.id, batch.found, seeing)
      await moveReconciliation(queries, environment.id, run.id, to)
    })
    work.progress(`comparing ${from.step}`, Number(judged))
    if (batch.last === null) break
  }
  return judged
}

async function judgeBatch(
  work: Work,
  run: Reconciliation,
  { step, position, coverage }: { step: JudgeStep; position: string; coverage: Coverage },
): Promise<Batch> {
  const { environment, provider } = work
  const { queries } = work.database
  const { since, until } = run
  const stretch = { since, until, after: position, limit: batchSize }
  const own = { ...stretch, startDate: environment.startDate }
  switch (step) {
    case 'lines': {
      const lines = await looseLines(queries, environment.id, stretch)
      return batchOf(lines.map(judgeLine), lines.at(-1)?.id)
    }
    case 'fees': {
      const fees = await looseFees(queries, environment.id, stretch)
      return { found: fees.map(judgeFees), judged: fees.length, last: null }
    }
    case 'movements': {
      const facts = await movementsToJudge(queries, environment.id, stretch, coverage)
      return batchOf(facts.map(judgeMovement), facts.at(-1)?.movement.id)
    }
    case 'payments': {
      const facts = await paymentsToJudge(queries, environment.id, stretch, coverage)
      return batchOf(facts.map(judgePayment), facts.at(-1)?.payment.id)
    }
    case 'orders': {
      const { productRefund, serviceRefund } = environment.settings.enable
      const orders = await ordersToJudge(queries, environment.id, own)
      const found = orders.flatMap(sides => {
        const paysRefunds = sides.order.domain === 'product' ? productRefund : serviceRefund
        return judgeOrder({ ...sides, paysRefunds, until })
      })
      return { found, judged: orders.length, last: orders.at(-1)?.order.id ?? null }
    }
    case 'cycles': {
      const { ourPspCodes } = environment.settings
      const cycles = await cyclesToJudge(queries, environment.id, {
        ...own,
        readSince: run.startedAt,
      })
      const found = cycles.map(sides => {
        const representable = (amount: bigint) =>
          provider.representable(amount, sides.cycle.currency, 'down', 'payout')
        return judgeCycle({ ...sides, ourPspCodes, representable, until })
      })
      return batchOf(found, cycles.at(-1)?.cycle.id)
    }
  }
}

function batchOf(judged: readonly (Difference | null)[], last: string | undefined): Batch {
  const found = judged.filter(each => each !== null)
  return { found, judged: judged.length, last: last ?? null }
}
