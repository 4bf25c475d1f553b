import type { Command } from 'commander'
import { readConfig } from '../app/config.ts'
import { openApp } from '../app/wiring.ts'
import { stopOnSignals } from './stopping.ts'

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('Run the server and a worker until stopped')
    .option('--environment <slug>', 'test or live; the keys must be of it')
    .option('--no-worker', 'only the server: workers run elsewhere')
    .action(async (options: { environment?: string; worker: boolean }) => {
      await runUntilStopped(options.environment, { works: options.worker, listens: true })
    })
  program
    .command('worker')
    .description('Run a worker until stopped')
    .option('--environment <slug>', 'test or live; the keys must be of it')
    .action(async (options: { environment?: string }) => {
      await runUntilStopped(options.environment, { works: true, listens: false })
    })
}

async function runUntilStopped(
  environment: string | undefined,
  options: { works: boolean; listens: boolean },
): Promise<void> {
  // Only here: the other commands start without the server.
  const { serve } = await import('../app/serve.ts')
  const app = await openApp(readConfig(process.env), { environment })
  try {
    const stopping = stopOnSignals(text => app.log('warn', text))
    const running = await serve(app, options)
    app.log('info', 'started', {
      environment: app.environment.slug,
      worker: options.works,
      url: running.url,
    })
    await stopping.signalled
    await running.stop()
    app.log('info', 'stopped')
  } finally {
    await app.close()
  }
}
