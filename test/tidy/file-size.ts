import { basename } from 'node:path'
import type { Problem } from './problem.ts'
import { isNode, isTest, lineAt, nameOf, type Source, type SyntaxNode, walk } from './source.ts'

const maxFileLines = 400
const maxFunctionLines = 70
/** A function around others is as long as what it does itself, but must not become a class. */
const maxFactoryLines = 150

/** Files and functions that are too long to be read in one go. Functions of tests, and of what only tests use, are not counted. */
export function findLongCode(source: Source): Problem[] {
  const found: Problem[] = []
  const lines = countLines(source.text)
  if (lines > maxFileLines) {
    const message = `has ${lines} lines, more than ${maxFileLines}: split it by what it is about`
    found.push({ file: source.path, line: 0, message })
  }
  if (isTest(source.path) || source.path.startsWith('test/')) return found
  walk(source.tree, (node, parent) => {
    if (!functions.has(node.type)) return
    const total = linesOf(source, node)
    const own = total - innerLines(source, node)
    if (own <= maxFunctionLines && total <= maxFactoryLines) return
    const name = nameOf(node['id']) ?? nameOf(parent?.['id']) ?? nameOf(parent?.['key'])
    const limit = own > maxFunctionLines ? maxFunctionLines : maxFactoryLines
    const length = own > maxFunctionLines ? own : total
    const message = `${name ?? 'a function'} has ${length} lines, more than ${limit}: name its parts`
    found.push({ file: source.path, line: lineAt(source.text, node.start), message })
  })
  return found
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

function linesOf(source: Source, node: SyntaxNode): number {
  return lineAt(source.text, node.end) - lineAt(source.text, node.start) + 1
}

/** Lines of the named functions that stand directly in a function: they are counted by themselves. */
function innerLines(source: Source, node: SyntaxNode): number {
  const body = isNode(node['body']) ? node['body']['body'] : undefined
  const statements = Array.isArray(body) ? body.filter(isNode) : []
  return statements
    .filter(statement => statement.type === 'FunctionDeclaration')
    .reduce((sum, statement) => sum + linesOf(source, statement), 0)
}

export function countLines(text: string): number {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length
}

/** The middle one of the lengths, in lines; 0 when there are none. */
export function medianLength(sources: readonly Source[]): number {
  const lengths = sources.map(source => countLines(source.text)).toSorted((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)] ?? 0
}

/** Names that say nothing about what is inside. */
const emptyNames =
  /^(utils?|helpers?|index|types?|managers?|handlers?|common|misc|shared|lib|stuff|base|constants|functions)$/

/** A file that is named after nothing in particular, or not in lower case with dashes. */
export function findEmptyFileName(path: string): Problem[] {
  const name = basename(path).replace(/(\.test|\.config)?\.[a-z]+$/, '')
  if (emptyNames.test(name)) {
    const message = `is called ${name}: name it after the thing or the action that is inside`
    return [{ file: path, line: 0, message }]
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    const message = 'has a name that is not in lower case with dashes'
    return [{ file: path, line: 0, message }]
  }
  return []
}
