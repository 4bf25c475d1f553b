import { describe, expect, it } from 'vitest'
import { countRun, createRunBook, type Gate } from './budgets.ts'

function setUp(strict: boolean) {
  let now = new Date('2026-03-01T01:00:00Z')
  const warnings: string[] = []
  const gate: Gate = {
    book: createRunBook({ OR11: [{ runs: 2, seconds: 60 }] }),
    clock: { now: () => now },
    strict,
    warn: message => void warnings.push(message),
  }
  const pass = (seconds: number): void => {
    now = new Date(now.getTime() + seconds * 1000)
  }
  return { gate, warnings, pass }
}

async function* pages(...values: readonly (number | Error)[]): AsyncGenerator<number> {
  for (const value of values) {
    if (value instanceof Error) throw value
    yield value
  }
}

async function all(run: AsyncIterable<number>): Promise<number[]> {
  const values: number[] = []
  for await (const value of run) values.push(value)
  return values
}

describe('budgets', () => {
  it('counts runs, not pages, and says how long to wait', async () => {
    const { gate, pass } = setUp(true)
    expect(await all(countRun(gate, 'OR11', pages(1, 2, 3)))).toEqual([1, 2, 3])
    pass(20)
    await all(countRun(gate, 'OR11', pages(1)))
    await expect(all(countRun(gate, 'OR11', pages(1)))).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterSeconds: 40,
    })
    pass(40)
    expect(await all(countRun(gate, 'OR11', pages(1)))).toEqual([1])
  })

  it('lets a daily run start a little earlier than yesterday, and not twice a day', async () => {
    const { gate, pass } = setUp(true)
    await all(countRun(gate, 'IV01', pages(1)))
    pass(3600)
    await expect(all(countRun(gate, 'IV01', pages(1)))).rejects.toMatchObject({
      retryAfterSeconds: 19 * 3600,
    })
    pass(23 * 3600 - 5)
    expect(await all(countRun(gate, 'IV01', pages(1)))).toEqual([1])
  })

  it('does not count a run that failed: it may be continued', async () => {
    const { gate } = setUp(true)
    await expect(all(countRun(gate, 'IV01', pages(1, new Error('cut'))))).rejects.toThrow('cut')
    expect(await all(countRun(gate, 'IV01', pages(1)))).toEqual([1])
  })

  it('warns and goes when a person asked', async () => {
    const { gate, warnings } = setUp(false)
    await all(countRun(gate, 'IV01', pages(1)))
    expect(await all(countRun(gate, 'IV01', pages(1)))).toEqual([1])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('IV01')
  })

  it('knows no limit for what has none', async () => {
    const { gate } = setUp(true)
    for (let run = 0; run < 50; run += 1) await all(countRun(gate, 'PC01', pages(run)))
  })
})
