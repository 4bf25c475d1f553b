// npm run test:long: the tests of test/long, which take minutes (simulations, crashes, load).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { closingLine, runVitest } from './run-vitest.ts'

const config = join('test', 'long', 'vitest.config.ts')

if (existsSync(join(import.meta.dirname, '..', config))) {
  const counts = await runVitest(['--config', config, ...process.argv.slice(2)])
  console.log(closingLine([counts]))
  process.exitCode = counts.ok ? 0 : 1
} else {
  console.log('There are no long tests yet (test/long).')
}
