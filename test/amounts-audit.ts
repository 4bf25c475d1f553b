import { representable } from '../src/adapters/stripe/amounts.ts'
import type { Database } from '../src/database/connection.ts'
import type { Environment } from '../src/domain/settings.ts'
import { type AuditLine, auditAmounts } from '../src/workflows/audit-amounts.ts'
import type { Clock } from '../src/workflows/ports.ts'

/** The check of the whole history of one environment: its counts, and every line that differs. */
export async function auditHistory(lab: {
  readonly database: Database
  readonly environment: Environment
  readonly clock: Clock
  readonly since?: Date
  readonly stopping?: () => boolean
}) {
  const lines: AuditLine[] = []
  const counts = await auditAmounts({
    since: new Date(0),
    stopping: () => false,
    ...lab,
    representable,
    progress: () => undefined,
    found: line => lines.push(line),
  })
  return { counts, lines }
}
