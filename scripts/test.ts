// npm test: the checks, then every test. npm test -- <filter or vitest options>: those tests alone.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { closingLine, noTests, runVitest } from './run-vitest.ts'

const root = join(import.meta.dirname, '..')
const rest = process.argv.slice(2)

/** Runs scripts/check.ts unless single tests were asked for. */
function checkAll(): boolean {
  if (rest.length > 0) return true
  const path = join(root, 'scripts', 'check.ts')
  return spawnSync(process.execPath, [path], { cwd: root, stdio: 'inherit' }).status === 0
}

/** Why the tests in a browser do not run; undefined when they do. */
function browserObstacle(): string | undefined {
  if (findBrowser() !== undefined) return undefined
  return 'no chromium (apt-get install chromium, or name one in CHROMIUM_PATH)'
}

function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  return folders
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(path => existsSync(path))
}

async function runBrowserTests() {
  const config = join('test', 'browser', 'vitest.config.ts')
  if (rest.length > 0 || !existsSync(join(root, config))) return noTests
  const obstacle = browserObstacle()
  if (obstacle === undefined) return runVitest(['--config', config])
  skipped.push(`test/browser: ${obstacle}`)
  return noTests
}

const skipped: string[] = []
if (existsSync(join(root, 'test', 'long')) && rest.length === 0) {
  skipped.push('test/long: takes long; run npm run test:long')
}
if ((process.env['DATABASE_URL'] ?? '') === '') {
  skipped.push(
    'a PostgreSQL of your own: DATABASE_URL is not set, the tests use the embedded server',
  )
}

const started = performance.now()
const checked = checkAll()
const runs = [await runVitest(rest), await runBrowserTests()]
for (const each of skipped) console.log(`not run: ${each}`)
if (!checked) console.log('check: FAILED, see above')
const ok = checked && runs.every(counts => counts.ok)
console.log(`${ok ? 'passed' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(0)} s`)
console.log(closingLine(runs))
process.exitCode = ok ? 0 : 1
