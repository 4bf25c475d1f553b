import { posix } from 'node:path'
import type { Problem } from './problem.ts'
import { lineAt } from './source.ts'

/** Links of a Markdown page to files that do not exist. `exists` gets a path from the root. */
export function findBrokenLinks(
  path: string,
  text: string,
  exists: (path: string) => boolean,
): Problem[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(link => {
    const target = (link[1] ?? '').replace(/#.*$/, '')
    if (target === '' || /^[a-z]+:/.test(target)) return []
    const file = posix.normalize(posix.join(posix.dirname(path), target))
    if (exists(file)) return []
    return [
      { file: path, line: lineAt(text, link.index), message: `links to ${file}: no such file` },
    ]
  })
}
