/** Where the simulators are, and what their clock says (ISO 8601). */
export interface ControlPlace {
  readonly miraklUrl: string
  readonly stripeUrl: string
  readonly now: string
}

const controls = [
  ['GET /clock', 'What time it is in the simulated world.'],
  ['POST /clock/advance', 'Lets time pass: {"seconds": 3600}.'],
  ['POST /clock/move-to', 'Moves the clock: {"to": "2026-11-03T10:00:00Z"}. It never goes back.'],
  ['GET /faults', 'Faults that may still happen, and how many have happened.'],
  [
    'POST /faults',
    'Adds a fault: {"side": "stripe", "kind": "cut_after", "path": "/v1/transfers", "times": 1}. Kinds: rate_limited, error_html, error_json, slow, cut_before, cut_after.',
  ],
  ['DELETE /faults', 'Takes all faults away.'],
  ['GET /books', 'What each simulator knows to be true about the money.'],
  ['GET /scenario', 'The steps of the week that are still to come.'],
  ['POST /scenario/step', 'Moves the clock to the next step and plays it.'],
  ['POST /scenario/day', 'Plays the rest of the day.'],
  [
    'POST /_sandbox/mirakl/<function>',
    'People at the marketplace, with a JSON array of arguments: addShop, placePurchase, acceptOrder, refuseOrder, cancelLine, shipOrder, closeCycle, corruptOrder, changeSettings, books…',
  ],
  [
    'POST /_sandbox/stripe/<verb>',
    'Sellers, banks and Stripe itself: complete-onboarding, require-more, reject-account, deauthorize, bounce-payout, fail-refund, authenticate, visit-link, add-webhook, disturb-delivery, configure, break-next; GET books and attempts.',
  ],
] as const

/** The index as JSON. */
export function controlIndex(place: ControlPlace): object {
  return { ...place, controls: Object.fromEntries(controls) }
}

/** The index for people. */
export function controlPage(place: ControlPlace): string {
  const rows = controls
    .map(
      ([name, text]) => `<tr><td><code>${escaped(name)}</code></td><td>${escaped(text)}</td></tr>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sandbox</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}td{padding:.3rem .6rem;vertical-align:top}</style></head>
<body>
<h1>Sandbox</h1>
<p>Mirakl at <code>${escaped(place.miraklUrl)}</code>, Stripe at <code>${escaped(place.stripeUrl)}</code>; it is ${escaped(place.now)}.</p>
<table>${rows}</table>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
