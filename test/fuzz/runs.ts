import type { Parameters } from 'fast-check'

/**
 * How much is tried: little in `npm test`, more with `FUZZ_RUNS`. The seed is fixed, so that a run
 * can be repeated; `FUZZ_SEED` takes another.
 */
export function fuzzing<T>(runs: number): Parameters<T> {
  const { FUZZ_RUNS: times, FUZZ_SEED: seed } = process.env
  return {
    numRuns: times === undefined ? runs : Number(times),
    seed: seed === undefined ? 20_261_122 : Number(seed),
    endOnFailure: true,
  }
}
