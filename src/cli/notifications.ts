import type { Command } from 'commander'
import {
  acknowledgeOne,
  type NotificationLine,
  notificationLines,
  notificationStory,
  readNotificationStatus,
  replayNotifications,
  signingKey,
} from '../app/notification-changes.ts'
import { readCount } from '../app/movement-options.ts'
import { sayChange } from './movements.ts'
import { printJson, withRecords } from './opening.ts'
import { table } from './table.ts'

interface Place {
  readonly environment?: string
}

interface ListOptions extends Place {
  readonly status?: string
  readonly limit: string
  readonly json?: boolean
}

const environment = ['--environment <slug>', 'test or live'] as const

export function registerNotifications(program: Command): void {
  const family = program
    .command('notifications')
    .description("What the operator's URL was told, and is to be told")
  family
    .command('list', { isDefault: true })
    .description('Notifications, newest first')
    .option('--status <status>', 'pending, delivered or undelivered')
    .option('--limit <count>', 'at most so many', '50')
    .option(...environment)
    .option('--json', 'one JSON document on stdout')
    .action(async (options: ListOptions) => {
      const filter = {
        status: readNotificationStatus(options.status),
        limit: readCount('--limit', options.limit, 10_000),
      }
      const lines = await withRecords(records =>
        notificationLines(records, filter, options.environment),
      )
      if (options.json === true) printJson(lines)
      else process.stdout.write(sayNotifications(lines))
    })
  family
    .command('show <id>')
    .description('One notification with its body and each delivery, as JSON')
    .option(...environment)
    .action(async (id: string, options: Place) => {
      const story = await withRecords(records =>
        notificationStory(records, id, options.environment),
      )
      if (story === null) sayChange({ ok: false, message: `no notification ${id}` })
      else printJson(story)
    })
  registerReplay(family)
  family
    .command('acknowledge <id>')
    .description('Leave one that is not delivered out of the daily mail')
    .option(...environment)
    .action(async (id: string, options: Place) => {
      sayChange(await withRecords(records => acknowledgeOne(records, id, options.environment)))
    })
  family
    .command('secret')
    .description('Key of their signature')
    .option(...environment)
    .action(async (options: Place) => {
      const key = await withRecords(records => signingKey(records, options.environment))
      process.stdout.write(`${key}\n`)
    })
}

function registerReplay(family: Command): void {
  family
    .command('replay [ids...]')
    .description('Deliver again, also what was taken already')
    .option('--undelivered', 'every one that was given up')
    .option(...environment)
    .action(async (ids: string[], options: Place & { undelivered?: boolean }, command: Command) => {
      const all = options.undelivered === true
      if (all === ids.length > 0) command.error('name notifications, or write --undelivered')
      const wanted = all ? null : ids
      sayChange(
        await withRecords(records => replayNotifications(records, wanted, options.environment)),
      )
    })
}

function sayNotifications(lines: readonly NotificationLine[]): string {
  if (lines.length === 0) return 'No notifications.\n'
  return table(
    ['id', 'type', 'status', 'tries', 'next try', 'seller', 'problem'],
    lines.map(line => [
      line.id,
      line.type,
      line.status,
      String(line.tries),
      line.nextTryAt ?? '',
      line.sellerId ?? '',
      line.problem ?? '',
    ]),
  )
}
