// Starts a TypeScript file on the Node that npm installed (24), whatever Node runs this line.
// Plain JavaScript without dependencies: it must work before `npm ci` has run, on Node 20.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')

/** Installs dependencies when they are missing or the lockfile changed since the last install here. */
function installMissing() {
  const stamp = join(modules, '.tributary-install')
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const complete = existsSync(join(modules, 'node', 'bin', 'node'))
  if (complete && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  if (complete && !existsSync(stamp)) {
    // Installed by hand with `npm ci` or `npm install`: believe it.
    writeFileSync(stamp, lock)
    return
  }
  process.stderr.write('Installing dependencies (npm ci) ...\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  // stdout belongs to the command that was asked for (one JSON document with --json).
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0) {
    process.stderr.write('npm ci failed: dependencies could not be installed.\n')
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}

installMissing()
const asCli = !process.argv[1]?.endsWith('start.mjs')
const [script, ...rest] = asCli
  ? ['src/cli/main.ts', ...process.argv.slice(2)]
  : process.argv.slice(2)
const node = join(modules, 'node', 'bin', 'node')
const flags = [
  '--disable-warning=ExperimentalWarning',
  // Left alone, V8 lets garbage pile up to four times of what is alive: a program that needs 30 MiB
  // of heap holds 150 (docs/benchmarks.md).
  '--max-semi-space-size=16',
  '--heap-growing-percent=30',
]
const child = spawn(node, [...flags, join(root, script), ...rest], {
  stdio: 'inherit',
})
// The terminal sends Ctrl-C to the whole group; the child decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal)
  })
}
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
