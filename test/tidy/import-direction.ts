import { posix } from 'node:path'
import type { Problem } from './problem.ts'
import { isNode, isTest, lineAt, nameOf, type Source, type SyntaxNode, walk } from './source.ts'

type Import = { from: string; typeOnly: boolean; position: number }

/** What one folder of src may import, beside itself. */
type Allowance = {
  /** Folders, or files, below src. */
  any?: readonly string[]
  /** Of these only types: they are gone when the program runs. */
  types?: readonly string[]
  /** May it import packages and Node's own modules? */
  packages: boolean
}

// "The database type": what names a connection and a row, never what opens one.
const databaseTypes = ['database/connection.ts', 'database/tables.ts']

/** The table of ARCHITECTURE.md, "Who imports whom". Adapters see only their own folder. */
const allowances: Record<string, Allowance> = {
  domain: { packages: false },
  database: { packages: true },
  store: { any: ['domain'], types: databaseTypes, packages: true },
  workflows: {
    any: ['domain', 'store', 'jobs/enqueue.ts'],
    // A workflow enqueues and is run; starting and stopping the jobs is not its business.
    types: [...databaseTypes, 'jobs'],
    packages: true,
  },
  adapters: { any: ['domain', 'workflows/ports.ts'], packages: true },
  sandbox: { packages: true },
  http: {
    any: ['domain', 'store', 'workflows', 'jobs'],
    types: databaseTypes,
    packages: true,
  },
  cli: { any: ['http/contract', 'http/contract.ts', 'app'], packages: true },
  jobs: { types: databaseTypes, packages: true },
  app: {
    any: ['domain', 'database', 'store', 'workflows', 'jobs', 'adapters', 'sandbox', 'http'],
    packages: true,
  },
}

/** Imports that go against the direction of the folders. Tests may import anything. */
export function findWrongImports(source: Source): Problem[] {
  if (!source.path.startsWith('src/') || isTest(source.path)) return []
  const folder = folderOf(source.path.slice('src/'.length))
  const allowance = allowances[folder.split('/')[0] ?? '']
  if (allowance === undefined) {
    return [
      {
        file: source.path,
        line: 0,
        message: `src/${folder} is no folder of the table in ARCHITECTURE.md: add it there and here`,
      },
    ]
  }
  return importsOf(source).flatMap(found => {
    const wrong = judge(found, source.path, folder, allowance)
    if (wrong === undefined) return []
    const line = lineAt(source.text, found.position)
    return [{ file: source.path, line, message: `imports ${found.from}: ${wrong}` }]
  })
}

function judge(
  found: Import,
  path: string,
  folder: string,
  allowance: Allowance,
): string | undefined {
  if (!found.from.startsWith('.')) {
    return allowance.packages ? undefined : `${folder} imports nothing from outside ${folder}`
  }
  const target = posix.normalize(posix.join(posix.dirname(path), found.from))
  if (target === 'package.json') return undefined
  if (!target.startsWith('src/')) return 'the product imports only from src'
  const inside = target.slice('src/'.length)
  if (within(inside, folder) || allowance.any?.some(place => within(inside, place))) {
    return undefined
  }
  const asType = allowance.types?.some(place => within(inside, place)) ?? false
  if (asType && found.typeOnly) return undefined
  if (asType) return `${folder} imports only types from src/${inside}: write import type`
  return `${folder} may import ${allowed(folder, allowance)}`
}

function allowed(folder: string, { any = [], types = [] }: Allowance): string {
  const whole = [folder, ...any].join(', ')
  return types.length === 0 ? whole : `${whole}, and types from ${types.join(', ')}`
}

function within(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}

/** `stripe/accounts.ts` of adapters belongs to `adapters/stripe`; elsewhere the first folder counts. */
function folderOf(path: string): string {
  const parts = path.split('/')
  if (parts.length === 1) return '.'
  return parts[0] === 'adapters' && parts.length > 2
    ? parts.slice(0, 2).join('/')
    : (parts[0] ?? '')
}

function importsOf(source: Source): Import[] {
  const found: Import[] = []
  walk(source.tree, node => {
    const from = importedFrom(node)
    if (from !== undefined) found.push({ from, typeOnly: isTypeOnly(node), position: node.start })
  })
  return found
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
])

function importedFrom(node: SyntaxNode): string | undefined {
  return importing.has(node.type) ? nameOf(node['source']) : undefined
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.type === 'TSImportType') return true
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  const specifiers = Array.isArray(node['specifiers']) ? (node['specifiers'] as unknown[]) : []
  if (specifiers.length === 0) return false
  return specifiers.every(
    each => isNode(each) && (each['importKind'] === 'type' || each['exportKind'] === 'type'),
  )
}
