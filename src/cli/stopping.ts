/** Ends a command early: at the first signal after what is under way, at the second one at once. */
export interface Stopping {
  asked(): boolean
  /** Resolves when the first signal has come. */
  readonly signalled: Promise<void>
}

export function stopOnSignals(tell: (text: string) => void): Stopping {
  let asked = false
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = (signal: NodeJS.Signals) => {
    if (asked) process.exit(signal === 'SIGINT' ? 130 : 143)
    asked = true
    tell(`${signal}: finishing what is under way; once more stops at once`)
    resolve()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return { asked: () => asked, signalled: promise }
}
