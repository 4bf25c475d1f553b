import { type Command, InvalidArgumentError } from 'commander'
import type { DemoReport, WeekListener } from '../app/demo/demo.ts'
import { stopOnSignals } from './stopping.ts'

interface DemoFlags {
  readonly once: boolean
  readonly json: boolean
  readonly calm: boolean
  readonly seed: number
  readonly port: number
}

/** Of the status page; in `--once` runs nobody looks at it, and any free one will do. */
const defaultPort = 8080

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description("Play a marketplace's week against simulators of Mirakl and Stripe")
    .option(
      '--once',
      'end after the week; the exit code says whether the books are balanced',
      false,
    )
    .option('--json', 'print one JSON document on stdout', false)
    .option('--calm', 'without faults of the network and of webhooks', false)
    .option('--seed <number>', 'another week', wholeNumber, 1)
    .option('--port <number>', 'of the status page; 0 takes any free one', wholeNumber, defaultPort)
    .action(async (flags: DemoFlags) => {
      process.exitCode = await play(flags)
    })
}

async function play(flags: DemoFlags): Promise<0 | 1> {
  const say = (text: string) => void process.stderr.write(`${text}\n`)
  const stopping = stopOnSignals(say)
  // Only here: the simulators are no part of what other commands have to load.
  const { createLog } = await import('../app/log.ts')
  const { demoText, runDemo } = await import('../app/demo/demo.ts')
  const demo = await runDemo({
    seed: flags.seed,
    calm: flags.calm,
    port: flags.once ? 0 : flags.port,
    keepsServing: !flags.once,
    log: createLog({ level: 'fatal' }),
    listener: { ...tellWeek(say), stopping: stopping.asked },
    opened: ({ status, mailbox, control }) =>
      say(`Status page ${status}  mailbox ${mailbox}  sandbox ${control}\n`),
  }).catch((error: unknown) => {
    // Ctrl-C in the middle of the week: whatever broke off then is no news.
    if (stopping.asked()) return null
    throw error
  })
  if (demo === null) return 1
  const { report } = demo
  try {
    process.stdout.write(
      flags.json ? `${JSON.stringify(report, null, 2)}\n` : `${demoText(report)}\n`,
    )
    if (!flags.once) {
      say(`\nThe status page goes on at ${report.url ?? ''} until Ctrl-C.`)
      await stopping.signalled
    }
  } finally {
    await demo.close()
  }
  return exitCode(report)
}

function exitCode(report: DemoReport): 0 | 1 {
  return report.balanced ? 0 : 1
}

/** A line for each thing that happens, and a bar for each day. */
function tellWeek(say: (text: string) => void): Omit<WeekListener, 'stopping'> {
  return {
    day: (name, number, of) =>
      say(`[${'#'.repeat(number)}${'.'.repeat(of - number)}] day ${number} of ${of}, ${name}`),
    happened: (at, _title, told) => say(`  ${at.toISOString().slice(11, 16)}  ${told}`),
    ran: ({ job, sent, succeeded, accepted, unknown, failed, confirmed, error }) => {
      if (sent + confirmed === 0 && error === null) return
      const parts = [
        `${sent} sent`,
        `${succeeded} succeeded`,
        ...(accepted > 0 ? [`${accepted} under way`] : []),
        ...(unknown > 0 ? [`${unknown} unanswered`] : []),
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(confirmed > 0 ? [`${confirmed} confirmed to Mirakl`] : []),
        ...(error === null ? [] : [`ended early: ${error}`]),
      ]
      say(`         ${job}: ${parts.join(', ')}`)
    },
  }
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}
