import type { Problem } from './problem.ts'
import { isNode, isTest, lineAt, nameOf, type Source, type SyntaxNode, walk } from './source.ts'

const impureCalls: Record<string, string> = {
  'Date.now': 'take the moment as an argument',
  'Math.random': 'take what it decides as an argument',
  'performance.now': 'take the moment as an argument',
  'crypto.randomUUID': 'take the id as an argument',
}

const outsideGlobals = new Set(['process', 'fetch', 'setTimeout', 'setInterval', 'console'])

/** What makes a file of src/domain depend on more than its arguments. */
export function findImpurities(source: Source): Problem[] {
  if (!source.path.startsWith('src/domain/') || isTest(source.path)) return []
  const found: Problem[] = []
  walk(source.tree, (node, parent) => {
    const message = impurity(node, parent)
    if (message === undefined) return
    found.push({ file: source.path, line: lineAt(source.text, node.start), message })
  })
  return found
}

function impurity(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type === 'AwaitExpression') return 'awaits: the domain decides, a workflow awaits'
  if (node['async'] === true) return 'is async: the domain decides, a workflow awaits'
  if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Date') {
    return list(node['arguments']).length === 0
      ? 'reads the clock with new Date(): take the moment as an argument'
      : undefined
  }
  if (node.type === 'CallExpression' && nameOf(node['callee']) === 'Date') {
    return 'reads the clock with Date(): take the moment as an argument'
  }
  if (node.type === 'MemberExpression') {
    const called = `${nameOf(node['object']) ?? ''}.${nameOf(node['property']) ?? ''}`
    const mend = impureCalls[called]
    return mend === undefined ? undefined : `uses ${called}: ${mend}`
  }
  const name = node.type === 'Identifier' ? nameOf(node) : undefined
  if (name === undefined || !outsideGlobals.has(name) || isKey(node, parent)) return undefined
  return `uses ${name}: the domain knows no outside world`
}

/** A key or a member of that name is no use of the global. */
function isKey(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined || parent['computed'] === true) return false
  return parent['key'] === node || parent['property'] === node
}

function list(value: unknown): SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}
