import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { withHomeLock } from './home-lock.ts'
import { countMembers } from './members.ts'
import {
  adoptRestored,
  draftPlace,
  ensureServer,
  formerCluster,
  restoredCluster,
  serverUrl,
  stopServer,
} from './server.ts'
import { chownTree } from './server-binaries.ts'
import { preparePlace, type ServerPlace } from './server-place.ts'
import { serviceUser } from './service-user.ts'

/** A backup or a restore that must not be done as it was asked for; the message says why. */
export class BackupRefused extends Error {}

/** What a backup says about itself, in a file beside the cluster's own. */
interface Label {
  readonly form: 1
  readonly takenAt: string
  /** Version of Tributary. */
  readonly version: string
}

const labelName = 'tributary-backup.json'
const databaseName = 'tributary'

/**
 * Copies the cluster of the embedded server of `home` into one compressed file, while no program uses
 * it: the server is stopped cleanly first. The file appears under its name only when it is complete.
 * @throws BackupRefused when programs are attached, there is no database, or the file exists
 */
export async function backupEmbedded(
  home: string,
  file: string,
  label: { readonly takenAt: Date; readonly version: string },
): Promise<{ readonly bytes: number }> {
  const target = resolve(file)
  if (existsSync(target)) throw new BackupRefused(`${file} exists: a backup is never overwritten`)
  if (!existsSync(dirname(target))) throw new BackupRefused(`There is no folder ${dirname(target)}`)
  return withFreeHome(home, async (place, user) => {
    if (!existsSync(join(place.cluster, 'PG_VERSION')))
      throw new BackupRefused(`There is no database in ${place.home} yet`)
    // After a crash only a start repairs the files; a clean stop leaves nothing to be repaired.
    await ensureServer(place, user)
    await stopServer(place)
    const written: Label = { form: 1, takenAt: label.takenAt.toISOString(), version: label.version }
    writeFileSync(join(place.cluster, labelName), JSON.stringify(written), { mode: 0o600 })
    return { bytes: pack(place.cluster, target) }
  })
}

/** What a restore did. */
export interface Restored {
  readonly takenAt: Date
  /** The folder that keeps the cluster as it was; null: there was none. */
  readonly former: string | null
}

/**
 * Puts the backup in `file` in place of the cluster of `home`, which is kept beside it. `mark` is run
 * on the restored database before it is put in place: no program ever opens it without the mark. A
 * restore that is killed has either not happened, or is ended by the next start.
 * @throws BackupRefused when programs are attached, or the file is no backup
 */
export async function restoreEmbedded(
  home: string,
  file: string,
  mark: (url: string, takenAt: Date) => Promise<void>,
): Promise<Restored> {
  const source = resolve(file)
  if (!existsSync(source)) throw new BackupRefused(`There is no file ${file}`)
  return withFreeHome(home, async (place, user) => {
    await adoptRestored(place)
    await stopServer(place)
    const draft = draftPlace(place)
    unpack(source, draft.cluster)
    const takenAt = takenAtOf(draft.cluster, file)
    if (user) chownTree(draft.cluster, user)
    await ensureServer(draft, user)
    try {
      await mark(serverUrl(draft, databaseName), takenAt)
    } finally {
      await stopServer(draft)
    }
    flushTree(draft.cluster)
    const former = existsSync(place.cluster) ? formerCluster(place) : null
    renameSync(draft.cluster, restoredCluster(place))
    await adoptRestored(place)
    flush(dirname(place.cluster))
    return { takenAt, former }
  })
}

async function withFreeHome<T>(
  home: string,
  work: (place: ServerPlace, user: ReturnType<typeof serviceUser>) => Promise<T>,
): Promise<T> {
  const user = serviceUser()
  const place = preparePlace(resolve(home), user)
  return withHomeLock(place.home, async () => {
    const members = countMembers(place.home)
    if (members > 0) {
      const programs = members === 1 ? 'One program uses' : `${members} programs use`
      throw new BackupRefused(`${programs} the database of ${place.home}: stop them first`)
    }
    return work(place, user)
  })
}

function pack(cluster: string, target: string): number {
  const draft = `${target}.partial`
  const out = openSync(draft, 'w', 0o600)
  try {
    tar(['-czf', '-', '-C', dirname(cluster), basename(cluster)], out)
    fsyncSync(out)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    closeSync(out)
  }
  renameSync(draft, target)
  flush(dirname(target))
  return statSync(target).size
}

function unpack(source: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  tar(['-xzf', source, '-C', folder, '--strip-components=1', '--no-same-owner'], 'ignore')
}

function tar(args: readonly string[], out: number | 'ignore'): void {
  const done = spawnSync('tar', args, { stdio: ['ignore', out, 'pipe'] })
  if (done.status === 0) return
  const said = done.stderr?.toString().trim() ?? ''
  throw new BackupRefused(`tar could not do it: ${done.error?.message ?? said}`)
}

function takenAtOf(cluster: string, file: string): Date {
  try {
    const label = JSON.parse(readFileSync(join(cluster, labelName), 'utf8')) as Partial<Label>
    const takenAt = new Date(label.takenAt ?? '')
    if (label.form === 1 && !Number.isNaN(takenAt.getTime())) return takenAt
  } catch {
    // Said below.
  }
  throw new BackupRefused(`${file} is not a backup of Tributary, or of a newer version`)
}

function flushTree(folder: string): void {
  for (const each of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    flush(join(folder, each))
  }
  flush(folder)
}

function flush(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
