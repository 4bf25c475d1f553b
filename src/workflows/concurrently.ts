/**
 * Works through a list that grows as it is read, at most `limit` at once. An error of one piece of
 * work is the work's own business: `work` must not throw.
 */
export async function concurrently<T>(
  source: AsyncIterable<T>,
  limit: number,
  work: (each: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  for await (const each of source) {
    const started = work(each).finally(() => running.delete(started))
    running.add(started)
    if (running.size >= limit) await Promise.race(running)
  }
  await Promise.all(running)
}
