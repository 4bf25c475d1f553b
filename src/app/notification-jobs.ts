import type { Jobs } from '../jobs/jobs.ts'
import { nextNotificationAt } from '../store/notifications.ts'
import { deliverNotifications } from '../workflows/deliver-notifications.ts'
import type { App } from './wiring.ts'

const job = 'deliver-notifications'
/** The schedule comes round every minute; only what is due sooner is asked for by name. */
const scheduleSeconds = 60

/** Tries what is due, and comes back for the quick tries that follow. */
export async function deliverDue(
  app: App,
  jobs: Jobs,
  { stopping }: { readonly stopping: () => boolean },
): Promise<void> {
  if (app.notifier === null) return
  const how = { actor: `job:${job}`, mode: 'move', scheduled: true, stopping } as const
  const work = await app.workFor(how)
  const report = await deliverNotifications(work, app.notifier, app.mailer)
  const { delivered, failed, nextDueAt } = report
  if (delivered + failed > 0) {
    app.log('info', 'notifications were delivered', { job, delivered, failed })
  }
  if (!stopping()) await wake(app, jobs, nextDueAt)
}

/** After what may have written notifications: they are not kept waiting for the schedule. */
export async function deliverSoon(app: App, jobs: Jobs): Promise<void> {
  if (app.notifier === null) return
  try {
    const next = await nextNotificationAt(app.database.queries, app.environment.id)
    await wake(app, jobs, next)
  } catch (error) {
    // The schedule comes round anyway; the run that wrote them must not fail by this.
    app.log('warn', 'notifications wait for their schedule', { problem: String(error) })
  }
}

async function wake(app: App, jobs: Jobs, next: Date | null): Promise<void> {
  if (next === null) return
  const seconds = Math.max(0, (next.getTime() - app.clock.now().getTime()) / 1000)
  if (seconds >= scheduleSeconds) return
  const payload = { environment: app.environment.id }
  const options = { startAfterSeconds: Math.ceil(seconds) }
  await jobs.enqueue(app.database.queries, job, payload, options)
}
