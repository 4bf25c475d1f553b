import type { VirtualClock } from './clock.ts'

const beatMilliseconds = 250

/**
 * Lets virtual time pass with real time. A beat that finds the clock still moving is left out.
 * @param speed virtual seconds in a real second; 0: nothing passes
 * @returns how to stop
 */
export function runWithRealTime(clock: VirtualClock, speed: number): () => void {
  if (speed < 0 || !Number.isFinite(speed)) {
    throw new RangeError('The speed of the virtual clock is a number from 0 on')
  }
  if (speed === 0) return () => undefined
  let moving = false
  let last = performance.now()
  const timer = setInterval(() => {
    if (moving) return
    const now = performance.now()
    const elapsed = now - last
    last = now
    moving = true
    void clock.advance(elapsed * speed).finally(() => {
      moving = false
    })
  }, beatMilliseconds)
  timer.unref()
  return () => clearInterval(timer)
}
