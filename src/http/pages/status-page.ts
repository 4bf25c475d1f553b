import { languages, type Reader } from '../language.ts'
import type { Page } from './document.ts'
import { createFormats } from './formats.ts'
import { type Html, markup } from './html.ts'
import { reconciliationTexts } from './reconciliation-texts.ts'
import { debtsSection, disputesSection } from './status-disputes.ts'
import { holdsSection, moneySection } from './status-money.ts'
import { latestSection, movementsSection } from './status-movements.ts'
import { expiringSection, jobsSection, outsidesSection, setAsideSection } from './status-work.ts'
import { glyph, type Shown, type StatusView } from './status-parts.ts'
import { type StatusTexts, statusTexts } from './status-texts.ts'

const refreshSeconds = 5

/** The plain status page: where the money is, what waits for whom, what runs. */
export function statusPage(view: StatusView, reader: Reader): Page {
  const texts = statusTexts[reader.language]
  const shown: Shown = { ...view, texts, reader, formats: createFormats(reader.locale) }
  const { report } = view
  const empty = Object.keys(report.totals).length === 0 && view.latest.length === 0
  const body = markup`${header(shown)}
    <main>
      ${outsidesSection(shown)}
      ${empty ? emptyNotice(texts) : moneySections(shown)}
      ${expiringSection(shown)} ${disputesSection(shown)} ${debtsSection(shown)}
      ${jobsSection(shown)}
      ${setAsideSection(shown)}
      ${empty ? null : latestSection(shown)}
    </main>
    ${footer(shown)}`
  return {
    language: reader.language,
    title: `${texts.title} · ${report.company} · Tributary`,
    body,
    ...(view.refreshes ? { refreshSeconds } : {}),
  }
}

function moneySections(shown: Shown): readonly Html[] {
  return [moneySection(shown), holdsSection(shown), movementsSection(shown)]
}

function header({ report, texts, formats, environments, reader, refreshes }: Shown): Html {
  const others = environments.filter(slug => slug !== report.environment)
  const several = others.length > 0
  const modeClass = report.mode === 'test' ? 'mode test' : 'mode live'
  return markup`<header class="top ${report.mode}">
    <div class="name">
      <h1>Tributary</h1>
      <span class="quiet">${report.company}</span>
      ${several ? markup`<strong>${report.environment}</strong>` : null}
      <span class="${modeClass}">${texts.mode[report.mode]}</span>
      ${report.paused ? markup`<span class="pill failed">${glyph('Ⅱ')}${texts.paused}</span>` : null}
      ${others.map(
        slug =>
          markup`<a href="${addressOf({ environment: slug, lang: reader.language, refreshes })}">${slug}</a>`,
      )}
    </div>
    <p class="quiet">
      ${texts.asOf} <time datetime="${report.at}">${formats.moment(report.at)}</time>
    </p>
  </header>`
}

function footer({ report, texts, reader, refreshes, mailboxUrl }: Shown): Html {
  const { environment } = report
  const here = { environment, lang: reader.language, refreshes }
  const query = new URLSearchParams({ environment, lang: reader.language })
  return markup`<footer>
    <p class="quiet">
      ${refreshes ? texts.refreshing : null}
      <a href="${addressOf({ ...here, refreshes: !refreshes })}">${refreshes ? texts.stopRefresh : texts.startRefresh}</a>
    </p>
    <p><a href="/reconciliation?${query.toString()}">${reconciliationTexts[reader.language].title}</a></p>
    ${mailboxUrl === null ? null : markup`<p><a href="${mailboxUrl}">${texts.mailbox}</a></p>`}
    <nav aria-label="Language">
      ${languages.map(lang =>
        lang === reader.language
          ? markup`<strong lang="${lang}">${lang}</strong> `
          : markup`<a lang="${lang}" hreflang="${lang}" href="${addressOf({ ...here, lang })}">${lang}</a> `,
      )}
    </nav>
    <p class="quiet">PostgreSQL ${report.database.version}</p>
  </footer>`
}

function addressOf(to: { environment: string; lang: string; refreshes: boolean }): string {
  const query = new URLSearchParams({ environment: to.environment, lang: to.lang })
  if (!to.refreshes) query.set('refresh', 'off')
  return `/?${query}`
}

function emptyNotice(texts: StatusTexts): Html {
  return markup`<section class="empty">
    <h2>${texts.empty.title}</h2>
    <p>${texts.empty.text}</p>
    <p class="quiet">${texts.empty.next}</p>
  </section>`
}
