import type { Problem } from './problem.ts'
import { lineAt } from './source.ts'

// In pieces, so that this file does not find itself.
const notes = [`FIX${'ME'}`, `TO${'DO'}`].join('|')
const hosts = [`registry[.]npm${'js'}`, `registry[.]yarn${'pkg'}`].join('|')
const patterns: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b(${notes})\\b`), 'a leftover note: do it, or open an issue'],
  [new RegExp(`/wor${'k'}/`), 'a path of one machine'],
  [new RegExp(`[.][.]/share${'d'}\\b`), 'a path outside the repository'],
  [new RegExp(hosts), 'the host of a package registry'],
  [new RegExp(`^\\s*debug${'ger'};?$`, 'm'), 'a breakpoint'],
  [new RegExp(`\\b(it|test|describe)[.]onl${'y'}\\(`), 'a test that keeps the others from running'],
]

/** Notes, paths and hosts that must not stay in a file. */
export function findLeftovers(path: string, text: string): Problem[] {
  return patterns.flatMap(([pattern, what]) => {
    const hit = pattern.exec(text)
    if (hit === null) return []
    return [{ file: path, line: lineAt(text, hit.index), message: `has ${what}: ${hit[0].trim()}` }]
  })
}
