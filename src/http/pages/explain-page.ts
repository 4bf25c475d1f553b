import type { Json } from '../../domain/json.ts'
import { movementKinds } from '../../domain/movement.ts'
import { movementStatuses } from '../../domain/lifecycle.ts'
import type {
  ExplainedMovement,
  ExplainedPlan,
  ExplainedReason,
} from '../../workflows/explain-plan.ts'
import type { ExplainedConfirmation, Explanation } from '../../workflows/explain.ts'
import type { Reader } from '../language.ts'
import type { Page } from './document.ts'
import { type ExplainTexts, explainTexts } from './explain-texts.ts'
import { createFormats, type Formats } from './formats.ts'
import { type Html, markup } from './html.ts'
import { section, table } from './status-parts.ts'
import { type StatusTexts, statusTexts } from './status-texts.ts'

interface Told {
  readonly texts: ExplainTexts
  readonly shared: StatusTexts
  readonly formats: Formats
}

/** Why one thing is as it is: what happened, what would be decided now, and what it is decided on. */
export function explainPage(found: Explanation, reader: Reader, environment: string): Page {
  const told: Told = {
    texts: explainTexts[reader.language],
    shared: statusTexts[reader.language],
    formats: createFormats(reader.locale),
  }
  const { texts } = told
  const title = `${texts.types[found.type]} ${found.id}`
  const back = `/?${new URLSearchParams({ environment, lang: reader.language })}`
  const body = markup`<header class="top">
      <div class="name"><h1>${title}</h1> <span class="quiet">${environment}</span></div>
      <p><a href="${back}">${texts.back}</a></p>
    </header>
    <main>
      ${setAsideNotice(found, told)}
      ${found.movements.map(each => movementSection(each, told))}
      ${found.plans.map(each => planSection(each, told))}
      ${found.confirmations.map(each => confirmationSection(each, told))}
      ${factsSection(texts.facts, found.facts)}
    </main>`
  return { language: reader.language, title: `${title} · Tributary`, body }
}

function setAsideNotice({ setAside }: Explanation, { shared }: Told): Html | null {
  if (setAside === null) return null
  const { field, problem } = setAside
  const text = markup`<p><code>${field}</code> <span lang="en">${problem}</span></p>`
  return section(shared.setAside.title, null, text)
}

function movementSection(movement: ExplainedMovement, told: Told): Html {
  const { shared, texts, formats } = told
  const { failure, providerId, journal } = movement
  const heads = [
    { text: shared.columns.time },
    { text: shared.columns.status },
    { text: shared.columns.reason },
    { text: texts.actor },
  ]
  const rows = journal.map(
    line =>
      markup`<tr>
        <td class="moment"><time datetime="${line.at}">${formats.moment(line.at)}</time></td>
        <td>${pill(line.to, told)}</td>
        <td class="wide">${line.reason === null ? null : markup`<code>${line.reason}</code>`}</td>
        <td><code>${line.actor}</code></td>
      </tr>`,
  )
  const title = titleOf(movement, told)
  return section(
    title,
    null,
    markup`<p>${pill(movement.status, told)} <code>${movement.id}</code>
        ${providerId === null ? null : markup`<code>${providerId}</code>`}</p>
      ${reasonText(movement.reason, told)}
      ${failure === null ? null : markup`<p lang="en"><code>${failure.code}</code> ${failure.message}</p>`}
      ${table(title, heads, rows)}`,
  )
}

/** What would be decided now, up to the check that stops. */
function planSection(plan: ExplainedPlan, told: Told): Html {
  const { texts } = told
  const title = titleOf(plan, told)
  const last = plan.checks.findIndex(each => each.decided)
  const rows = plan.checks.slice(0, last + 1).map(
    each =>
      markup`<tr>
        <td>${each.decided ? texts.stops : texts.passed}</td>
        <td><code>${each.reason}</code></td>
        <td class="wide"><code>${written(each.facts)}</code></td>
      </tr>`,
  )
  const heads = [{ text: texts.check }, { text: '' }, { text: texts.facts }]
  return section(
    `${texts.now}: ${title}`,
    null,
    markup`<p>${texts.decisions[plan.decision]} <code>${plan.lookedAtBy}</code></p>
      ${reasonText(plan.reason, told)}
      ${rows.length === 0 ? null : table(title, heads, rows)}`,
  )
}

function confirmationSection(each: ExplainedConfirmation, told: Told): Html {
  const title = `${told.texts.told}: ${each.kind} ${each.target}`
  const amount = told.formats.amount(BigInt(each.amount), each.currency)
  return section(
    title,
    null,
    markup`<p>${pill(each.status, told)} ${amount}</p>
      ${reasonText(each.reason, told)}
      ${each.message === null ? null : markup`<p lang="en">${each.message}</p>`}`,
  )
}

function reasonText(reason: ExplainedReason | null, { shared }: Told): Html | null {
  if (reason === null) return null
  return markup`<p>${reason.text} <code>${reason.code}</code></p>
    <p class="quiet">${shared.columns.who}: ${shared.unblockers[reason.unblockedBy]} ·
      <span lang="en">${reason.mend}</span></p>`
}

function factsSection(title: string, facts: Explanation['facts']): Html | null {
  const rows = Object.entries(facts)
    .filter(([, value]) => value !== null && written(value) !== '')
    .map(
      ([name, value]) =>
        markup`<tr><th scope="row"><code>${name}</code></th><td class="wide">${written(value)}</td></tr>`,
    )
  return rows.length === 0 ? null : section(title, null, table(title, [], rows))
}

function titleOf(
  { kind, source, amount, currency, original }: ExplainedMovement | ExplainedPlan,
  { shared, formats }: Told,
): string {
  const known = movementKinds.find(each => each === kind)
  const noun = known === undefined ? kind : shared.kinds[known]
  const figure = amount === null ? '' : ` · ${formats.amount(BigInt(amount), currency)}`
  // What it was converted from, in the order's or the cycle's own currency.
  const from =
    original === null ? '' : ` (${formats.amount(BigInt(original.amount), original.currency)})`
  return `${noun} · ${source}${figure}${from}`
}

function pill(status: string, { shared }: Told): Html {
  const known = movementStatuses.find(each => each === status)
  return markup`<span class="pill ${status}">${known === undefined ? status : shared.statuses[known]}</span>`
}

function written(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(written).join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .filter(([, each]) => each !== null)
    .map(([name, each]) => `${name}=${written(each)}`)
    .join(' ')
}
