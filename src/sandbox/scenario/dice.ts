import { createRandom } from '../random.ts'

/** Seeded chance: the same seed and the same questions give the same answers. */
export interface Dice {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True so many times in a hundred. */
  chance(percent: number): boolean
  /** One of a list that is not empty. */
  oneOf<T>(list: readonly T[]): T
}

export function createDice(seed: number): Dice {
  const random = createRandom(seed)
  const between = (least: number, most: number): number =>
    least + Math.floor(random() * (most - least + 1))
  return {
    between,
    chance: percent => random() * 100 < percent,
    oneOf(list) {
      const chosen = list[between(0, list.length - 1)]
      if (chosen === undefined) throw new RangeError('There is nothing to choose from')
      return chosen
    },
  }
}
