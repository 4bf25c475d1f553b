import { UsageError } from '../domain/errors.ts'
import type { Fault } from '../sandbox/faults.ts'
import { type ServedSandbox, serveSandbox } from '../sandbox/serve.ts'
import { wholeNumberOf } from './environment-values.ts'

export type { ServedSandbox } from '../sandbox/serve.ts'

/** Options of the command line, as they were written. */
export interface SandboxRequest {
  readonly seed: string
  readonly miraklPort?: string
  readonly stripePort?: string
  readonly controlPort?: string
  readonly speed: string
  readonly rateLimits?: boolean
  readonly fault: readonly string[]
}

const faultKinds = [
  'rate_limited',
  'error_html',
  'error_json',
  'slow',
  'cut_before',
  'cut_after',
] as const

/**
 * Starts both simulators and their control server.
 * @throws UsageError for an option that cannot be read
 */
export function startSandbox(request: SandboxRequest, start: Date): Promise<ServedSandbox> {
  const speed = Number(request.speed)
  if (!(speed >= 0 && speed <= 1_000_000)) {
    throw new UsageError(
      '--speed',
      `--speed is "${request.speed}": write virtual seconds per real second, from 0 on`,
    )
  }
  const port = { min: 0, max: 65_535 }
  return serveSandbox({
    seed: numberOf('--seed', request.seed, { min: 0, max: 999_999_999 }),
    start,
    speed,
    stripeRateLimits: request.rateLimits ?? false,
    miraklPort: numberOf('--mirakl-port', request.miraklPort ?? '0', port),
    stripePort: numberOf('--stripe-port', request.stripePort ?? '0', port),
    controlPort: numberOf('--control-port', request.controlPort ?? '0', port),
    faults: request.fault.map(readFault),
  })
}

function numberOf(name: string, text: string, range: { min: number; max: number }): number {
  return wholeNumberOf({ [name]: text }, name, range) ?? 0
}

/** `stripe:cut_after:/v1/transfers:3`: side, kind, part of the path, how often; the last two may be left out. */
function readFault(text: string): Fault {
  const [side, kindText, path, times] = text.split(':')
  const kind = faultKinds.find(each => each === kindText)
  if ((side !== 'mirakl' && side !== 'stripe') || kind === undefined) {
    throw new UsageError(
      '--fault',
      `--fault is "${text}": write <mirakl|stripe>:<${faultKinds.join('|')}>[:<path>[:<times>]]`,
    )
  }
  return {
    side,
    kind,
    ...(path === undefined || path === '' ? {} : { path }),
    ...(times === undefined ? {} : { times: numberOf('--fault', times, { min: 1, max: 999_999 }) }),
  }
}
