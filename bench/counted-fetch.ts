import { plainFetch } from '../src/app/plain-fetch.ts'

/** Calls by `GET /path`, ids in the path replaced by `:id`. */
export type Calls = Record<string, number>

/** The `fetch` that Tributary is wired with, and a count of what it is asked. */
export function createCountedFetch(): { fetch: typeof fetch; calls(): Calls; clear(): void } {
  let calls: Calls = {}
  return {
    fetch: (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input)
      const method = (
        init?.method ?? (input instanceof Request ? input.method : 'GET')
      ).toUpperCase()
      const name = `${method} ${pathname.replaceAll(/\/[a-z]+_\d[^/]*|\/\d+(?=\/|$)/g, '/:id')}`
      calls[name] = (calls[name] ?? 0) + 1
      return plainFetch(input, init)
    },
    calls: () => ({ ...calls }),
    clear: () => {
      calls = {}
    },
  }
}
