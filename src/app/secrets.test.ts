import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSecrets, loadSecrets } from './secrets.ts'

const key = Buffer.alloc(32, 1)
let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tributary-secrets-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('sealed secrets', () => {
  it('opens what it sealed, and shows nothing of it', () => {
    const secrets = createSecrets(key)
    const sealed = secrets.seal('sk_test_123', 'test/stripe')
    expect(sealed.toString('latin1')).not.toContain('sk_test')
    expect(secrets.open(sealed, 'test/stripe')).toBe('sk_test_123')
    expect(secrets.seal('sk_test_123', 'test/stripe').equals(sealed)).toBe(false)
  })

  it('refuses what was changed, whichever byte it was', () => {
    const secrets = createSecrets(key)
    const sealed = secrets.seal('secret', 'test/stripe')
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => secrets.open(changed, 'test/stripe')).toThrow(/TRIBUTARY_SECRET_KEY/)
    }
    expect(() => secrets.open(Buffer.alloc(3), 'test/stripe')).toThrow(/TRIBUTARY_SECRET_KEY/)
  })

  it('refuses another key and another place', () => {
    const sealed = createSecrets(key).seal('secret', 'test/stripe')
    const other = createSecrets(Buffer.alloc(32, 2))
    expect(() => other.open(sealed, 'test/stripe')).toThrow(/TRIBUTARY_SECRET_KEY/)
    expect(() => createSecrets(key).open(sealed, 'live/stripe')).toThrow(/TRIBUTARY_SECRET_KEY/)
  })

  it('derives a key of its own for each purpose', () => {
    const secrets = createSecrets(key)
    expect(secrets.subkey('links')).toHaveLength(32)
    expect(secrets.subkey('links').equals(secrets.subkey('connections'))).toBe(false)
    expect(secrets.subkey('links').equals(key)).toBe(false)
  })
})

describe('the key file', () => {
  it('is made once, for its owner alone', async () => {
    const first = await loadSecrets(null, join(home, 'new'))
    const again = await loadSecrets(null, join(home, 'new'))
    expect(again.open(first.seal('x', 'p'), 'p')).toBe('x')
    const { mode } = await stat(join(home, 'new', 'secret.key'))
    expect(mode & 0o777).toBe(0o600)
  })

  it('is one for programs that start at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSecrets(null, home)))
    const sealed = all[0]?.seal('x', 'p') ?? Buffer.alloc(0)
    for (const secrets of all) expect(secrets.open(sealed, 'p')).toBe('x')
    expect(await readdir(home)).toEqual(['secret.key'])
  })

  it('is refused when others can read it', async () => {
    await loadSecrets(null, home)
    await chmod(join(home, 'secret.key'), 0o644)
    await expect(loadSecrets(null, home)).rejects.toThrow(/chmod 600/)
  })

  it('is not made when the key is configured', async () => {
    await loadSecrets(key, home)
    expect(await readdir(home)).toEqual([])
  })
})
