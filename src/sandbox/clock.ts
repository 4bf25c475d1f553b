/** The time of the simulated world. It stands still until it is moved. */
export interface VirtualClock {
  /** The current virtual time; a new Date on each call. */
  now(): Date
  /**
   * Runs every callback that is due on the way, in order of time (then of registration), awaiting each; then stands at `to`.
   * Moves asked for at the same time follow each other. A callback must not await a move: it would wait for itself.
   * @throws RangeError when `to` is earlier than the current time
   */
  moveTo(to: Date): Promise<void>
  /** As `moveTo`, by so many milliseconds from where the clock stands when the move begins. */
  advance(milliseconds: number): Promise<void>
  /** Registers a callback. One that is already due runs with the next move, also with a move by nothing. */
  at(when: Date, callback: () => void | Promise<void>): void
}

interface Appointment {
  readonly time: number
  readonly order: number
  readonly callback: () => void | Promise<void>
}

/** A clock that stands at `start`. */
export function createClock(start: Date): VirtualClock {
  let current = start.getTime()
  let registered = 0
  let lastMove: Promise<void> = Promise.resolve()
  const queue = createQueue()

  async function run(target: number): Promise<void> {
    if (Number.isNaN(target)) throw new RangeError('The virtual clock was given an invalid date')
    if (target < current) throw new RangeError('The virtual clock does not go back')
    for (let next = queue.first(); next && next.time <= target; next = queue.first()) {
      queue.removeFirst()
      current = Math.max(current, next.time)
      await next.callback()
    }
    current = target
  }

  function enqueue(target: () => number): Promise<void> {
    const move = lastMove.then(() => run(target()))
    lastMove = move.catch(() => undefined)
    return move
  }

  return {
    now: () => new Date(current),
    moveTo: to => enqueue(() => to.getTime()),
    advance: milliseconds => enqueue(() => current + milliseconds),
    at: (when, callback) => queue.add({ time: when.getTime(), order: registered++, callback }),
  }
}

/** A binary heap, because a simulated year keeps hundreds of thousands of appointments. */
function createQueue() {
  const heap: Appointment[] = []
  const earlier = (left: number, right: number): boolean => {
    const a = heap[left]
    const b = heap[right]
    if (!a || !b) return a !== undefined
    return a.time !== b.time ? a.time < b.time : a.order < b.order
  }
  const swap = (left: number, right: number): void => {
    const a = heap[left]
    const b = heap[right]
    if (!a || !b) return
    heap[left] = b
    heap[right] = a
  }
  return {
    first: (): Appointment | undefined => heap[0],
    add(appointment: Appointment): void {
      heap.push(appointment)
      let at = heap.length - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!earlier(at, parent)) return
        swap(at, parent)
        at = parent
      }
    },
    removeFirst(): void {
      const last = heap.pop()
      if (!last || heap.length === 0) return
      heap[0] = last
      let at = 0
      for (;;) {
        const left = 2 * at + 1
        const child = earlier(left + 1, left) ? left + 1 : left
        if (child >= heap.length || !earlier(child, at)) return
        swap(at, child)
        at = child
      }
    },
  }
}
