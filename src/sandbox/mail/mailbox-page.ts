import type { KeptMail } from './mailbox.ts'

const style = `
:root { color-scheme: light dark; --line: #dfe3e4; --quiet: #566165; --accent: #0b6470; --panel: #fff; --ground: #f7f8f8; }
@media (prefers-color-scheme: dark) { :root { --line: #2b3438; --quiet: #a0acb0; --accent: #6cc5d1; --panel: #171d20; --ground: #101517; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1360px; background: var(--ground); font: 14px/20px system-ui, sans-serif; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 8px; }
a { color: var(--accent); }
.quiet, dt { color: var(--quiet); }
ul { list-style: none; padding: 0; margin: 16px 0; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
li { padding: 12px 16px; display: flex; flex-wrap: wrap; gap: 4px 16px; }
li + li { border-top: 1px solid var(--line); }
li a { flex: 1 1 320px; font-weight: 600; }
time { font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0 0 16px; }
dd { margin: 0; overflow-wrap: anywhere; }
.views { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px; }
.views > * { width: 100%; height: 80vh; margin: 0; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
pre { padding: 16px; overflow: auto; white-space: pre-wrap; font: 13px/20px ui-monospace, monospace; }`

/** All mails, the newest first. */
export function mailboxPage(mails: readonly KeptMail[]): string {
  const rows = mails
    .toReversed()
    .map(
      mail =>
        `<li><a href="/mails/${mail.number}">${escaped(mail.subject)}</a><span class="quiet">${escaped(mail.to)}</span>${moment(mail.at)}</li>`,
    )
  const list =
    rows.length === 0
      ? '<p class="quiet">No mail has come yet.</p>'
      : `<ul>\n${rows.join('\n')}\n</ul>`
  return page('Mailbox', `<h1>Mailbox</h1>\n${list}`)
}

/** One mail, as HTML and as text side by side. */
export function mailPage(mail: KeptMail): string {
  const { subject, from, to, at, number, text } = mail
  return page(
    subject,
    `<p><a href="/">Mailbox</a></p>
<h1>${escaped(subject)}</h1>
<dl><dt>From</dt><dd>${escaped(from)}</dd><dt>To</dt><dd>${escaped(to)}</dd><dt>At</dt><dd>${moment(at)}</dd></dl>
<div class="views">
<iframe src="/mails/${number}/html" title="HTML" sandbox="allow-popups"></iframe>
<pre>${escaped(text)}</pre>
</div>
<p><a href="/mails/${number}/html">HTML alone</a> · <a href="/mails/${number}/source">Source</a></p>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}
</style>
</head>
<body>
${body}
</body>
</html>
`
}

function moment(at: Date): string {
  const text = at.toISOString()
  return `<time class="quiet" datetime="${text}">${text.slice(0, 16).replace('T', ' ')}</time>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
