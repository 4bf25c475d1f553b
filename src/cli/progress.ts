import pc from 'picocolors'

/** Milliseconds before anything is shown: what is quick needs no bar. */
const quiet = 2000
const redraw = 100
const plainEvery = 10_000
const width = 24

export interface ProgressBar {
  tell(step: string, done: number, total?: number): void
  /** Takes the bar away. */
  end(): void
}

export interface Screen {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** A bar with rate and time left on a terminal, a plain line every ten seconds elsewhere. */
export function createProgress(
  screen: Screen = process.stderr,
  now: () => number = () => performance.now(),
): ProgressBar {
  const began = now()
  let step = ''
  let stepBegan = began
  let drawnAt = -Infinity
  let drawn = false
  return {
    tell: (name, done, total) => {
      const at = now()
      if (name !== step) {
        step = name
        stepBegan = at
      }
      const every = screen.isTTY === true ? redraw : plainEvery
      if (at - began < quiet || at - drawnAt < every) return
      drawnAt = at
      const line = describeProgress(name, done, total, (at - stepBegan) / 1000)
      if (screen.isTTY === true) {
        screen.write(`\r\u001b[2K${line}`)
        drawn = true
      } else screen.write(`${line}\n`)
    },
    end: () => {
      if (drawn) screen.write('\r\u001b[2K')
      drawn = false
    },
  }
}

/** `sending  [#####     ]  120 of 500  31/s  12 s left`. @param seconds since the step began */
export function describeProgress(
  step: string,
  done: number,
  total: number | undefined,
  seconds: number,
): string {
  const rate = seconds > 0 ? done / seconds : 0
  const speed = seconds < 1 ? '' : rate >= 10 ? `${Math.round(rate)}/s` : `${rate.toFixed(1)}/s`
  if (total === undefined || total === 0) return `${step}  ${done}  ${pc.dim(speed)}`
  const filled = Math.min(width, Math.floor((done / total) * width))
  const bar = `[${'#'.repeat(filled)}${' '.repeat(width - filled)}]`
  const left = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : ''
  return `${step}  ${bar}  ${done} of ${total}  ${pc.dim(`${speed}  ${left}`)}`
}
