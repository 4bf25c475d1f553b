import { MarketplaceError, ProviderError, UsageError } from '../domain/errors.ts'

/** A wrong variable or argument, as opposed to something that failed. */
export function isUsageError(error: unknown): boolean {
  return error instanceof UsageError
}

/** What would mend it, when the error knows. */
export function mendOf(error: unknown): string | null {
  return error instanceof MarketplaceError || error instanceof ProviderError ? error.mend : null
}
