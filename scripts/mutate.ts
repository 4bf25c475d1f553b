// npm run mutants [-- --only "text of a name"]: makes each defect of test/mutants/mutations.ts in a
// copy of the product and shows whether the tests and the simulation notice it.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Mutation, mutations } from '../test/mutants/mutations.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const root = join(import.meta.dirname, '..')
const copied = ['src', 'test', 'scripts', 'package.json', 'tsconfig.json', 'vitest.config.ts']

/** Was the defect noticed, and by whom. A program that could not even start noticed nothing. */
interface Verdict {
  readonly caught: boolean
  readonly by: string
}

function run(copy: string, args: readonly string[]): { ok: boolean; output: string } {
  const flags = ['--disable-warning=ExperimentalWarning', ...args]
  const ran = spawnSync(process.execPath, flags, { cwd: copy, encoding: 'utf8' })
  return { ok: ran.status === 0, output: `${ran.stdout}${ran.stderr}` }
}

const vitest = (copy: string, tests: readonly string[]) =>
  run(copy, ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--no-color', ...tests])

/** @throws when the text to replace is not there exactly once: the list is behind the product. */
function mutate(text: string, { name, file, from, to }: Mutation): string {
  const found = text.split(from).length - 1
  if (found !== 1) throw new Error(`${name}: its text is in ${file} ${found} times, not once`)
  return text.replace(from, () => to)
}

function judge(copy: string, { file, tests, seeds }: Mutation): Verdict {
  // A defect that is no program at all would fail everything, and prove nothing.
  const load = run(copy, ['-e', `import('./${file}')`])
  if (!load.ok) return { caught: false, by: `cannot be loaded: ${load.output.slice(0, 200)}` }
  for (const test of tests) {
    const { ok, output } = vitest(copy, [test])
    const failing = /FAIL {2}\S+ > (.*)/.exec(output)?.[1]
    if (!ok && failing !== undefined) return { caught: true, by: `${test}: ${failing}` }
  }
  if (seeds === undefined) return { caught: false, by: 'no test failed' }
  const which = `--seed ${seeds.first} --seeds ${seeds.count} --steps ${seeds.steps} --stop`
  const { ok, output } = run(copy, ['scripts/simulate.ts', ...which.split(' ')])
  const problem = /^ {2}! (.{0,90})/m.exec(output)?.[1] ?? ''
  const seed = /^seed (\d+) FAILED/m.exec(output)?.[1]
  const audited = seed !== undefined && !problem.startsWith('the program that played')
  if (!ok && audited) return { caught: true, by: `seed ${seed}: ${problem}` }
  return { caught: false, by: `${seeds.count} seeds held` }
}

const chosen = mutations.filter(each => each.name.includes(values.only))
const copy = mkdtempSync(join(tmpdir(), 'tributary-mutants-'))
let missed = 0
try {
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const named = [...new Set(chosen.flatMap(each => each.tests))]
  if (named.length > 0) {
    const sound = vitest(copy, named)
    if (!sound.ok) throw new Error(`the tests fail without any defect:\n${sound.output}`)
  }
  console.log('| defect | what it breaks | caught by |\n| --- | --- | --- |')
  for (const mutation of chosen) {
    const path = join(copy, mutation.file)
    const sound = readFileSync(path, 'utf8')
    writeFileSync(path, mutate(sound, mutation))
    const { caught, by } = judge(copy, mutation)
    writeFileSync(path, sound)
    if (!caught) missed += 1
    console.log(`| ${mutation.name} | ${mutation.breaks} | ${caught ? by : `NOT CAUGHT: ${by}`} |`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`\n${chosen.length - missed} of ${chosen.length} defects caught`)
process.exitCode = missed > 0 ? 1 : 0
