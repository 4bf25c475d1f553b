import { isUsageError, mendOf } from '../app/failures.ts'

/** Prints why a command could not do its work; returns its exit code. */
export function explainFailure(error: unknown): 1 | 2 {
  const message = error instanceof Error ? error.message : String(error)
  const mend = mendOf(error)
  process.stderr.write(`tributary: ${message}${mend === null ? '' : ` ${mend}`}\n`)
  if (isUsageError(error)) return 2
  const stack = error instanceof Error && mend === null ? error.stack : undefined
  if (stack !== undefined) process.stderr.write(`${stack.split('\n').slice(1).join('\n')}\n`)
  return 1
}
