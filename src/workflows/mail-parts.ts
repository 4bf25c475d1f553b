/** What every mail is put together from. */

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => entities[character] ?? '')
}

/** Everything in the style must also look right where a reader drops it: no images, no layout. */
const style = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px; font: 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #1b2224; background: #ffffff; }
main { max-width: 760px; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 8px; }
h2 { font-size: 15px; line-height: 20px; margin: 24px 0 8px; }
p { margin: 8px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td, th { padding: 8px 12px 8px 0; text-align: left; vertical-align: top; border-top: 1px solid #dfe3e4; font-weight: 400; }
td:first-child { width: 100%; }
.amount { text-align: right; white-space: nowrap; font-weight: 600; }
.code { font-size: 28px; line-height: 40px; font-weight: 600; letter-spacing: 0.2em; font-variant-numeric: tabular-nums; }
.new { font-weight: 600; color: #9c1f1f; }
.quiet { color: #566165; }
a { color: #0b6470; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e9ea; background: #101517; }
  td, th { border-color: #2b3438; }
  .new { color: #f5aaa5; }
  .quiet { color: #a0acb0; }
  a { color: #6cc5d1; }
}`

/** A whole HTML mail around a body that is HTML already. */
export function htmlMail(language: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}
