import { representable } from '../adapters/stripe/amounts.ts'
import { auditCauses } from '../domain/audit-causes.ts'
import {
  type Audited,
  auditAmounts as audit,
  type AuditLine as Found,
  type Auditing,
} from '../workflows/audit-amounts.ts'
import type { Language } from '../workflows/explain-plan.ts'
import { choiceOf, readMoment } from './environment-values.ts'
import { findEnvironment, type Records } from './records.ts'

export type { Audited } from '../workflows/audit-amounts.ts'

/** One difference; amounts in minor units as text. */
export interface AuditLine extends Omit<Found, 'should' | 'did'> {
  readonly should: string
  readonly did: string
  /** What moved beyond what was owed; below zero: what is missing. */
  readonly difference: string
  /** The cause in words. */
  readonly why: string
}

export interface AuditRequest {
  readonly since: Date
  readonly language: Language
}

/** @throws UsageError for what is no date, or a language that does not exist */
export function readAuditRequest(since: string, language: string): AuditRequest {
  return {
    since: readMoment('--since', since),
    language: choiceOf({ '--lang': language }, '--lang', ['en', 'fr', 'de'], 'en'),
  }
}

/** Compares what should have moved with what did; every difference is told as it is found. */
export async function auditAmounts(
  records: Records,
  { since, language }: AuditRequest,
  watching: Pick<Auditing, 'progress' | 'stopping'> & { readonly found: (line: AuditLine) => void },
  slug?: string,
): Promise<Audited> {
  const environment = await findEnvironment(records, slug)
  return audit({
    ...records,
    ...watching,
    environment,
    representable,
    since,
    found: line => watching.found(lineOf(line, language)),
  })
}

function lineOf(line: Found, language: Language): AuditLine {
  const { should, did, cause } = line
  return {
    ...line,
    should: should.toString(),
    did: did.toString(),
    difference: (did - should).toString(),
    why: auditCauses[cause][language],
  }
}
