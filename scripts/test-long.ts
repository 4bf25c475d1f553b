// npm run test:long: what takes minutes: the tests of test/long (crashes, load), the defects made on
// purpose and two thousand seeds of the simulation. With arguments: the tests of test/long alone.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { closingLine, noTests, runVitest } from './run-vitest.ts'

const root = join(import.meta.dirname, '..')
const config = join('test', 'long', 'vitest.config.ts')
const rest = process.argv.slice(2)

function passes(script: string, ...args: readonly string[]): boolean {
  const flags = ['--disable-warning=ExperimentalWarning', join(root, 'scripts', script), ...args]
  return spawnSync(process.execPath, flags, { cwd: root, stdio: 'inherit' }).status === 0
}

const hasTests = existsSync(join(root, config))
const counts = hasTests ? await runVitest(['--config', config, ...rest]) : noTests
const plays = rest.length === 0
const caught = !plays || passes('mutate.ts')
const held = !plays || passes('simulate.ts', '--seeds', '2000')
console.log(closingLine([counts]))
process.exitCode = counts.ok && caught && held ? 0 : 1
