import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../domain/errors.ts'
import { decodeKey } from './place-config.ts'

/** Everything that is derived from the one secret key. */
export interface Secrets {
  /** 32 bytes for one purpose: what one leaks says nothing of the others. */
  subkey(purpose: 'connections' | 'links' | 'notifications'): Buffer
  /**
   * Encrypts and authenticates a text.
   * @param place where it is stored; the same is needed to open it, so rows cannot be swapped
   */
  seal(text: string, place: string): Buffer
  /** @throws UsageError when it was changed, or sealed with another key */
  open(sealed: Buffer, place: string): string
}

const version = 1
const ivLength = 12
const tagLength = 16

/** @param key 32 bytes */
export function createSecrets(key: Buffer): Secrets {
  const subkey = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `tributary ${purpose}`, 32))
  const own = subkey('connections')
  return {
    subkey,
    seal: (text, place) => {
      const iv = randomBytes(ivLength)
      const cipher = createCipheriv('aes-256-gcm', own, iv).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([version]), iv, cipher.getAuthTag(), sealed])
    },
    open: (sealed, place) => {
      try {
        return open(own, sealed, place)
      } catch {
        throw new UsageError(
          'TRIBUTARY_SECRET_KEY',
          'TRIBUTARY_SECRET_KEY (or secret.key in TRIBUTARY_HOME) is not the key that this database was used with: give the former key, or delete the rows of the table connections',
        )
      }
    },
  }
}

function open(key: Buffer, sealed: Buffer, place: string): string {
  if (sealed[0] !== version) throw new Error('unknown form')
  const iv = sealed.subarray(1, 1 + ivLength)
  const tag = sealed.subarray(1 + ivLength, 1 + ivLength + tagLength)
  const options = { authTagLength: tagLength }
  const decipher = createDecipheriv('aes-256-gcm', key, iv, options)
    .setAAD(Buffer.from(place))
    .setAuthTag(tag)
  const text = decipher.update(sealed.subarray(1 + ivLength + tagLength))
  return Buffer.concat([text, decipher.final()]).toString('utf8')
}

/** The configured key, or that of the key file, which is made on the first start. */
export async function loadSecrets(configured: Buffer | null, home: string): Promise<Secrets> {
  return createSecrets(configured ?? (await keyOfFile(home)))
}

async function keyOfFile(home: string): Promise<Buffer> {
  const path = join(home, 'secret.key')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const text = (await readIfThere(path)) ?? (await makeKeyFile(path))
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new UsageError(path, `${path} can be read by others: run chmod 600 ${path}`)
  }
  const key = decodeKey(text.trim())
  if (key !== null) return key
  throw new UsageError(path, `${path} does not hold 32 bytes as base64: restore it from your copy`)
}

/** Written under a name of its own and then linked: no program ever reads half a key. */
async function makeKeyFile(path: string): Promise<string> {
  const own = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`
  const fresh = `${randomBytes(32).toString('base64')}\n`
  await writeFile(own, fresh, { mode: 0o600, flag: 'wx' })
  try {
    await link(own, path)
    return fresh
  } catch (error) {
    // Another program was quicker: its key is the key.
    const theirs = await readIfThere(path)
    if (theirs === null) throw error
    return theirs
  } finally {
    await unlink(own)
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
