/** From the name of a job to that of its queue, and back. */
export type QueueNames = {
  queue(job: string): string
  /** Only for queues of this scope. */
  job(queue: string): string
  /** Is it a queue of this scope? */
  has(queue: string): boolean
}

/**
 * Each scope has queues of its own: a worker looks at one queue at a time, and could not tell whose
 * job it is before it has taken it.
 */
export function queueNames(scope: string): QueueNames {
  const start = `${scope}/`
  return {
    queue: job => `${start}${job}`,
    job: queue => queue.slice(start.length),
    has: queue => queue.startsWith(start),
  }
}
