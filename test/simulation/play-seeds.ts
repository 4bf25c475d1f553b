import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Outcome } from './simulate.ts'
import { openTemplate } from './template.ts'

/** Then a fresh program: memory stays small. */
const seedsOfProgram = 100
const program = join(import.meta.dirname, '..', 'programs', 'simulation-player.ts')

/** Every player plays one seed at a time; what a seed does never depends on the others. */
export interface Round {
  readonly seeds: readonly number[]
  readonly steps: number
  /** Programs at once. */
  readonly players: number
  /** Told after each seed. False: no further seed is begun. */
  readonly told: (outcome: Outcome) => boolean
}

/** Plays seeds in several programs; returns when all are played or `told` wants no more. */
export async function playSeeds(round: Round): Promise<void> {
  const template = await openTemplate()
  const left = [...round.seeds]
  let goesOn = true
  const next = (): number | undefined => (goesOn ? left.shift() : undefined)
  const tell = (outcome: Outcome): void => {
    if (goesOn) goesOn = round.told(outcome)
  }
  try {
    const names = Array.from({ length: round.players }, (_, at) => `p${at}`)
    await Promise.all(names.map(name => playOn(template.url, name, round, next, tell)))
  } finally {
    await template.close()
  }
}

/** One player after the other under one name: a program that dies fails its seed, and goes on anew. */
async function playOn(
  url: string,
  name: string,
  { steps }: Round,
  next: () => number | undefined,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  let seed = next()
  for (let turn = 0; seed !== undefined; turn += 1) {
    const player = fork(program, [url, `${name}_${turn}`, String(steps)], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    try {
      for (let played = 0; seed !== undefined && played < seedsOfProgram; played += 1) {
        const outcome = await ask(player, seed)
        tell(outcome ?? died(seed, steps))
        seed = next()
        if (outcome === null) break
      }
    } finally {
      if (player.connected) player.disconnect()
    }
  }
}

/** The outcome of a seed; null: its program ended without one. */
function ask(player: ChildProcess, seed: number): Promise<Outcome | null> {
  return new Promise(resolve => {
    const ended = (): void => resolve(null)
    player.once('exit', ended)
    player.once('message', (told: Sent) => {
      player.off('exit', ended)
      resolve({ ...told, counts: new Map(told.counts) })
    })
    player.send(seed)
  })
}

type Sent = Omit<Outcome, 'counts'> & { readonly counts: readonly (readonly [string, number])[] }

function died(seed: number, steps: number): Outcome {
  return {
    seed,
    problems: ['the program that played this seed ended by itself'],
    replay: `npm run simulate -- --seed ${seed} --steps ${steps}`,
    story: [],
    counts: new Map(),
  }
}
