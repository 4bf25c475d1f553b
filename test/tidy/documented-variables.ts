import type { Problem } from './problem.ts'
import { isTest, lineAt, nameOf, type Source, walk } from './source.ts'

const single = new Set(['PORT', 'SCHEME'])

/** Environment variables that src/app names and docs/configuration.md (`page`) does not. */
export function findUndocumentedVariables(source: Source, page: string): Problem[] {
  if (!source.path.startsWith('src/app/') || isTest(source.path)) return []
  const found = new Map<string, Problem>()
  walk(source.tree, (node, parent) => {
    const name = nameOf(node)
    const isName = node.type === 'Literal' || parent?.['key'] === node
    if (name === undefined || !isName || !looksLikeVariable(name)) return
    if (page.includes(`\`${name}\``) || found.has(name)) return
    const message = `reads ${name}, which docs/configuration.md does not explain`
    found.set(name, { file: source.path, line: lineAt(source.text, node.start), message })
  })
  return [...found.values()]
}

function looksLikeVariable(name: string): boolean {
  return single.has(name) || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name)
}
