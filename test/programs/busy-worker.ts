import { writeSync } from 'node:fs'
import { readConfig } from '../../src/app/config.ts'
import { plainFetch } from '../../src/app/plain-fetch.ts'
import { runNow } from '../../src/app/run-now.ts'
import { serve } from '../../src/app/serve.ts'
import { openApp, type App } from '../../src/app/wiring.ts'

// A program with work to do until it is killed: with `serve` the server and a worker that are asked
// for the jobs again and again, else the jobs one after the other, as `tributary run` does them. It
// writes `<` before each call to the outside and `>` after it. Started by the kill tests.
const fetch: typeof globalThis.fetch = async (input, init) => {
  writeSync(1, '<')
  try {
    return await plainFetch(input, init)
  } finally {
    writeSync(1, '>')
  }
}

const jobs = ['validate-payments', 'split-payments'] as const

async function runOn(app: App): Promise<void> {
  for (;;) {
    for (const job of jobs) {
      // A database that is away for a moment is nothing to end for.
      await runNow(app, { job, mode: 'move' }).catch(() => undefined)
    }
  }
}

async function serveOn(app: App): Promise<void> {
  const running = await serve(app, {
    works: true,
    listens: true,
    port: 0,
    host: '127.0.0.1',
    schedules: false,
  })
  const ask = async () => {
    for (const job of jobs) {
      const payload = { environment: app.environment.id }
      await running.jobs.enqueue(app.database.queries, job, payload).catch(() => undefined)
    }
    setTimeout(() => void ask(), 300)
  }
  await ask()
}

const app = await openApp(readConfig(process.env), { fetch, log: () => undefined })
await (process.argv[2] === 'serve' ? serveOn(app) : runOn(app))
