import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { weekStart } from '../../sandbox/scenario/week.ts'
import { type ServedSandbox, serveSandbox } from '../../sandbox/serve.ts'
import type { Log } from '../../workflows/work.ts'
import { readConfig } from '../config.ts'
import { serve } from '../serve.ts'
import { type App, openApp } from '../wiring.ts'
import { disturbWebhooks, networkFaults } from './demo-faults.ts'
import { operatorSecret, sellersSecret, variablesOf } from './demo-variables.ts'

/** Tributary and the simulated world around it, all in this program and over real HTTP. */
export interface DemoWorld {
  readonly app: App
  readonly sandbox: ServedSandbox
  /** Where the status page is. */
  readonly url: string
  /** Folder of the database. */
  readonly home: string
  /** Where taxes are kept; null: they are the sellers'. */
  readonly taxAccount: string | null
  close(): Promise<void>
}

export interface DemoWorldOptions {
  readonly seed: number
  /** Without faults of the network and of the webhooks. */
  readonly calm: boolean
  /** Of the status page; 0 takes any free one, and so does one that is taken. */
  readonly port: number
  readonly log: Log
}

/** Starts everything anew: an empty database in a temporary folder, and a world on its first morning. */
export async function openDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
  const home = mkdtempSync(join(tmpdir(), 'tributary-demo-'))
  const closings: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })]
  const close = async () => {
    for (const closing of closings.splice(0).toReversed()) await closing()
  }
  try {
    const faults = options.calm ? [] : networkFaults
    const sandbox = await serveSandbox({ seed: options.seed, start: weekStart, faults })
    closings.push(() => sandbox.close())
    const port = await freePort(options.port)
    const url = `http://127.0.0.1:${port}`
    const config = readConfig(variablesOf(sandbox, home, url))
    const app = await openApp(config, { clock: sandbox.clock, log: options.log })
    closings.push(() => app.close())
    const running = await serve(app, {
      works: true,
      listens: true,
      port,
      host: '127.0.0.1',
      publicStatus: true,
      mailboxUrl: sandbox.mailbox.url,
      // The demo runs the jobs by its own clock; webhooks wake their job up as always.
      schedules: false,
    })
    closings.push(() => running.stop())
    sandbox.sendWebhooks({
      operatorUrl: `${url}/api/public/webhook/operator`,
      operatorSecret,
      sellersUrl: `${url}/api/public/webhook/sellers`,
      sellersSecret,
    })
    if (!options.calm) disturbWebhooks(sandbox.stripe)
    return { app, sandbox, url, home, taxAccount: null, close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The wanted port, or any other one when it is taken. It must be known before the server that
 * listens on it: our own links name it.
 */
async function freePort(wanted: number): Promise<number> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', resolve)
    })
  } catch (error) {
    if (wanted === 0) throw error
    return freePort(0)
  }
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => server.close(() => resolve()))
  return port
}
