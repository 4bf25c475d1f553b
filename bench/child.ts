import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

/** A program of ours in a child of its own, and its answer. */
export interface Child<Answer> {
  readonly answer: Answer
  /** Lets the program end and waits until it has. */
  stop(): Promise<void>
}

/**
 * Starts a program and waits for the one answer that it sends.
 * @param task given to the program as JSON, its first argument
 * @param nodeFlags flags for its Node, beside the one that quiets type stripping
 * @throws Error when the program ends without an answer; what it printed stands on stderr
 */
export async function startChild<Answer>(
  program: URL,
  task: object,
  nodeFlags: readonly string[] = [],
): Promise<Child<Answer>> {
  const child = fork(program, [JSON.stringify(task)], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...nodeFlags],
    // stdout belongs to the report.
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const ended = once(child, 'exit')
  const answer = await Promise.race([
    once(child, 'message').then(([message]) => message as Answer),
    ended.then(([code]) => {
      throw new Error(`${basename(program.pathname)} ended with ${String(code)} before it answered`)
    }),
  ])
  return { answer, stop: () => stop(child, ended) }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.connected) child.disconnect()
  await ended
}

/** The task that `startChild` gave to this program. @param T what was given */
export function givenTask<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** Sends the answer to the program that started this one. */
export function giveAnswer(answer: object): void {
  process.send?.(answer)
}
