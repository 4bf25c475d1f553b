import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Names one life of a pid, so that a pid that was given to somebody else is not mistaken for the one
 * that was written down. Undefined when nobody lives under that pid (a zombie does not).
 */
export function lifeOf(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined
  return process.platform === 'linux' ? linuxLife(pid) : ps(pid, 'lstart=')
}

/** The command line that `pid` was started with, or undefined when it cannot be read. */
export function commandLineOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'command=')
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ')
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: somebody lives there, under another account.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function linuxLife(pid: number): string | undefined {
  // proc(5): the command in parentheses may hold spaces, so fields are counted after the last ')'.
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  if (state === 'Z' || state === 'X') return undefined
  // Field 22 (start time) counts ticks since boot: it says nothing without the boot it belongs to.
  return `${fields[19]} ${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}`
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim()
    return line === '' ? undefined : line
  } catch {
    return undefined
  }
}
