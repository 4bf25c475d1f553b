import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { commandLineOf, lifeOf } from './liveness.ts'
import { asUser, chownTree, serverBinaries } from './server-binaries.ts'
import { makeSocketFolder, type ServerPlace } from './server-place.ts'
import { accessRules, serverSettings } from './server-settings.ts'
import type { ServiceUser } from './service-user.ts'

/** Crash recovery replays at most `max_wal_size` of log: a minute is plenty. */
const startSeconds = 60
const stopSeconds = 30
const logBytes = 10 * 1024 * 1024

/** The address of one database of the server, for `pg` and for psql. */
export function serverUrl(place: ServerPlace, database: string): string {
  // The host of the URL is a placeholder (it must have one); sslmode overrides PGSSLMODE.
  return `postgres://postgres@localhost:5432/${database}?host=${encodeURIComponent(place.socketFolder)}&sslmode=disable`
}

/**
 * Makes sure that the server of `place` runs and answers: attaches to a live one, else makes the
 * cluster if there is none and starts it. Call it with the home's lock held.
 */
export async function ensureServer(place: ServerPlace, user: ServiceUser | undefined) {
  const deadline = Date.now() + startSeconds * 1000
  if (postmasterOf(place) !== undefined && (await answers(place, deadline))) return
  await adoptRestored(place)
  const binaries = serverBinaries(place.root, user)
  if (!existsSync(join(place.cluster, 'PG_VERSION'))) createCluster(place, user, binaries.initdb)
  makeSocketFolder(place.socketFolder, user)
  configure(place, user)
  rotateLog(place.log)
  while (!(await startOnce(place, user, binaries.postgres, deadline))) await pause(250)
}

/**
 * Asks the server to stop (open connections are closed, nothing committed is lost) and waits.
 * Call it with the home's lock held. A server that does not run is fine.
 */
export async function stopServer(place: ServerPlace): Promise<void> {
  const deadline = Date.now() + stopSeconds * 1000
  signalServer(place)
  while (postmasterOf(place) !== undefined) {
    if (Date.now() > deadline)
      throw new Error(`The embedded PostgreSQL did not stop; see ${place.log}`)
    await pause(20)
  }
  rmSync(place.socketFolder, { recursive: true, force: true })
}

/** Sends the fast-shutdown signal (SIGINT) and does not wait. */
export function signalServer(place: ServerPlace): void {
  const pid = postmasterOf(place)
  if (pid !== undefined) process.kill(pid, 'SIGINT')
}

/** The pid of the live server of `place`. */
export function postmasterOf(place: ServerPlace): number | undefined {
  const pid = Number.parseInt(readText(join(place.cluster, 'postmaster.pid')), 10)
  if (!Number.isInteger(pid) || lifeOf(pid) === undefined) return undefined
  // After a restart of the machine or the container the pid may belong to anybody.
  return commandLineOf(pid)?.includes(place.cluster) === true ? pid : undefined
}

/** Where a restore prepares its cluster; a server of it that still runs was left by a killed one. */
export function draftPlace(place: ServerPlace): ServerPlace {
  return { ...place, cluster: `${place.cluster}.restoring` }
}

/** Where a restore leaves its cluster when it is complete: from then on it is the one that counts. */
export function restoredCluster(place: ServerPlace): string {
  return `${place.cluster}.restored`
}

/**
 * Puts a restored cluster in its place and keeps the former one beside it. Every start ends what a
 * restore that was killed between the two renames has left. Call it with no server running.
 */
export async function adoptRestored(place: ServerPlace): Promise<void> {
  if (existsSync(join(draftPlace(place).cluster, 'postmaster.pid')))
    await stopServer(draftPlace(place))
  const restored = restoredCluster(place)
  if (!existsSync(restored)) return
  if (existsSync(place.cluster)) renameSync(place.cluster, formerCluster(place))
  renameSync(restored, place.cluster)
}

/** A free name for the cluster that a restore replaces. */
export function formerCluster(place: ServerPlace): string {
  for (let number = 1; ; number += 1) {
    const name = `${place.cluster}.before-restore-${number}`
    if (!existsSync(name)) return name
  }
}

function createCluster(place: ServerPlace, user: ServiceUser | undefined, initdb: string): void {
  const draft = `${place.cluster}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  if (user) chownTree(draft, user)
  const done = spawnSync(
    initdb,
    ['-D', draft, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-instructions']
      // The built-in locale sorts the same on every machine.
      .concat('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'),
    asUser(user),
  )
  if (done.status !== 0) {
    const output = `${done.stdout?.toString() ?? ''}${done.stderr?.toString() ?? ''}`
    writeFileSync(place.log, output, { flag: 'a', mode: 0o600 })
    throw failure(place, output || (done.error?.message ?? 'initdb failed'))
  }
  // A folder with the final name is a complete cluster: an interrupted initdb leaves only a draft.
  rmSync(place.cluster, { recursive: true, force: true })
  renameSync(draft, place.cluster)
}

function configure(place: ServerPlace, user: ServiceUser | undefined): void {
  for (const [name, text] of [
    ['postgresql.conf', serverSettings(place.socketFolder)],
    ['pg_hba.conf', accessRules],
  ] as const) {
    const file = join(place.cluster, name)
    writeFileSync(file, text, { mode: 0o600 })
    if (user) chownSync(file, user.uid, user.gid)
  }
  // The server refuses to start when the pid in this file lives, whoever that is by now.
  if (postmasterOf(place) === undefined)
    rmSync(join(place.cluster, 'postmaster.pid'), { force: true })
}

/** True when the server answers; false when a start is worth another try. */
async function startOnce(
  place: ServerPlace,
  user: ServiceUser | undefined,
  postgres: string,
  deadline: number,
): Promise<boolean> {
  const log = openSync(place.log, 'a', 0o600)
  const before = statSync(place.log).size
  // Detached: a session of its own, so that neither Ctrl-C nor the end of this program reaches it.
  const child = spawn(postgres, ['-D', place.cluster], {
    ...asUser(user),
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let failed: string | undefined
  child.once('error', error => (failed = error.message))
  child.once('exit', code => (failed ??= `it ended with code ${code}`))
  if (await answers(place, deadline, () => failed !== undefined)) return true
  const said = readText(place.log).slice(before)
  // Backends of a killed postmaster hold its shared memory until they notice.
  if (said.includes('shared memory block') && Date.now() < deadline) return false
  throw failure(place, said.trim() === '' ? (failed ?? 'no answer') : said)
}

/** Whether the server accepts connections before `deadline`; ends early when `given up` says so. */
async function answers(place: ServerPlace, deadline: number, givenUp = () => !postmasterOf(place)) {
  while (Date.now() < deadline) {
    const client = new pg.Client({ connectionString: serverUrl(place, 'postgres') })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return true
    } catch {
      await client.end().catch(() => undefined)
    }
    if (givenUp()) return false
    await pause(20)
  }
  return false
}

function failure(place: ServerPlace, output: string): Error {
  const lines = output.trim().split('\n')
  // Our own knocking is answered with FATAL too, while the server is starting up.
  const telling =
    lines.find(line => /(FATAL|PANIC|error):/.test(line) && !line.includes('is starting up')) ??
    lines.at(-1) ??
    ''
  const why = telling.replace(/^.*?(FATAL|PANIC|error):\s*/, '')
  return new Error(`The embedded PostgreSQL did not start: ${why} (see ${place.log})`)
}

function rotateLog(log: string): void {
  mkdirSync(dirname(log), { recursive: true })
  if (existsSync(log) && statSync(log).size > logBytes) renameSync(log, `${log}.1`)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
