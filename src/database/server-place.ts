import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canTraverse, type ServiceUser } from './service-user.ts'

/** Where the files of one embedded server are. All paths are absolute and without symbolic links. */
export type ServerPlace = {
  home: string
  /** The cluster's folder (PGDATA); it does not exist before the first start. */
  cluster: string
  /** The folder of the unix socket: private to the account the server runs as. */
  socketFolder: string
  /** What the server says, appended to at every start. */
  log: string
  /** The folder that holds the cluster and the copied binaries: nearly always `home`. */
  root: string
}

// sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero byte.
const socketPathBytes = 103
const socketName = '/.s.PGSQL.5432.lock'

/**
 * Makes `home` and says where everything is.
 * As root the server runs under another account, and a home below a private folder (/root) cannot be
 * reached by it; its cluster then goes to /var/lib/tributary, and `<home>/postgres-root` says where.
 */
export function preparePlace(home: string, user: ServiceUser | undefined): ServerPlace {
  mkdirSync(home, { recursive: true, mode: user ? 0o711 : 0o700 })
  const real = realpathSync(home)
  const { uid, mode } = statSync(real)
  // The server's account has to walk through the home, not to list it.
  if (user && uid === 0) chmodSync(real, mode | 0o011)
  const root = user && !canTraverse(real, user) ? remoteRoot(real) : real
  const near = join(root, 'run')
  const socketFolder = fits(near) ? near : shortFolder(real)
  return {
    home: real,
    root,
    cluster: join(root, 'postgres'),
    socketFolder,
    log: join(real, 'postgres.log'),
  }
}

function fits(folder: string): boolean {
  return Buffer.byteLength(folder + socketName) <= socketPathBytes
}

function shortFolder(home: string): string {
  const name = `tributary-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`
  // Not TMPDIR first: two programs that share a home may have different ones.
  return join(existsSync('/tmp') ? '/tmp' : tmpdir(), name)
}

/**
 * Makes the socket's folder, private to the server's account. Others may write to the temporary
 * folder too: throws when what is there is not ours.
 */
export function makeSocketFolder(folder: string, user: ServiceUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid } = lstatSync(folder)
  const own = process.getuid?.()
  if (!lstatSync(folder).isDirectory() || (uid !== own && uid !== user?.uid)) {
    throw new Error(`${folder} belongs to somebody else: remove it, or set DATABASE_URL`)
  }
  chmodSync(folder, 0o700)
  if (user) chownSync(folder, user.uid, user.gid)
}

function remoteRoot(home: string): string {
  const note = join(home, 'postgres-root')
  if (!existsSync(note)) {
    writeFileSync(note, `/var/lib/tributary/${randomUUID()}\n`, { mode: 0o600 })
  }
  const root = readFileSync(note, 'utf8').trim()
  mkdirSync(root, { recursive: true, mode: 0o755 })
  return root
}
