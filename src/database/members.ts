import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { lifeOf } from './liveness.ts'

/**
 * Writes down that this program uses the embedded server of `home`; returns the file that says so.
 * One program may join several times. Call it with the home's lock held.
 */
export function addMember(home: string): string {
  const folder = join(home, 'members')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${process.pid}.${randomUUID().slice(0, 8)}`)
  writeFileSync(file, lifeOf(process.pid) ?? '', { mode: 0o600 })
  return file
}

/** How many live members `home` has; the files of those that are gone (killed) are removed. */
export function countMembers(home: string): number {
  const folder = join(home, 'members')
  let living = 0
  for (const name of names(folder)) {
    const file = join(folder, name)
    if (readFileSync(file, 'utf8') === lifeOf(Number.parseInt(name, 10))) living += 1
    else rmSync(file, { force: true })
  }
  return living
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
