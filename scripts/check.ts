// npm run check: everything about the code that can be judged without running it.
// npm run check -- --write: first mends the format and the docs that are written from the code.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { writeDocs } from './generated-docs.ts'

const root = join(import.meta.dirname, '..')

type Step = {
  name: string
  /** A program of node_modules/.bin and its arguments. */
  command: readonly [string, ...string[]]
  /** A file without which the step makes no sense. */
  needs?: string
}
type Finding = { name: string; seconds: number; output: string; failed: boolean }

// Two lanes, for a machine with two cores: each has one slow step (types, lint) and a quick one.
const lanes: readonly (readonly Step[])[] = [
  [
    { name: 'types (tsc)', command: ['tsc', '-p', '.', '--pretty', 'false'] },
    {
      name: 'format (prettier)',
      command: ['prettier', '--check', '--no-color', '--log-level=warn', '.'],
    },
  ],
  [
    { name: 'lint (oxlint)', command: ['oxlint', '--type-aware', '--deny-warnings'] },
    // Without the program's entry everything would count as unused.
    {
      name: 'unused code (knip)',
      command: ['knip', '--no-progress', '--no-config-hints'],
      needs: 'src/cli/main.ts',
    },
  ],
]

/** Runs a program of node_modules/.bin; never throws for a program that fails. */
async function run({ name, command }: Step): Promise<Finding> {
  const [program, ...rest] = command
  const started = performance.now()
  const path = join(root, 'node_modules', '.bin', program)
  const child = spawn(path, rest, { cwd: root, env: environment() })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number>(resolve => {
    child.on('error', error => {
      chunks.push(Buffer.from(`${error.message}\n`))
      resolve(1)
    })
    child.on('close', status => resolve(status ?? 1))
  })
  const seconds = (performance.now() - started) / 1000
  return { name, seconds, output: Buffer.concat(chunks).toString().trim(), failed: code !== 0 }
}

/** The programs begin with `#!/usr/bin/env node`: let that be this Node, not an older one. */
function environment(): NodeJS.ProcessEnv {
  const bin = join(process.execPath, '..')
  return { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1' }
}

async function runLane(steps: readonly Step[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const step of steps) {
    if (step.needs !== undefined && !existsSync(join(root, step.needs))) {
      console.log(`check: ${step.name.padEnd(20)} not run: there is no ${step.needs}`)
      continue
    }
    const finding = await run(step)
    const verdict = finding.failed ? 'FAILED' : 'ok'
    console.log(`check: ${finding.name.padEnd(20)} ${finding.seconds.toFixed(1)} s  ${verdict}`)
    findings.push(finding)
  }
  return findings
}

async function mend(): Promise<void> {
  const written = await writeDocs()
  for (const path of written) console.log(`check: wrote ${path}`)
  const formatted = await run({
    name: 'format',
    command: ['prettier', '--write', '--log-level=warn', '.'],
  })
  if (formatted.output !== '') console.log(formatted.output)
}

const unknown = process.argv.slice(2).filter(argument => argument !== '--write')
if (unknown.length > 0) {
  console.error(`check: unknown argument ${unknown.join(' ')}; it takes --write and nothing else`)
  process.exit(2)
}
if (process.argv.includes('--write')) await mend()
const failed = (await Promise.all(lanes.map(runLane))).flat().filter(finding => finding.failed)
for (const { name, output } of failed) console.error(`\n--- ${name} ---\n${output}`)
if (failed.length > 0) {
  console.error(`\ncheck: failed: ${failed.map(({ name }) => name).join(', ')}`)
  process.exitCode = 1
} else {
  console.log('check: all good')
}
