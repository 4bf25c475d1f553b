import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The account that the embedded server runs as. */
export type ServiceUser = { uid: number; gid: number }

// PostgreSQL refuses to run as root. 65534 is `nobody` on every common Linux.
const nobody: ServiceUser = { uid: 65534, gid: 65534 }

/**
 * The account to switch to before a server binary is started, or undefined when the current account
 * can run it (anybody but root). As root: the `postgres` account if there is one, else `nobody`.
 */
export function serviceUser(passwdFile = '/etc/passwd'): ServiceUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  let passwd = ''
  try {
    passwd = readFileSync(passwdFile, 'utf8')
  } catch {
    return nobody
  }
  const fields = passwd
    .split('\n')
    .map(line => line.split(':'))
    .find(line => line[0] === 'postgres')
  const uid = Number(fields?.[2])
  const gid = Number(fields?.[3])
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : nobody
}

/** Whether `user` may walk through every folder from the root down to `folder` (an existing one). */
export function canTraverse(folder: string, user: ServiceUser): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}
