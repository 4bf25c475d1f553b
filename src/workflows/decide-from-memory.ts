import type { PaymentProvider } from './ports.ts'
import type { Deciding } from './work.ts'

/** Stored facts, and how the provider rounds: all that deciding needs when nobody is asked. */
export type Remembered = Pick<Deciding, 'database' | 'environment' | 'clock'> & {
  readonly representable: PaymentProvider['representable']
}

/** Decides without anybody outside: a payment that is not stored stays unknown. */
export function fromMemory(source: Remembered): Deciding {
  const { database, environment, clock, representable } = source
  const provider = {
    name: '',
    representable,
    payment: () => Promise.resolve(null),
    account: () => Promise.reject(new Error('Nobody is asked: the stored account counts.')),
  }
  return { database, environment, clock, provider, log: () => undefined }
}
