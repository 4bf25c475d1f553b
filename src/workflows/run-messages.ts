import { endRun, startRun } from '../store/runs.ts'
import { deliverNotifications } from './deliver-notifications.ts'
import type { Mailer, Notifier } from './ports.ts'
import { sendDigest } from './send-digest.ts'
import type { Counts } from './tally.ts'
import type { Work } from './work.ts'

/** Jobs that tell people and move no money; the same word in the CLI, the schedule and the logs. */
export const messageJobs = ['deliver-notifications', 'send-digest'] as const
export type MessageJob = (typeof messageJobs)[number]

export function isMessageJob(name: string): name is MessageJob {
  return (messageJobs as readonly string[]).includes(name)
}

/** The ways to tell somebody; null: not configured. */
export interface Outlets {
  readonly mailer: Mailer | null
  readonly notifier: Notifier | null
}

/** What a run told; the shape is that of every run, the counts are of messages. */
export interface MessageReport extends Counts {
  readonly job: MessageJob
  readonly mode: Work['mode']
  readonly seconds: number
  readonly previews: readonly never[]
  readonly error: string | null
}

/** Runs one of these jobs and writes its line among the runs. Never throws: `error` says it. */
export async function runMessages(
  work: Work,
  job: MessageJob,
  outlets: Outlets,
): Promise<MessageReport> {
  const { queries } = work.database
  const id = work.names.next('run')
  const elapsed = performance.now()
  const at = work.clock.now()
  await startRun(queries, work.environment.id, { id, job, actor: work.actor, at })
  let told = { sent: 0, succeeded: 0, failed: 0 }
  let error: string | null = null
  try {
    told = await tell(work, job, outlets)
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause)
    work.log('error', 'a run ended early', { job, problem: error })
  }
  const counts = { ...work.tally.counts(), ...told }
  const stored = { ...counts, holds: { ...counts.holds }, mode: work.mode }
  const end = { id, at: work.clock.now(), counts: stored, error }
  await endRun(queries, work.environment.id, end)
  const seconds = Math.round(performance.now() - elapsed) / 1000
  return { job, mode: work.mode, ...counts, seconds, previews: [], error }
}

async function tell(work: Work, job: MessageJob, { mailer, notifier }: Outlets) {
  if (job === 'send-digest') {
    const sent = (await sendDigest(work, mailer)) === 'sent' ? 1 : 0
    return { sent, succeeded: sent, failed: 0 }
  }
  if (notifier === null || work.mode !== 'move') return { sent: 0, succeeded: 0, failed: 0 }
  const { delivered, failed } = await deliverNotifications(work, notifier, mailer)
  return { sent: delivered + failed, succeeded: delivered, failed }
}
