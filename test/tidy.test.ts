import { describe, expect, it } from 'vitest'
import { findStaleDocs } from '../scripts/generated-docs.ts'
import { findBrokenLinks } from './tidy/broken-links.ts'
import { findUndocumentedVariables } from './tidy/documented-variables.ts'
import { findImpurities } from './tidy/domain-purity.ts'
import { findEmptyFileName, findLongCode, medianLength } from './tidy/file-size.ts'
import { findWrongImports } from './tidy/import-direction.ts'
import { findLeftovers } from './tidy/leftovers.ts'
import { findBannedNames } from './tidy/naming.ts'
import { describeProblem, type Problem } from './tidy/problem.ts'
import { isTest, isThere, listFiles, readSources, readText } from './tidy/source.ts'
import { findSqlClocks } from './tidy/sql-clock.ts'

const product = readSources(['src'])
const code = [...product, ...readSources(['test', 'scripts', 'bench', 'examples', 'dashboard'])]
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'package.json']
const folders = ['src', 'test', 'scripts', 'bench', 'examples', 'dashboard', 'docs', 'bin', '.ci']
const endings = ['.ts', '.tsx', '.mjs', '.md', '.json', '.css', '.html', '/run']
const texts = [...pages, ...folders.flatMap(folder => listFiles(folder, endings))]

describe('the house is tidy', () => {
  it('imports go one way', () => {
    expectNone(product.flatMap(findWrongImports))
  })

  it('the domain is pure', () => {
    expectNone(product.flatMap(findImpurities))
  })

  it("our SQL reads neither the database's clock nor its dice", () => {
    expectNone(product.flatMap(findSqlClocks))
  })

  it('files and functions can be read in one go', () => {
    expectNone(code.flatMap(findLongCode))
    const median = medianLength(product.filter(({ path }) => !isTest(path)))
    expect(median, `median length of the files of src: ${median} lines`).toBeLessThanOrEqual(130)
  })

  it('files are named after what is inside', () => {
    expectNone(code.flatMap(({ path }) => findEmptyFileName(path)))
  })

  it('no name of ours has a word that says nothing', () => {
    expectNone(code.flatMap(findBannedNames))
  })

  it('nothing was left behind', () => {
    expectNone(texts.flatMap(path => findLeftovers(path, readText(path))))
  })

  it('links of the pages lead somewhere', () => {
    const markdown = texts.filter(path => path.endsWith('.md'))
    expectNone(markdown.flatMap(path => findBrokenLinks(path, readText(path), isThere)))
  })

  it('every environment variable is explained', () => {
    const page = readText('docs/configuration.md')
    expectNone(product.flatMap(source => findUndocumentedVariables(source, page)))
  })

  it('docs that are written from the code are up to date', async () => {
    expect(await findStaleDocs(), 'mended by npm run check -- --write').toEqual([])
  })
})

function expectNone(problems: readonly Problem[]): void {
  expect(problems.map(describeProblem)).toEqual([])
}
