import type { Visit } from '../../workflows/open-seller-link.ts'
import type { Language } from '../language.ts'
import type { Page } from './document.ts'
import { explanations, footers } from './explanation-texts.ts'
import { markup } from './html.ts'

export type Why = Extract<Visit, { to: 'explanation' }>['why']

/** The status of each explanation, and the seconds after which another click makes sense. */
export const answers: Readonly<Record<Why, { status: number; retryAfterSeconds?: number }>> = {
  unknown_link: { status: 404 },
  revoked: { status: 410 },
  too_many: { status: 429, retryAfterSeconds: 60 },
  // The account is made by a job of every minute.
  not_ready: { status: 503, retryAfterSeconds: 120 },
  rejected: { status: 403 },
  lost: { status: 410 },
  // Nothing is wrong and nothing is left to do.
  done: { status: 200 },
  unavailable: { status: 503, retryAfterSeconds: 60 },
}

/** Says to a seller why the link leads nowhere, and what to do. */
export function explanationPage(language: Language, why: Why): Page {
  const { title, text, next } = explanations[language][why]
  const tone = why === 'done' ? 'good' : answers[why].status === 503 ? 'calm' : 'stop'
  const body = markup`<main class="notice ${tone}">
    <h1>${title}</h1>
    <p>${text}</p>
    <p>${next}</p>
    <p class="quiet">${footers[language]} <code>${why}</code></p>
  </main>`
  return { language, title, body }
}
