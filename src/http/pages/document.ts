import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Language } from '../language.ts'
import { Html, markup } from './html.ts'
import { stylesheet } from './stylesheet.ts'

/** One whole page of ours: no scripts, nothing from elsewhere. */
export interface Page {
  readonly language: Language
  readonly title: string
  readonly body: Html
  /** Seconds after which the browser asks again; absent: never. */
  readonly refreshSeconds?: number
  /** Where its forms may lead (CSP form-action); absent: it has none. */
  readonly formTo?: string
}

// The style stands in the page, so that a proxy which lets only one address through shows it too;
// its digest allows exactly this text and no other.
const styleDigest = createHash('sha256').update(stylesheet).digest('base64')
const policyOf = (formTo: string) =>
  [
    "default-src 'none'",
    `style-src 'sha256-${styleDigest}'`,
    'img-src data:',
    "base-uri 'none'",
    `form-action ${formTo}`,
    "frame-ancestors 'none'",
  ].join('; ')

/** Answers a page; nobody may keep it, and no address of ours is told to the next site. */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', policyOf(page.formTo ?? "'none'"))
    .header('cache-control', 'no-store')
    .header('content-language', page.language)
    .header('vary', 'accept-language')
    .type('text/html; charset=utf-8')
    .send(documentOf(page).text)
}

function documentOf(page: Page): Html {
  const refresh = page.refreshSeconds
  return markup`<!doctype html>
<html lang="${page.language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    ${refresh === undefined ? null : markup`<meta http-equiv="refresh" content="${refresh}">`}
    <title>${page.title}</title>
    <link rel="icon" href="data:,">
    <style>${new Html(stylesheet)}</style>
  </head>
  <body>
    ${page.body}
  </body>
</html>
`
}
