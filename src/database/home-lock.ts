import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { lifeOf } from './liveness.ts'

/** Longer than a start with crash recovery takes, so that nobody gives up on a slow neighbour. */
const patienceSeconds = 120
/** A guard is held for microseconds; one that is older belonged to somebody who was killed. */
const guardSeconds = 10

/**
 * Runs `work` while no other program on this machine is inside `withHomeLock` for the same home.
 * A lock whose holder is gone is taken over. Throws when a live holder keeps it for two minutes.
 */
export async function withHomeLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceSeconds * 1000
  let release = tryHomeLock(home)
  while (release === undefined) {
    if (Date.now() > deadline) {
      throw new Error(`${join(home, 'lock')} is held by pid ${holderOf(home)?.pid ?? 'unknown'}`)
    }
    await pause(25)
    release = tryHomeLock(home)
  }
  try {
    return await work()
  } finally {
    release()
  }
}

/** Takes the lock of `home` if it is free (or its holder is gone): the function to give it back. */
export function tryHomeLock(home: string): (() => void) | undefined {
  const lock = join(home, 'lock')
  const claim = join(home, `lock.${randomUUID()}`)
  // link() is atomic and fails when the name exists: nobody ever sees a lock without its holder.
  writeFileSync(claim, `${process.pid}\n${lifeOf(process.pid) ?? ''}\n`, { mode: 0o600 })
  try {
    linkSync(claim, lock)
    return () => {
      rmSync(lock, { force: true })
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    removeStaleLock(home)
    return undefined
  } finally {
    unlinkSync(claim)
  }
}

function holderOf(home: string): { pid: number; alive: boolean } | undefined {
  try {
    const [pid, life] = readFileSync(join(home, 'lock'), 'utf8').split('\n')
    return { pid: Number(pid), alive: lifeOf(Number(pid)) === life }
  } catch {
    return undefined
  }
}

/**
 * The guard folder keeps two programs that both saw a stale lock from removing one after the other:
 * the second would remove the lock that the first has just taken.
 */
function removeStaleLock(home: string): void {
  if (holderOf(home)?.alive !== false) return
  const guard = join(home, 'lock.guard')
  try {
    mkdirSync(guard)
  } catch {
    removeStaleGuard(guard)
    return
  }
  try {
    if (holderOf(home)?.alive === false) rmSync(join(home, 'lock'), { force: true })
  } finally {
    rmdirSync(guard)
  }
}

function removeStaleGuard(guard: string): void {
  try {
    if (Date.now() - statSync(guard).mtimeMs > guardSeconds * 1000) rmdirSync(guard)
  } catch {
    // Its owner has finished meanwhile.
  }
}
