/** A moment of the day on which the tests take place, by its time: `at('10:30')`. UTC. */
export function at(time: string, day = '2026-03-10'): Date {
  return new Date(`${day}T${time.length === 5 ? `${time}:00` : time}Z`)
}
