import { withHomeLock } from './home-lock.ts'
import { ensureServer, postmasterOf } from './server.ts'
import type { ServerPlace } from './server-place.ts'
import type { ServiceUser } from './service-user.ts'

/** Milliseconds between two looks at the server: a small file and the state of one pid. */
const lookEvery = 1000
/** After a start that failed: doubles with each, up to a minute. */
const firstPause = 2000
const longestPause = 60_000

/** A watch over the embedded server for as long as this program uses it. */
export interface Revival {
  /** Ends the watch; waits for a start that is under way. */
  end(): Promise<void>
}

/**
 * Starts the server again when it has died under the programs that use it (killed, out of memory):
 * whoever sees it first does it, under the home's lock. Nobody who uses the server ever stops it.
 */
export function keepAlive(place: ServerPlace, user: ServiceUser | undefined): Revival {
  let ended = false
  let pause = firstPause
  let starting: Promise<void> = Promise.resolve()
  let timer = setTimeout(look, lookEvery).unref()

  function look(): void {
    if (ended) return
    if (postmasterOf(place) !== undefined) {
      pause = firstPause
      again(lookEvery)
      return
    }
    starting = revive().then(again)
  }

  /** Returns the milliseconds until the next look. */
  async function revive(): Promise<number> {
    try {
      await withHomeLock(place.home, async () => {
        if (!ended) await ensureServer(place, user)
      })
      return lookEvery
    } catch {
      // The server's log says why, and the statements of this program fail until it is up.
      pause = Math.min(pause * 2, longestPause)
      return pause
    }
  }

  function again(milliseconds: number): void {
    if (!ended) timer = setTimeout(look, milliseconds).unref()
  }

  return {
    end: async () => {
      ended = true
      clearTimeout(timer)
      await starting
    },
  }
}
