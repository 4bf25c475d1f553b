import type { Command } from 'commander'
import pc from 'picocolors'
import type { SandboxRequest, ServedSandbox } from '../app/sandbox.ts'
import { readMoment } from '../app/environment-values.ts'
import { stopOnSignals } from './stopping.ts'

export function registerSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('Serve simulators of Mirakl and Stripe until stopped')
    .option('--seed <number>', 'ids, faults and the scenario follow from it', '1')
    .option('--mirakl-port <port>', 'default: any free one')
    .option('--stripe-port <port>', 'default: any free one')
    .option('--control-port <port>', 'default: any free one')
    .option('--start <date>', 'where the virtual clock stands at first; default: now')
    .option('--speed <factor>', 'virtual seconds in a real one; 0: moved by control only', '1')
    .option('--rate-limits', "Stripe's limits on requests a second")
    .option('--fault <fault>', 'side:kind[:path[:times]], may be repeated', collect, [])
    .option('--json', 'print the addresses as one JSON document')
    .action(async (options: SandboxRequest & { start?: string; json?: boolean }) => {
      const { startSandbox } = await import('../app/sandbox.ts')
      const { start } = options
      const served = await startSandbox(
        options,
        start === undefined ? new Date() : readMoment('--start', start),
      )
      process.stdout.write(options.json === true ? asJson(served) : asText(served))
      const stopping = stopOnSignals(text => process.stderr.write(`${text}\n`))
      await stopping.signalled
      await served.close()
    })
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value]
}

function asJson({ miraklUrl, stripeUrl, controlUrl, mailbox }: ServedSandbox): string {
  const { url: mailboxUrl, dsn: mailerDsn } = mailbox
  return `${JSON.stringify({ miraklUrl, stripeUrl, controlUrl, mailboxUrl, mailerDsn })}\n`
}

function asText({ miraklUrl, stripeUrl, controlUrl, mailbox }: ServedSandbox): string {
  return `${[
    `Mirakl   ${miraklUrl}`,
    `Stripe   ${stripeUrl}`,
    `Mailbox  ${mailbox.url}`,
    `Control  ${pc.bold(controlUrl)}`,
    '',
    'Point Tributary at them:',
    `  export MIRAKL_HOST_NAME=${miraklUrl} MIRAKL_API_KEY=sandbox`,
    `  export STRIPE_API_BASE=${stripeUrl} STRIPE_CLIENT_SECRET=sk_test_sandbox`,
    `  export MAILER_DSN=${mailbox.dsn} TECHNICAL_ALERT_EMAIL=you@shop.example TECHNICAL_ALERT_EMAIL_FROM=pay@shop.example`,
  ].join('\n')}\n`
}
