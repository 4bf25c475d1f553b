import { describe, expect, it } from 'vitest'
import { findBrokenLinks } from './broken-links.ts'
import { findUndocumentedVariables } from './documented-variables.ts'
import { findImpurities } from './domain-purity.ts'
import { findEmptyFileName, findLongCode, medianLength } from './file-size.ts'
import { findWrongImports } from './import-direction.ts'
import { findLeftovers } from './leftovers.ts'
import { findBannedNames } from './naming.ts'
import { describeProblem, type Problem } from './problem.ts'
import { parseSource, type Source } from './source.ts'
import { findSqlClocks } from './sql-clock.ts'

/** What a rule says about a planted file. */
function said(rule: (source: Source) => Problem[], path: string, text: string): string[] {
  return rule(parseSource(path, text)).map(describeProblem)
}

describe('import direction', () => {
  it.each([
    ['src/domain/a.ts', "import { x } from '../store/orders.ts'"],
    ['src/domain/a.ts', "import { randomUUID } from 'node:crypto'"],
    ['src/domain/a.ts', "import type { Movement } from '../workflows/ports.ts'"],
    ['src/store/a.ts', "import { connect } from '../database/connection.ts'"],
    ['src/store/a.ts', "import { run } from '../workflows/split-payments.ts'"],
    ['src/workflows/a.ts', "import { stripe } from '../adapters/stripe/client.ts'"],
    ['src/workflows/a.ts', "const x = await import('../app/config.ts')"],
    ['src/workflows/a.ts', "export * from '../database/embedded.ts'"],
    ['src/adapters/stripe/a.ts', "import { x } from '../mirakl/client.ts'"],
    ['src/adapters/stripe/a.ts', "import { x } from '../../store/orders.ts'"],
    ['src/sandbox/stripe/a.ts', "import { x } from '../../domain/money.ts'"],
    ['src/sandbox/stripe/a.ts', "type X = import('../../domain/money.ts').Money"],
    ['src/http/a.ts', "import { x } from '../adapters/stripe/client.ts'"],
    ['src/http/a.ts', "import { x } from '../app/wiring.ts'"],
    ['src/cli/a.ts', "import { x } from '../store/orders.ts'"],
    ['src/jobs/a.ts', "import { x } from '../workflows/split-payments.ts'"],
    ['src/database/a.ts', "import { x } from '../domain/money.ts'"],
    ['src/app/a.ts', "import { x } from '../cli/main.ts'"],
    ['src/app/a.ts', "import { x } from '../../test/database.ts'"],
    ['src/elsewhere/a.ts', "import { x } from './b.ts'"],
  ])('refuses in %s: %s', (path, text) => {
    expect(said(findWrongImports, path, text)).toHaveLength(1)
  })

  it.each([
    ['src/domain/a.ts', "import { x } from './money.ts'"],
    ['src/store/a.ts', "import type { Queries } from '../database/connection.ts'"],
    ['src/store/a.ts', "import { type Queries } from '../database/connection.ts'"],
    ['src/store/a.ts', "import { sql } from 'kysely'"],
    ['src/workflows/a.ts', "import { enqueue } from '../jobs/enqueue.ts'"],
    ['src/adapters/stripe/a.ts', "import type { X } from '../../workflows/ports.ts'"],
    ['src/adapters/stripe/a.ts', "import { x } from './client.ts'"],
    ['src/sandbox/scenario/a.ts', "import { x } from '../stripe/world.ts'"],
    ['src/cli/a.ts', "import { x } from '../http/contract.ts'"],
    ['src/app/a.ts', "import { x } from '../adapters/stripe/client.ts'"],
    ['src/domain/a.test.ts', "import { x } from '../../test/database.ts'"],
  ])('takes in %s: %s', (path, text) => {
    expect(said(findWrongImports, path, text)).toEqual([])
  })

  it('names the file, the import and the rule', () => {
    const text = "\nimport { x } from '../domain/money.ts'"
    expect(said(findWrongImports, 'src/sandbox/a.ts', text)).toEqual([
      'src/sandbox/a.ts:2 imports ../domain/money.ts: sandbox may import sandbox',
    ])
  })
})

describe('purity of the domain', () => {
  it.each([
    'export async function f() {}',
    'export const f = async () => 1',
    'const x = await y',
    'const x = new Date()',
    'const x = Date()',
    'const x = Date.now()',
    'const x = Math.random()',
    "const x = process.env['A']",
    "const x = fetch('a')",
    'setTimeout(() => 1, 2)',
  ])('refuses %s', text => {
    expect(said(findImpurities, 'src/domain/a.ts', text).length).toBeGreaterThan(0)
    expect(said(findImpurities, 'src/workflows/a.ts', text)).toEqual([])
  })

  it.each(['const x = new Date(0)', 'const x = y.process', 'const x = { fetch: 1 }'])(
    'takes %s',
    text => {
      expect(said(findImpurities, 'src/domain/a.ts', text)).toEqual([])
    },
  )
})

describe('the clock and the dice of the database', () => {
  it.each([
    'const x = sql`select now()`',
    "const x = 'insert into a values (gen_random_uuid())'",
    'const x = sql`update a set b = ${c}, at = CURRENT_TIMESTAMP`',
    'const x = sql`select random()`',
    'const x = sql`select clock_timestamp()`',
    "const x = eb.fn('now')",
  ])('refuses %s', text => {
    expect(said(findSqlClocks, 'src/store/a.ts', text)).toHaveLength(1)
    expect(said(findSqlClocks, 'src/database/migrations/a.ts', text)).toHaveLength(1)
  })

  it('takes a clock that is passed, and comments', () => {
    expect(said(findSqlClocks, 'src/store/a.ts', '// not now()\nconst at = clock.now()')).toEqual(
      [],
    )
  })
})

describe('length', () => {
  const many = (lines: number) => Array.from({ length: lines }, (_, n) => `  f(${n})`).join('\n')

  it('refuses a file of 401 lines and a function of 71', () => {
    expect(said(findLongCode, 'src/a.ts', `${many(401)}\n`)).toHaveLength(1)
    expect(said(findLongCode, 'src/a.ts', `function g() {\n${many(69)}\n}\n`)).toEqual([
      'src/a.ts:1 g has 71 lines, more than 70: name its parts',
    ])
    expect(said(findLongCode, 'src/a.ts', `const g = () => {\n${many(69)}\n}`)).toHaveLength(1)
  })

  it('takes 400 and 70 lines, and long functions in tests', () => {
    expect(said(findLongCode, 'src/a.ts', `${many(400)}\n`)).toEqual([])
    expect(said(findLongCode, 'src/a.ts', `function g() {\n${many(68)}\n}\n`)).toEqual([])
    const long = `function g() {\n${many(69)}\n}\n`
    expect(said(findLongCode, 'src/a.test.ts', long)).toEqual([])
    expect(said(findLongCode, 'test/workflows/a.ts', long)).toEqual([])
  })

  it('counts what a function does itself, and refuses a class in disguise', () => {
    const inner = (name: string) => `  function ${name}() {\n${many(48)}\n  }`
    const factory = (...names: string[]) => `function g() {\n${names.map(inner).join('\n')}\n}\n`
    expect(said(findLongCode, 'src/a.ts', factory('a', 'b'))).toEqual([])
    expect(said(findLongCode, 'src/a.ts', factory('a', 'b', 'c'))).toHaveLength(1)
  })

  it('knows the middle', () => {
    const sources = ['', 'a\n', 'a\nb\nc\n'].map(text => parseSource('src/a.ts', text))
    expect(medianLength(sources)).toBe(1)
  })
})

describe('names', () => {
  it.each([
    'utils',
    'helpers',
    'index',
    'types',
    'payment_plan',
    'manager',
    'handler',
    'orderPlan',
  ])('refuses a file called %s.ts', name => {
    expect(findEmptyFileName(`src/domain/${name}.ts`)).toHaveLength(1)
  })

  it('takes a file that is named after what is inside', () => {
    expect(findEmptyFileName('src/workflows/split-payments.test.ts')).toEqual([])
  })

  it.each([
    'const orderData = 1',
    'function handleWebhook() {}',
    'class OrderManager {}',
    'const f = (item: string) => item',
    'type ShopInfo = string',
    'interface A { readonly transaction: string }',
    'const [data] = x',
    'const { a: items } = x',
    "import { a as util } from 'a'",
    'const process_orders = 1',
  ])('refuses %s', text => {
    expect(said(findBannedNames, 'src/workflows/a.ts', text)).toHaveLength(1)
  })

  it.each([
    'const { data } = answer',
    'const x = answer.data',
    'process.exit(1)',
    'const metadata = 1',
    'const information = { data: 1 }',
    'function inTransaction() {}',
  ])('takes %s', text => {
    expect(said(findBannedNames, 'src/workflows/a.ts', text)).toEqual([])
  })

  it('leaves the fields of the outside APIs alone', () => {
    const text = 'interface List { data: string[] }'
    expect(said(findBannedNames, 'src/adapters/stripe/a.ts', text)).toEqual([])
    expect(said(findBannedNames, 'src/workflows/a.ts', text)).toHaveLength(1)
  })

  it('looks at the name of the file', () => {
    expect(said(findBannedNames, 'src/workflows/process-order.ts', '')).toHaveLength(1)
    expect(said(findBannedNames, 'src/workflows/process-vendors.ts', '')).toEqual([])
  })
})

describe('leftovers', () => {
  it.each([
    `// TO${'DO'} later`,
    `// FIX${'ME'}`,
    `read('/wor${'k'}/main')`,
    `read('../share${'d'}/x')`,
    `https://registry.npm${'js'}.org/x`,
    `  debug${'ger'}`,
    `it.onl${'y'}('x', f)`,
  ])('refuses %s', text => {
    expect(findLeftovers('src/a.ts', `x\n${text}\n`)).toMatchObject([{ line: 2 }])
  })

  it('takes ordinary text', () => {
    expect(findLeftovers('src/a.ts', 'it works in /workflows, on a todo list')).toEqual([])
  })
})

describe('links', () => {
  const links = '[a](../README.md) [b](#here) [c](https://example.com)\n[d](lost.md#x)'

  it('names a link that leads nowhere', () => {
    const found = findBrokenLinks('docs/a.md', links, path => path === 'README.md')
    expect(found.map(describeProblem)).toEqual(['docs/a.md:2 links to docs/lost.md: no such file'])
  })
})

describe('environment variables', () => {
  it('names one that no page explains', () => {
    const text = "const a = env['NEW_KEY']\nconst schema = { PORT: 1, OLD_KEY: 2, Other: 'GET' }"
    const source = parseSource('src/app/config.ts', text)
    const found = findUndocumentedVariables(source, '| `PORT` | and `OLD_KEY`')
    expect(found.map(describeProblem)).toEqual([
      'src/app/config.ts:1 reads NEW_KEY, which docs/configuration.md does not explain',
    ])
  })
})
