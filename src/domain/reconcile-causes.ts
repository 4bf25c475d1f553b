import { marketplaceCauses } from './reconcile-causes-marketplace.ts'
import { providerCauses } from './reconcile-causes-provider.ts'

/** How two sides differ. `there` is the side that the cause names. */
export type DifferenceKind = 'missing_here' | 'missing_there' | 'amount_differs' | 'state_differs'

/** One cause of a difference between Tributary and another side. */
export interface Cause {
  readonly kind: DifferenceKind
  /** With whom Tributary was compared. */
  readonly side: 'provider' | 'marketplace' | 'ledger'
  /** One sentence for people, per language. */
  readonly text: { readonly en: string; readonly fr: string; readonly de: string }
  /** What to do about it, in one English sentence (docs, CLI). */
  readonly mend: string
  /**
   * The command that mends it or shows more; `{movement}` and the like stand for the ids of the
   * difference, `{day}` for the day on which it happened.
   */
  readonly command: string
}

/** The one exhaustive table of causes. A code that is not here does not compile. */
export const causes = {
  ...providerCauses,
  ...marketplaceCauses,
} satisfies Record<string, Cause>

export type CauseCode = keyof typeof causes

export function isCauseCode(code: string): code is CauseCode {
  return Object.hasOwn(causes, code)
}
