import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import type { Database } from '../../src/database/connection.ts'
import { createClock } from '../../src/sandbox/clock.ts'
import { listen } from '../../src/sandbox/http.ts'
import { createMiraklSandbox } from '../../src/sandbox/mirakl/sandbox.ts'
import { createStripeSandbox } from '../../src/sandbox/stripe/sandbox.ts'
import { openTestDatabase } from '../database.ts'

const root = new URL('../../', import.meta.url).pathname

/** What a command did. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Both simulators over HTTP, a database of its own, and the command line beside them. */
export async function openMarketplace() {
  const clock = createClock(new Date())
  const mirakl = createMiraklSandbox({ clock, seed: 7, apiKey: 'front-key' })
  mirakl.defineField({ code: 'stripe-url', label: 'Link', type: 'LINK', required: false })
  mirakl.defineField({ code: 'stripe-ignored', label: 'Out', type: 'BOOLEAN', required: false })
  const stripeSandbox = createStripeSandbox({ clock, seed: 7, secretKeys: ['sk_test_platform'] })
  const servers = await Promise.all([listen(mirakl.handler), listen(stripeSandbox.handler)])
  const [miraklServer, stripeServer] = servers
  const database: Database = await openTestDatabase()
  const home = await mkdtemp(join(tmpdir(), 'tributary-cli-'))
  const variables: Record<string, string> = {
    TRIBUTARY_HOME: home,
    DATABASE_URL: database.connectionString,
    MIRAKL_HOST_NAME: miraklServer.url,
    MIRAKL_API_KEY: 'front-key',
    STRIPE_API_BASE: stripeServer.url,
    STRIPE_CLIENT_SECRET: 'sk_test_platform',
    STRIPE_SELLERS_WEBHOOK_SECRET: 'whsec_sellers',
    STRIPE_OPERATOR_WEBHOOK_SECRET: 'whsec_operator',
    STRIPE_REQUESTS_PER_SECOND: '0',
    PUBLIC_URL: 'http://127.0.0.1:8080',
    ENABLE_PRODUCT_PAYMENT_SPLIT: 'true',
    LOG_LEVEL: 'warn',
  }
  const base = new URL(stripeServer.url)
  const stripe = new Stripe('sk_test_platform', {
    host: base.hostname,
    port: base.port,
    protocol: 'http',
    telemetry: false,
  })
  return {
    clock,
    mirakl,
    stripeSandbox,
    stripe,
    database,
    home,
    variables,
    /** Runs the command line in a program of its own; `null` takes a variable away. */
    tributary: (args: readonly string[], changes: Record<string, string | null> = {}) =>
      runCommand(args, { ...variables, ...changes }),
    close: async () => {
      await Promise.all(servers.map(server => server.close()))
      await database.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

export type CliMarketplace = Awaited<ReturnType<typeof openMarketplace>>

/** Runs `tributary` with these variables and no other ones of ours. */
export async function runCommand(
  args: readonly string[],
  variables: Record<string, string | null>,
): Promise<Ended> {
  const child = startCommand(args, variables)
  return child.ended
}

/** Starts `tributary` and leaves it running. */
export function startCommand(args: readonly string[], variables: Record<string, string | null>) {
  const { PATH = '', HOME = '' } = process.env
  const given = Object.entries(variables).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as const],
  )
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    cwd: root,
    env: { PATH, HOME, NO_COLOR: '1', ...Object.fromEntries(given) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Ended>(resolve => {
    child.on('close', code => resolve({ code: code ?? -1, stdout, stderr }))
  })
  return { child, ended, stderrSoFar: () => stderr }
}
