import { resolve } from 'node:path'
import { rmSync } from 'node:fs'
import pg from 'pg'
import { tryHomeLock, withHomeLock } from './home-lock.ts'
import { addMember, countMembers } from './members.ts'
import { keepAlive } from './revival.ts'
import { ensureServer, serverUrl, signalServer, stopServer } from './server.ts'
import { preparePlace, type ServerPlace } from './server-place.ts'
import { serviceUser } from './service-user.ts'

/** One program's share of the embedded server. */
export type EmbeddedServer = {
  /** Address of the database `tributary`, over a unix socket. */
  connectionString: string
  /** Gives the share back; the last one that leaves stops the server. May be called twice. */
  leave(): Promise<void>
}

const databaseName = 'tributary'

/**
 * Opens the PostgreSQL server that Tributary runs by itself, with its cluster in `<home>/postgres`.
 * Programs that name the same home share one server: the first starts it, later ones attach, the
 * last to leave stops it. It outlives a program that is killed, and the next one finds it again.
 * Throws one line that names the log (`<home>/postgres.log`) when the server does not start.
 */
export async function openEmbedded(home: string): Promise<EmbeddedServer> {
  if (process.platform === 'win32') {
    throw new Error('The embedded PostgreSQL does not run on Windows: set DATABASE_URL')
  }
  const user = serviceUser()
  const place = preparePlace(resolve(home), user)
  const member = await withHomeLock(place.home, async () => {
    const file = addMember(place.home)
    try {
      await ensureServer(place, user)
      await ensureDatabase(serverUrl(place, 'postgres'))
      return file
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
  })
  const revival = keepAlive(place, user)
  const leaveNow = () => leaveAtExit(place, member)
  process.once('exit', leaveNow)
  let left: Promise<void> | undefined
  return {
    connectionString: serverUrl(place, databaseName),
    leave: () => {
      process.off('exit', leaveNow)
      // First the watch: the last one to leave stops the server, and it must stay stopped.
      left ??= revival.end().then(() => leave(place, member))
      return left
    },
  }
}

async function leave(place: ServerPlace, member: string): Promise<void> {
  await withHomeLock(place.home, async () => {
    rmSync(member, { force: true })
    if (countMembers(place.home) === 0) await stopServer(place)
  })
}

/** process.exit() without leave(): nothing can be awaited any more, so the last one only signals. */
function leaveAtExit(place: ServerPlace, member: string): void {
  const release = tryHomeLock(place.home)
  rmSync(member, { force: true })
  // Somebody else holds the lock: they are joining, or leaving and will find no other member.
  if (release === undefined) return
  if (countMembers(place.home) === 0) signalServer(place)
  release()
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [databaseName])
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`)
  } finally {
    await client.end()
  }
}
