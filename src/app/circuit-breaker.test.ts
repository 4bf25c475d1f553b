import { describe, expect, it } from 'vitest'
import { createClock } from '../sandbox/clock.ts'
import { CircuitOpen, createBreaker, type OutsideState } from './circuit-breaker.ts'

function open() {
  const clock = createClock(new Date('2026-11-02T08:00:00Z'))
  const told: OutsideState[] = []
  const breaker = createBreaker({ name: 'stripe', clock, tell: state => void told.push(state) })
  let made = 0
  const call = (problem: string | null) =>
    breaker.pass(
      async () => {
        made += 1
        return problem
      },
      found => found,
    )
  const fail = async (times: number) => {
    for (let time = 0; time < times; time += 1) await call('HTTP 500')
  }
  return { clock, told, breaker, call, fail, made: () => made }
}

describe('a circuit breaker', () => {
  it('opens after five failures in a row, and then makes no call', async () => {
    const { breaker, call, fail, made } = open()
    await fail(4)
    await call(null)
    await fail(4)
    expect(breaker.state()).toMatchObject({ state: 'closed', failures: 4, problem: 'HTTP 500' })
    await fail(1)
    expect(breaker.state().state).toBe('open')
    expect(breaker.admits()).toBe(false)
    await expect(call(null)).rejects.toThrow(CircuitOpen)
    expect(made()).toBe(10)
  })

  it('tries one call when its time has come, and waits twice as long when that fails', async () => {
    const { clock, breaker, call, fail, made } = open()
    await fail(5)
    await clock.advance(15_000)
    expect(breaker.admits()).toBe(true)
    const both = await Promise.allSettled([call('HTTP 500'), call(null)])
    expect(both.map(each => each.status)).toEqual(['fulfilled', 'rejected'])
    expect(made()).toBe(6)
    await clock.advance(29_000)
    await expect(call(null)).rejects.toThrow('stripe failed 6 times in a row (HTTP 500)')
    await clock.advance(1000)
    await call(null)
    expect(breaker.state()).toMatchObject({ state: 'closed', failures: 0, nextTryAt: null })
  })

  it('passes on what a call threw, and keeps no message that may quote a key', async () => {
    const { breaker } = open()
    const failure = new TypeError('fetch failed: Bearer sk_live_1', {
      cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    })
    const failing = () => Promise.reject(failure)
    await expect(breaker.pass(failing, () => null)).rejects.toBe(failure)
    expect(breaker.state().problem).toBe('ECONNREFUSED')
  })

  it('tells the first result, every change, and else once a minute', async () => {
    const { clock, told, call, fail } = open()
    await call(null)
    await call(null)
    await fail(6).catch(() => undefined)
    await clock.advance(15_000)
    await call(null)
    await clock.advance(61_000)
    await call(null)
    expect(told.map(each => each.state)).toEqual([
      'closed',
      'open',
      'half_open',
      'closed',
      'closed',
    ])
  })
})
