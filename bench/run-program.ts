// The measured program: Tributary alone, so that its memory is nobody else's.
import { createLinkSigner } from '../src/workflows/seller-links.ts'
import { type JobName, type RunReport, runJob } from '../src/workflows/run-job.ts'
import { giveAnswer, givenTask } from './child.ts'
import type { Calls } from './counted-fetch.ts'
import { openTributary } from './tributary.ts'
import type { World } from './world.ts'

export interface RunTask {
  readonly world: World
  readonly databaseUrl: string
  readonly job: JobName
}

/** What one run of a job took. */
export interface RunMeasured {
  readonly report: RunReport
  readonly seconds: number
  /** Seconds by step of the run, by what its progress tells. */
  readonly steps: Record<string, number>
  readonly mirakl: Calls
  readonly stripe: Calls
  /** Bytes: resident set before the run and at its peak, and the largest heap seen. */
  readonly startBytes: number
  readonly peakBytes: number
  readonly heapBytes: number
  /** CPU seconds of this program alone. */
  readonly cpuSeconds: number
}

async function measure({ world, databaseUrl, job }: RunTask): Promise<RunMeasured> {
  const tributary = await openTributary(world, databaseUrl)
  tributary.mirakl.clear()
  tributary.stripe.clear()
  const steps: Record<string, number> = {}
  let heapBytes = 0
  let told = 0
  let last = performance.now()
  const work = tributary.workFor(step => {
    const now = performance.now()
    steps[step] = (steps[step] ?? 0) + (now - last) / 1000
    last = now
    told += 1
    if (told % 50 === 0) heapBytes = Math.max(heapBytes, process.memoryUsage().heapUsed)
  })
  const startBytes = process.memoryUsage.rss()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const report = await runJob(work, job, createLinkSigner(Buffer.alloc(32, 1)))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const peakBytes = process.resourceUsage().maxRSS * 1024
  await tributary.close()
  return {
    report,
    seconds,
    steps,
    mirakl: tributary.mirakl.calls(),
    stripe: tributary.stripe.calls(),
    startBytes,
    peakBytes,
    heapBytes,
    cpuSeconds: (user + system) / 1e6,
  }
}

giveAnswer(await measure(givenTask<RunTask>()))
process.disconnect?.()
