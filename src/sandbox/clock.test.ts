import { expect, test } from 'vitest'
import { createClock } from './clock.ts'

const start = new Date('2026-11-02T08:00:00Z')
const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000)

test('callbacks run in order of time, each at its own time, also those registered on the way', async () => {
  const clock = createClock(start)
  const seen: string[] = []
  const note = (name: string) => () =>
    void seen.push(`${name}@${(clock.now().getTime() - start.getTime()) / 1000}`)
  clock.at(after(30), note('c'))
  clock.at(after(10), async () => {
    await Promise.resolve()
    note('a')()
    clock.at(after(20), note('b'))
  })
  clock.at(after(30), note('d'))
  clock.at(after(31), note('later'))
  await clock.moveTo(after(30))
  expect(seen).toEqual(['a@10', 'b@20', 'c@30', 'd@30'])
  expect(clock.now()).toEqual(after(30))
})

test('many appointments keep their order', async () => {
  const clock = createClock(start)
  const seen: number[] = []
  for (let n = 0; n < 500; n++) {
    const second = (n * 7919) % 500
    clock.at(after(second), () => void seen.push(second))
  }
  await clock.advance(500_000)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(seen).toHaveLength(500)
})

test('going back is refused, and the clock goes on afterwards', async () => {
  const clock = createClock(start)
  await expect(clock.moveTo(after(-1))).rejects.toThrow(RangeError)
  await Promise.all([clock.advance(1000), clock.advance(1000)])
  expect(clock.now()).toEqual(after(2))
})
