import { refuse, textOf, type Variables } from './environment-values.ts'
import { scheduledJobs } from './job-names.ts'

const prefix = 'TRIBUTARY_SCHEDULE_'

/**
 * Schedules of `TRIBUTARY_SCHEDULE_<JOB_NAME>`, for example TRIBUTARY_SCHEDULE_SPLIT_PAYMENTS: five
 * fields as crontab has them, or `off`.
 */
export function readSchedules(variables: Variables): Record<string, string | null> {
  const schedules: Record<string, string | null> = {}
  for (const name of Object.keys(variables)) {
    const cron = textOf(variables, name)
    if (!name.startsWith(prefix) || cron === undefined) continue
    const job = name.slice(prefix.length).toLowerCase().replaceAll('_', '-')
    if (!scheduledJobs.some(known => known === job)) {
      refuse(name, 'names no job', `the jobs are ${scheduledJobs.join(', ')}`)
    }
    schedules[job] = cron === 'off' ? null : readCron(name, cron)
  }
  return schedules
}

const field = /^[\d*/,LW#?A-Z-]+$/i

function readCron(name: string, cron: string): string {
  const fields = cron.split(/\s+/)
  if (fields.length === 5 && fields.every(each => field.test(each))) return cron
  return refuse(name, `is "${cron}"`, 'write five fields as in crontab, "*/5 * * * *", or off')
}
