import { disputeReasons } from './reason-texts-disputes.ts'
import { captureReasons, confirmationReasons, transferReasons } from './reason-texts-orders.ts'
import { refundReasons } from './reason-texts-refunds.ts'
import { failureReasons, generalReasons, settlementReasons } from './reason-texts-money.ts'

/** Who can end a hold; `time`: it ends by itself, `nobody`: it is final. */
export type Unblocker = 'seller' | 'operator' | 'provider' | 'marketplace' | 'time' | 'nobody'

/** One reason for which a movement or a confirmation waits, was canceled or failed. */
export interface Reason {
  /** A final reason cancels; the others hold (or explain a failure). */
  readonly final: boolean
  readonly unblockedBy: Unblocker
  /** Does a failure for this reason go again by itself, without an operator? */
  readonly retried: boolean
  /** One sentence for people, per language. */
  readonly text: { readonly en: string; readonly fr: string; readonly de: string }
  /** What unblocks it, in one English sentence (docs, CLI). */
  readonly mend: string
}

/**
 * The one exhaustive table of reasons (DESIGN section 6). A code that is not here does not compile;
 * a test keeps docs/errors.md equal to it.
 */
export const reasons = {
  ...captureReasons,
  ...confirmationReasons,
  ...transferReasons,
  ...refundReasons,
  ...disputeReasons,
  ...settlementReasons,
  ...failureReasons,
  ...generalReasons,
} satisfies Record<string, Reason>

export type ReasonCode = keyof typeof reasons

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(reasons, code)
}
