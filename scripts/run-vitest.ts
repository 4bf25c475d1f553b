import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Counts of one run of vitest; `ok` is false also when it ended badly without a failed test. */
export type TestCounts = { passed: number; failed: number; skipped: number; ok: boolean }

export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0, ok: true }

/**
 * Runs vitest once with its usual output and counts the tests. `rest` are arguments of vitest: file
 * filters, `-t`, `--config`. Runs on the Node that runs this, whatever the PATH says.
 */
export async function runVitest(rest: readonly string[]): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-counts-'))
  const report = join(folder, 'report.json')
  try {
    const child = spawn(
      process.execPath,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...rest,
      ],
      { cwd: root, stdio: 'inherit' },
    )
    const code = await new Promise<number>(resolve => {
      child.on('error', () => resolve(1))
      child.on('close', status => resolve(status ?? 1))
    })
    return readCounts(report, code === 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readCounts(report: string, ended: boolean): TestCounts {
  // No report: vitest itself failed (a broken configuration, a filter that matches no file).
  if (!existsSync(report)) return { ...noTests, ok: false }
  const counts: unknown = JSON.parse(readFileSync(report, 'utf8'))
  return {
    passed: count(counts, 'numPassedTests'),
    failed: count(counts, 'numFailedTests') + countBrokenFiles(counts),
    skipped: count(counts, 'numPendingTests') + count(counts, 'numTodoTests'),
    ok: ended,
  }
}

/** Files that failed before their first test: no test of theirs was counted. */
function countBrokenFiles(counts: unknown): number {
  const files: unknown = entryOf(counts, 'testResults')
  if (!Array.isArray(files)) return 0
  return files.filter((file: unknown) => {
    const tests: unknown = entryOf(file, 'assertionResults')
    return entryOf(file, 'status') === 'failed' && Array.isArray(tests) && tests.length === 0
  }).length
}

function count(counts: unknown, key: string): number {
  return Number(entryOf(counts, key) ?? 0)
}

function entryOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([name]) => name === key)?.[1]
}

/** The closing line that tools read: `tests: 12 passed, 0 failed, 1 skipped`. */
export function closingLine(runs: readonly TestCounts[]): string {
  const sum = (pick: (counts: TestCounts) => number) =>
    runs.reduce((total, counts) => total + pick(counts), 0)
  const passed = sum(each => each.passed)
  const failed = sum(each => each.failed)
  return `tests: ${passed} passed, ${failed} failed, ${sum(each => each.skipped)} skipped`
}
