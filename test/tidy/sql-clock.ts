import type { Problem } from './problem.ts'
import { isTest, lineAt, type Source, walk } from './source.ts'

const folders = ['src/store/', 'src/workflows/', 'src/database/migrations/', 'src/database/tables']

/** What makes two runs of the same SQL differ, and what to write instead. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\bnow\s*\(\s*\)|^now$/i, 'now(): pass the moment of the Clock as a parameter'],
  [
    /\b(clock|statement|transaction)_timestamp\b/i,
    'a database clock: pass the moment of the Clock',
  ],
  [/\bcurrent_(timestamp|date|time)\b/i, 'current_timestamp: pass the moment of the Clock'],
  [/\blocaltime(stamp)?\b/i, 'localtimestamp: pass the moment of the Clock'],
  [/\brandom\s*\(\s*\)|^random$/i, 'random(): take what it decides from a port'],
  [/\bgen_random_uuid\b/i, 'gen_random_uuid(): pass an id made by Names'],
  [/\buuid_generate_v\d\b|\buuidv[47]\s*\(/i, 'a uuid of the database: pass an id made by Names'],
]

/** SQL of ours that reads the database's clock or dice: no simulation would replay. */
export function findSqlClocks(source: Source): Problem[] {
  if (isTest(source.path) || !folders.some(folder => source.path.startsWith(folder))) return []
  const found: Problem[] = []
  walk(source.tree, node => {
    const text = stringOf(node)
    if (text === undefined) return
    for (const [pattern, instead] of replacements) {
      const hit = pattern.exec(text)
      if (hit === null) continue
      const line = lineAt(source.text, node.start + hit.index)
      found.push({ file: source.path, line, message: `SQL with ${instead}` })
    }
  })
  return found
}

/** The text of a string or of one piece of a template: only there is SQL. */
function stringOf(node: { type: string } & Record<string, unknown>): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined
  if (node.type !== 'TemplateElement') return undefined
  const value = node['value']
  if (typeof value !== 'object' || value === null || !('raw' in value)) return undefined
  return String(value.raw)
}
