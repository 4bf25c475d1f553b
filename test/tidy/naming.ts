import { basename } from 'node:path'
import { allowedNames } from './allowed-names.ts'
import type { Problem } from './problem.ts'
import { isNode, lineAt, nameOf, type Source, type SyntaxNode, walk } from './source.ts'

/** Words that say nothing, or mean something else here, and what to say instead. */
const bannedWords: Record<string, string> = {
  transaction: 'say movement, payment, or what kind it is; inTransaction for SQL',
  process: 'say what it does: read, plan, send, settle',
  handle: 'say what it does: receive, answer, apply',
  manager: 'name it after what it keeps or does',
  data: 'say what it is: order, answer, rows, body',
  item: 'say what it is: line, row, cycle, entry',
  info: 'say what it is: facts, details, state',
  util: 'name it after what it does',
}

type Declared = { name: string; position: number }

/** Names of ours that have a banned word in them; words that others chose are in allowed-names. */
export function findBannedNames(source: Source): Problem[] {
  const found: Problem[] = []
  walk(source.tree, node => {
    for (const { name, position } of declaredBy(node, ownsProperties(source.path))) {
      const word = bannedWordOf(name, source.path)
      if (word === undefined) continue
      const message = `declares ${name}, with the word ${word}: ${bannedWords[word] ?? ''}`
      found.push({ file: source.path, line: lineAt(source.text, position), message })
    }
  })
  const word = bannedWordOf(basename(source.path).replace(/(\.test)?\.tsx?$/, ''), source.path)
  if (word !== undefined) {
    const message = `is called after the word ${word}: ${bannedWords[word] ?? ''}`
    found.push({ file: source.path, line: 0, message })
  }
  return found
}

/**
 * Is the shape of objects ours to name? The adapters and the sandbox spell the fields of the APIs
 * that they speak, so there only variables, functions and types count. So it is in tests.
 */
function ownsProperties(path: string): boolean {
  return path.startsWith('src/') && !/^src\/(adapters|sandbox)\/|\.test\.tsx?$/.test(path)
}

function bannedWordOf(name: string, path: string): string | undefined {
  return wordsOf(name).find(
    word =>
      Object.hasOwn(bannedWords, word) &&
      !allowedNames.some(
        allowed => allowed.name.test(name) && allowed.places.some(place => path.startsWith(place)),
      ),
  )
}

/** `readOrderData`, `read_order_data` and `read-order-items` are read, order, data and item. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map(word => singular(word.toLowerCase()))
}

function singular(word: string): string {
  const found = Object.keys(bannedWords).find(each => word === `${each}s` || word === `${each}es`)
  return found ?? word
}

const namedByUs = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
])
const properties = new Set([
  'TSPropertySignature',
  'TSMethodSignature',
  'PropertyDefinition',
  'MethodDefinition',
])

function declaredBy(node: SyntaxNode, withProperties: boolean): Declared[] {
  if (namedByUs.has(node.type)) return [node['id'], ...list(node['params'])].flatMap(namesIn)
  if (node.type === 'ArrowFunctionExpression') return list(node['params']).flatMap(namesIn)
  if (node.type === 'VariableDeclarator') return namesIn(node['id'])
  if (node.type === 'ImportSpecifier') {
    return nameOf(node['imported']) === nameOf(node['local']) ? [] : namesIn(node['local'])
  }
  if (node.type === 'CatchClause') return namesIn(node['param'])
  if (withProperties && properties.has(node.type)) return namesIn(node['key'])
  return []
}

/**
 * The names of a pattern. `{ data }` takes over the name of somebody's property: it counts where the
 * property is declared, not here.
 */
function namesIn(pattern: unknown): Declared[] {
  if (!isNode(pattern)) return []
  const name = nameOf(pattern)
  if (name !== undefined) return [{ name, position: pattern.start }]
  if (pattern.type === 'AssignmentPattern') return namesIn(pattern['left'])
  if (pattern.type === 'RestElement') return namesIn(pattern['argument'])
  if (pattern.type === 'ArrayPattern') return list(pattern['elements']).flatMap(namesIn)
  if (pattern.type !== 'ObjectPattern') return []
  return list(pattern['properties']).flatMap(property =>
    property['shorthand'] === true ? [] : namesIn(property['value'] ?? property),
  )
}

function list(value: unknown): SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}
