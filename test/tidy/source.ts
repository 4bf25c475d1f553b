import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

/** One node of a syntax tree (ESTree with TypeScript's own node types). */
export type SyntaxNode = { type: string; start: number; end: number } & Record<string, unknown>

/** A source file and its syntax tree. */
export type Source = {
  /** Path from the root of the repository, with `/`. */
  path: string
  text: string
  tree: SyntaxNode
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Parses TypeScript. Throws when it is no TypeScript. */
export function parseSource(path: string, text: string): Source {
  const lang = path.endsWith('x') ? 'tsx' : 'ts'
  const tree: unknown = parseAst(text, { lang }, path)
  if (!isNode(tree)) throw new Error(`${path} has no syntax tree`)
  return { path, text, tree }
}

/** Paths of the files of `folder` that end in one of `endings`, sorted; none when it does not exist. */
export function listFiles(folder: string, endings: readonly string[]): string[] {
  let found: string[]
  try {
    found = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return found
    .map(path => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter(path => endings.some(ending => path.endsWith(ending)))
    .filter(path => !/(^|\/)(node_modules|dist|coverage|\.tributary)\//.test(path))
    .toSorted()
}

/** The text of a file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Is there such a file or folder in the repository? */
export function isThere(path: string): boolean {
  return existsSync(join(root, path))
}

/** Parses every TypeScript file of the folders. */
export function readSources(folders: readonly string[]): Source[] {
  return folders
    .flatMap(folder => listFiles(folder, ['.ts', '.tsx']))
    .map(path => parseSource(path, readText(path)))
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

/** Line, from 1, of a position in a text. */
export function lineAt(text: string, position: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) {
    line += 1
  }
  return line
}

/** Calls `visit` for every node, parents first, with the node it hangs on. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  parent?: SyntaxNode,
): void {
  visit(node, parent)
  for (const child of Object.values(node)) {
    for (const each of Array.isArray(child) ? (child as unknown[]) : [child]) {
      if (isNode(each)) walk(each, visit, node)
    }
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** The name of an identifier or of a literal key; undefined for anything else. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Identifier' && typeof node['name'] === 'string') return node['name']
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  return undefined
}
