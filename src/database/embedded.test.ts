import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openEmbedded } from './embedded.ts'
import { lifeOf } from './liveness.ts'

const program = join(import.meta.dirname, '../../test/programs/embedded-member.ts')

let home: string
let children: ChildProcess[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tributary-embedded-'))
  chmodSync(home, 0o711)
  children = []
})
afterEach(async () => {
  for (const child of children) await kill(child)
  await (await openEmbedded(home)).leave()
  rmSync(home, { recursive: true, force: true })
})

async function member(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, home], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout!, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function leave(child: ChildProcess): Promise<void> {
  child.stdin!.end()
  await once(child, 'exit')
}

/** The pid in the server's pid file: the file is there exactly as long as the server. */
function serverPid(): number | undefined {
  const file = join(home, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined
}

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

test('two programs share one server, and the last to leave stops it', async () => {
  const other = await member()
  const pid = serverPid()
  const own = await openEmbedded(home)
  expect(serverPid()).toBe(pid)
  await leave(other)
  expect(await ask(own.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
  await own.leave()
  await own.leave()
  expect(serverPid()).toBeUndefined()
  expect(lifeOf(pid!)).toBeUndefined()
})

test('many programs that start at once find one server', async () => {
  const shares = await Promise.all([openEmbedded(home), openEmbedded(home), member(), member()])
  const pid = serverPid()
  expect(
    readFileSync(join(home, 'postgres.log'), 'utf8').match(/starting PostgreSQL/g),
  ).toHaveLength(1)
  await shares[0].leave()
  await Promise.all([leave(shares[2]), leave(shares[3])])
  expect(serverPid()).toBe(pid)
  await shares[1].leave()
  expect(serverPid()).toBeUndefined()
})

test('a killed program leaves the server running; the next one attaches and sweeps up', async () => {
  const other = await member()
  const pid = serverPid()
  await kill(other)
  expect(serverPid()).toBe(pid)
  expect(readdirSync(join(home, 'members'))).toHaveLength(1)
  const own = await openEmbedded(home)
  expect(serverPid()).toBe(pid)
  await own.leave()
  expect(serverPid()).toBeUndefined()
  expect(readdirSync(join(home, 'members'))).toEqual([])
})

test('a killed server is started again, with what was committed', async () => {
  const first = await openEmbedded(home)
  await ask(first.connectionString, 'create table kept as select 42 as answer')
  process.kill(serverPid()!, 'SIGKILL')
  const second = await openEmbedded(home)
  expect(await ask(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }])
  expect(await ask(second.connectionString, 'show fsync')).toEqual([{ fsync: 'on' }])
  expect(await ask(second.connectionString, 'show listen_addresses')).toEqual([
    { listen_addresses: '' },
  ])
  await first.leave()
  await second.leave()
  const third = await openEmbedded(home)
  expect(await ask(third.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }])
  await third.leave()
})

test('a server that is killed under a program is started again by it', async () => {
  const own = await openEmbedded(home)
  await ask(own.connectionString, 'create table kept as select 42 as answer')
  const killed = serverPid()
  process.kill(killed!, 'SIGKILL')
  await vi.waitFor(
    async () =>
      expect(await ask(own.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]),
    { timeout: 30_000 },
  )
  expect(serverPid()).not.toBe(killed)
  await own.leave()
  expect(serverPid()).toBeUndefined()
})

test('a pid file whose pid now belongs to another program does not stop a start', async () => {
  await (await openEmbedded(home)).leave()
  writeFileSync(join(home, 'postgres', 'postmaster.pid'), `${process.pid}\n`)
  const own = await openEmbedded(home)
  expect(serverPid()).not.toBe(process.pid)
  await own.leave()
})

test('a lock, a guard and a member that a dead program left do not block', async () => {
  writeFileSync(join(home, 'lock'), `${process.pid}\nanother life of this pid\n`)
  mkdirSync(join(home, 'members'))
  writeFileSync(join(home, 'members', `${process.pid}.old`), 'another life of this pid')
  const own = await openEmbedded(home)
  await own.leave()
  expect(serverPid()).toBeUndefined()
  expect(readdirSync(home).filter(name => name.startsWith('lock'))).toEqual([])
})

test('a home with a long path and odd characters works', async () => {
  const long = join(home, `it's "a" long, long $HOME ${'x'.repeat(90)}`)
  const own = await openEmbedded(long)
  expect(await ask(own.connectionString, 'select current_database() as name')).toEqual([
    { name: 'tributary' },
  ])
  await own.leave()
})

const root = process.getuid?.() === 0
test.runIf(root)('as root, a home below a private folder has its cluster elsewhere', async () => {
  const inner = join(home, 'private', 'home')
  mkdirSync(join(home, 'private'), { mode: 0o700 })
  for (const expected of [1, 2]) {
    const own = await openEmbedded(inner)
    await ask(own.connectionString, 'create table if not exists visits as select 0 as n')
    await ask(own.connectionString, 'update visits set n = n + 1')
    expect(await ask(own.connectionString, 'select n from visits')).toEqual([{ n: expected }])
    await own.leave()
  }
  rmSync(readFileSync(join(inner, 'postgres-root'), 'utf8').trim(), { recursive: true })
})

test('a program that exits without leaving stops the server if it was the last', async () => {
  const child = spawn(process.execPath, [program, home, 'exit'], { stdio: 'ignore' })
  await once(child, 'exit')
  await vi.waitFor(() => expect(serverPid()).toBeUndefined(), { timeout: 20_000 })
  expect(readdirSync(join(home, 'members'))).toEqual([])
})

test('a start that fails says why in one line, and where the log is', async () => {
  await (await openEmbedded(home)).leave()
  writeFileSync(join(home, 'postgres', 'PG_VERSION'), '12\n')
  const failure = openEmbedded(home)
  await expect(failure).rejects.toThrow(
    `The embedded PostgreSQL did not start: database files are incompatible with server (see ${home}/postgres.log)`,
  )
  writeFileSync(join(home, 'postgres', 'PG_VERSION'), '18\n')
})
