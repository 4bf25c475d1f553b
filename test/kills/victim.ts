import { spawn } from 'node:child_process'
import { join } from 'node:path'

const program = join(import.meta.dirname, '..', 'programs', 'busy-worker.ts')

/** How one program came to its end. */
export interface Death {
  /** False: it ended by itself before it could be killed. */
  readonly killed: boolean
  /** Calls to the outside that it had asked and not been answered when it was killed. */
  readonly callsUnderWay: number
}

/**
 * Starts a program with work to do and kills it with SIGKILL at its `calls`-th call to the outside,
 * or when `seconds` have passed: then it waits for a database that is away.
 */
export async function killOne(
  kind: 'runs' | 'serve',
  variables: Readonly<Record<string, string>>,
  { calls, seconds }: { readonly calls: number; readonly seconds: number },
): Promise<Death> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [program, kind], {
    env: { PATH, HOME, ...variables },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let asked = 0
  let answered = 0
  let killed = false
  const kill = () => {
    killed = child.kill('SIGKILL') || killed
  }
  const patience = setTimeout(kill, seconds * 1000)
  child.stdout.on('data', (chunk: Buffer) => {
    for (const sign of chunk.toString()) {
      if (sign === '<') asked += 1
      else answered += 1
    }
    if (asked >= calls) kill()
  })
  await new Promise<void>(resolve => child.on('close', () => resolve()))
  clearTimeout(patience)
  return { killed, callsUnderWay: asked - answered }
}
