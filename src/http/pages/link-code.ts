import type { Language } from '../language.ts'
import type { Page } from './document.ts'
import { markup } from './html.ts'
import { linkCodeTexts } from './link-code-texts.ts'

/** Where a seller stands in front of the link: what was asked, and what became of it. */
export type CodeStep = 'offer' | 'sent' | 'sent_before' | 'wrong' | 'no_address' | 'unavailable'

export const codeStatuses: Readonly<Record<CodeStep, number>> = {
  offer: 200,
  sent: 200,
  sent_before: 200,
  wrong: 403,
  no_address: 403,
  unavailable: 503,
}

/**
 * The page in front of a seller's link: asks for a code by mail, takes the code.
 * @param view.action where its forms go: the seller's own link
 * @param view.address masked; '' when there is none
 */
export function linkCodePage(
  language: Language,
  step: CodeStep,
  view: { action: string; address: string },
): Page {
  const texts = linkCodeTexts[language]
  const action = `${view.action}?lang=${language}`
  const { title, text } = texts.steps[step]
  const asksForCode = step === 'sent' || step === 'sent_before' || step === 'wrong'
  const codeForm = markup`<form method="post" action="${action}">
      <label for="code">${texts.label}</label>
      <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus>
      <button>${texts.enter}</button>
    </form>`
  const sendForm = markup`<form method="post" action="${action}">
      <button class="${asksForCode ? 'second' : 'first'}">${asksForCode ? texts.again : texts.send}</button>
    </form>`
  const isStopped = step === 'wrong' || step === 'no_address'
  const body = markup`<main class="notice ${isStopped ? 'stop' : 'calm'}">
    <h1>${title}</h1>
    <p>${text(view.address)}</p>
    ${asksForCode ? codeForm : null}
    ${step === 'no_address' ? null : sendForm}
  </main>`
  // Browsers hold the redirect behind a form to this rule too, and it leads to the provider.
  const formTo = action.startsWith('http:') ? "'self' http: https:" : "'self' https:"
  return { language, title, body, formTo }
}
