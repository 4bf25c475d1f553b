import { BackupRefused, backupEmbedded, restoreEmbedded } from '../database/backup.ts'
import { connect } from '../database/connection.ts'
import { migrate } from '../database/migrate.ts'
import { UsageError } from '../domain/errors.ts'
import { markRestored } from '../store/restores.ts'
import type { Config } from './config.ts'
import { systemClock } from './names.ts'
import { openRecords } from './records.ts'
import { version } from './version.ts'

/** What to do where the database is not ours to copy. */
const guide = `The database is the one that DATABASE_URL names: back it up with its own means.
  Back up:   pg_dump --format=custom --file=tributary.dump "$DATABASE_URL"   (or your provider's snapshots)
  Restore:   stop every server and worker of Tributary, then
             pg_restore --clean --if-exists --no-owner --dbname="$DATABASE_URL" tributary.dump
             tributary restore --mark <when the backup was taken, 2026-11-02T03:00:00Z>
The mark comes before anything is started: what moved since the backup is looked up before more moves.`

/** @throws UsageError when it cannot be done now; the message says what to do instead */
export async function takeBackup(
  config: Config,
  file: string,
): Promise<{ readonly bytes: number; readonly takenAt: Date }> {
  refuseForeign(config)
  const takenAt = systemClock.now()
  const { bytes } = await explained(() => backupEmbedded(config.home, file, { takenAt, version }))
  return { bytes, takenAt }
}

/** Replaces the embedded database by a backup of it. @throws UsageError as above */
export async function restoreBackup(config: Config, file: string) {
  refuseForeign(config)
  return explained(() => restoreEmbedded(config.home, file, mark))
}

/** Says that the database was restored by other means, from a backup of `takenAt`. */
export async function markAsRestored(config: Config, takenAt: Date): Promise<void> {
  const now = systemClock.now()
  if (takenAt > now)
    throw new UsageError('--mark', '--mark is later than now: write when the backup was taken')
  const records = await openRecords(config)
  try {
    await markRestored(records.database.queries, { from: takenAt, at: now })
  } finally {
    await records.close()
  }
}

async function mark(url: string, takenAt: Date): Promise<void> {
  const database = await connect(url, { poolSize: 2, applicationName: 'tributary restore' })
  try {
    await migrate(database)
    await markRestored(database.queries, { from: takenAt, at: systemClock.now() })
  } finally {
    await database.close()
  }
}

function refuseForeign({ databaseUrl }: Config): void {
  if (databaseUrl !== null) throw new UsageError('DATABASE_URL', guide)
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BackupRefused) throw new UsageError('file', error.message)
    throw error
  }
}
