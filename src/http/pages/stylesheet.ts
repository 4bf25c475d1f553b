/**
 * The style of our plain pages. Colours are chosen for a contrast of 4.5 at least on their grounds,
 * in both themes; figures are tabular; tables scroll inside themselves on small screens.
 */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: #f7f8f8; --panel: #ffffff; --line: #dfe3e4; --ink: #1b2224; --quiet: #566165; --zero: #6b767a;
  --accent: #0b6470;
  --amber: #7a4b00; --amber-ground: #fdf1d8; --blue: #1d4f91; --blue-ground: #e6effb;
  --green: #1b6236; --green-ground: #e2f3e8; --red: #9c1f1f; --red-ground: #fce7e6;
  --grey: #50595c; --grey-ground: #eceeef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101517; --panel: #171d20; --line: #2b3438; --ink: #e4e9ea; --quiet: #a0acb0; --zero: #8a969a;
    --accent: #6cc5d1;
    --amber: #f3c572; --amber-ground: #3a2d12; --blue: #a3c6f7; --blue-ground: #1a2c47;
    --green: #92d6ab; --green-ground: #173524; --red: #f5aaa5; --red-ground: #462021;
    --grey: #b6c0c3; --grey-ground: #2a3235;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
}
main, .top, footer { max-width: 1360px; margin: 0 auto; padding: 0 24px; }
.top { display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: baseline; justify-content: space-between; padding-top: 20px; }
.top p { margin: 0; }
.top.test::before {
  content: ""; position: fixed; inset: 0 0 auto; height: 6px;
  background: repeating-linear-gradient(135deg, var(--amber) 0 8px, var(--amber-ground) 8px 16px);
}
.name { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
h1 { font-size: 20px; line-height: 28px; font-weight: 650; margin: 0; }
h2 { font-size: 15px; line-height: 20px; font-weight: 650; margin: 0 0 8px; }
section { margin: 24px 0; }
p { margin: 8px 0; }
a { color: var(--accent); }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: 12px/20px ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--quiet); overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.number { color: var(--quiet); font-weight: 400; margin-left: 4px; }
.hint { font-size: 13px; }
.mode { padding: 1px 10px; border-radius: 4px; font-weight: 600; font-size: 13px; }
.mode.test {
  color: var(--amber); border: 1px solid currentColor;
  background: repeating-linear-gradient(135deg, var(--amber-ground) 0 8px, var(--panel) 8px 12px);
}
.mode.live { color: var(--green); background: var(--green-ground); }
.scroll { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { padding: 8px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-weight: 500; white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
tbody th code { color: var(--ink); font-weight: 400; }
.figure { text-align: right; white-space: nowrap; }
.zero { color: var(--zero); }
.moment { white-space: nowrap; }
.wide { min-width: 180px; overflow-wrap: anywhere; }
.pill {
  display: inline-flex; align-items: center; gap: 5px; padding: 0 8px; border-radius: 10px;
  white-space: nowrap; color: var(--grey); background: var(--grey-ground);
}
.pill.on_hold { color: var(--amber); background: var(--amber-ground); }
.pill.pending, .pill.submitted, .pill.accepted { color: var(--blue); background: var(--blue-ground); }
.pill.succeeded { color: var(--green); background: var(--green-ground); }
.pill.failed { color: var(--red); background: var(--red-ground); }
.glyph { font-size: 12px; }
.empty { padding: 32px 24px; background: var(--panel); border: 1px dashed var(--line); border-radius: 8px; }
footer { display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: baseline; padding-bottom: 32px; }
footer p { margin: 0; }
.notice { max-width: 560px; margin: 12vh auto 0; padding: 24px; background: var(--panel); border: 1px solid var(--line); border-top: 4px solid var(--accent); border-radius: 8px; font-size: 16px; line-height: 24px; }
.notice.stop { border-top-color: var(--red); }
.notice.good { border-top-color: var(--green); }
.notice form { margin-top: 16px; display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
.notice input { font: inherit; letter-spacing: 0.15em; width: 10em; padding: 8px 12px; color: var(--ink); background: var(--ground); border: 1px solid var(--quiet); border-radius: 6px; }
.notice button { font: inherit; font-weight: 600; padding: 8px 16px; color: var(--panel); background: var(--accent); border: 1px solid var(--accent); border-radius: 6px; cursor: pointer; }
.notice button.second { color: var(--accent); background: none; }
.notice input:focus-visible, .notice button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.notice .quiet { font-size: 13px; margin-top: 24px; }
@media (max-width: 600px) {
  main, .top, footer { padding-left: 12px; padding-right: 12px; }
  .notice { margin: 12px; }
}
`
