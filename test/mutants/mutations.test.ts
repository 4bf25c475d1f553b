import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mutations } from './mutations.ts'

const root = join(import.meta.dirname, '..', '..')

describe('the list of defects', () => {
  test.each(mutations)('$name: its text stands once, and somebody looks', mutation => {
    const text = readFileSync(join(root, mutation.file), 'utf8')
    expect(text.split(mutation.from)).toHaveLength(2)
    expect(mutation.to).not.toBe(mutation.from)
    expect(mutation.tests.length + (mutation.seeds?.count ?? 0)).toBeGreaterThan(0)
    expect(mutation.tests.filter(path => !existsSync(join(root, path)))).toEqual([])
  })
})
