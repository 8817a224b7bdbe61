/** The report's style: a phone first, print and dark mode, no font or image from elsewhere. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1d2127; --soft: #545b66; --line: #d5d9df; --page: #fff; --card: #f5f6f8;
  --left: #1f6f54; --refused: #b4472f; --mark: #7a4a00; --mark-page: #fff2d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --soft: #a7aeb9; --line: #3a404a; --page: #15181c; --card: #1e2228;
  --left: #57b894; --refused: #e58a72; --mark: #ffd591; --mark-page: #3a2c10; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 58rem; padding: 1rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .25rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; } p { margin: .25rem 0; }
.soft, footer { color: var(--soft); font-size: .9rem; }
.mark { background: var(--mark-page); color: var(--mark); border: 1px solid; border-radius: .4rem; padding: .4rem .7rem; margin-bottom: .75rem; font-weight: 600; }
.answer { border: 2px solid var(--refused); border-radius: .6rem; padding: .75rem 1rem; margin: 1rem 0; }
.answer.some { border-color: var(--left); }
.answer strong { display: block; font-size: 1.6rem; line-height: 1.25; }
ol, ul { margin: .25rem 0; padding-left: 1.25rem; } ol.steps, ul.plain { list-style: none; padding: 0; }
.steps li { margin: .6rem 0; } .row { display: flex; gap: .25rem 1rem; justify-content: space-between; align-items: end; }
  .row > :first-child { min-width: 0; } .n { flex: none; max-width: 50%; text-align: right; font-variant-numeric: tabular-nums; font-weight: 600; }
svg { display: block; width: 100%; height: .8rem; background: var(--card); border-radius: .2rem; }
.left { fill: var(--left); } .refused { fill: var(--refused); }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; margin: .6rem 0; break-inside: avoid; }
blockquote { margin: .4rem 0; padding: .1rem .75rem; border-left: .25rem solid var(--line); font-family: Georgia, serif; }
.tag { border: 1px solid var(--soft); border-radius: .8rem; padding: 0 .5rem; font-size: .85rem; }
dl { display: grid; grid-template-columns: minmax(6rem, 11rem) minmax(0, 1fr); gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
code { font: .85em ui-monospace, monospace; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .5rem; }
@media (max-width: 30rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: .5rem; } .answer strong { font-size: 1.35rem; } }
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --page: #fff; --card: #fff; --left: #1f6f54; --refused: #b4472f; --mark: #000; --mark-page: #fff; }
  body { max-width: none; padding: 0; font-size: 10pt; } h2 { break-after: avoid; } svg { border: 1px solid #bbb; } }
`;
