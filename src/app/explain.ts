import { representable } from '../adapters/stripe/amounts.ts'
import {
  type ExplainedType,
  type Explanation,
  explain,
  explainedTypes,
} from '../workflows/explain.ts'
import type { Language } from '../workflows/explain-plan.ts'
import { choiceOf } from './environment-values.ts'
import { findEnvironment, type Records } from './records.ts'

export type { Explanation } from '../workflows/explain.ts'
export type { ExplainedMovement, ExplainedPlan } from '../workflows/explain-plan.ts'

export interface ExplainRequest {
  readonly type: ExplainedType
  readonly id: string
  readonly language: Language
}

/** @throws UsageError for a type or a language that does not exist */
export function readExplainRequest(type: string, id: string, language: string): ExplainRequest {
  const languages = ['en', 'fr', 'de'] as const
  return {
    type: choiceOf({ type }, 'type', explainedTypes, 'order'),
    id,
    language: choiceOf({ '--lang': language }, '--lang', languages, 'en'),
  }
}

/** Explains from what is stored; null: nothing of this name is known. */
export async function explainStored(
  records: Records,
  { type, id, language }: ExplainRequest,
  slug?: string,
): Promise<Explanation | null> {
  const environment = await findEnvironment(records, slug)
  return explain({ ...records, environment, representable, language }, type, id)
}
