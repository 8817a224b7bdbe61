/** The page that checks a receipt or a proof: the form, and what was found, in plain words before those of the program. */
import { html } from 'hono/html';
import type { Verified } from '../../app/proof/verify.ts';
import type { Wording } from '../../app/window/agreed-wording.ts';
import type { CheckedGiven } from '../../app/window/check-given.ts';
import type { Words } from '../../words/words.ts';
import { type Html, pageIn } from '../frame.ts';
import { askText, type FormFault, faultSummary, lines } from './form-parts.ts';
import { dataOf, fileName } from './receipt.ts';
import { withName, withPart } from './with-name.ts';

const framed = (words: Words, title: string, body: Html, faulty: boolean): Html =>
  pageIn(words, { title, actor: null, narrow: true, body, faulty });

export function checkFormPage(words: Words, faults: readonly FormFault[]): Html {
  const { check, problem } = words.letter;
  const fault = faults.find(({ field }) => field === 'file');
  return framed(
    words,
    check.title,
    html`${faultSummary(problem, faults)}
<p class="lead">${check.lead}</p>
<form method="post" action="/check" enctype="multipart/form-data" novalidate>
<div class="field"><label for="file">${check.file}</label>
<p class="help" id="file-help">${check.fileHelp}</p>${fault === undefined ? '' : html`<p class="fault" id="file-fault">${fault.text}</p>`}
<input type="file" id="file" name="file" accept=".json,application/json" aria-describedby="file-help${fault === undefined ? '' : ' file-fault'}"></div>
<p class="or">${check.or}</p>
${askText({ id: 'text', label: check.text, help: check.textHelp, rows: 6, most: 400_000 }, faults)}
<p class="actions"><button>${check.button}</button></p>
</form>`,
    faults.length > 0,
  );
}

const again = ({ letter: { check } }: Words): Html =>
  html`<p class="actions"><a class="button plain" href="/check">${check.again}</a></p>`;

/** What was found, and whether it is good. */
export function checkedPage(
  words: Words,
  found: CheckedGiven,
): { readonly ok: boolean; readonly html: Html } {
  const { check } = words.letter;
  const bad = (
    said: { readonly title: string; readonly steps: readonly string[] },
    lead: Html | string,
    more: Html | '',
  ) => ({
    ok: false,
    html: framed(
      words,
      said.title,
      html`<p class="notice bad" role="alert">${lead}</p>${lines(said.steps)}${more}${again(words)}`,
      false,
    ),
  });
  switch (found.kind) {
    case 'holds':
      return { ok: true, html: holds(words, found) };
    case 'square': {
      const log = found.place === null ? check.promised : check.logged(found.place.index);
      const body = html`<p class="notice good" role="status">${withName(check.square, found.club)}</p><p>${log}</p>${again(words)}`;
      return { ok: true, html: framed(words, check.holds.square, body, false) };
    }
    case 'square-unknown':
      return bad(check.squareUnknown, check.squareUnknown.lead, '');
    case 'log-unknown':
      return bad(check.unknown, unknownLead(check, found.log), '');
    case 'fails': {
      const said = check[failureOf(found.code)];
      const program = html`<details><summary>${check.message}</summary><p lang="en"><code>${found.code}</code>: ${found.message}</p></details>`;
      return bad(said, said.lead, program);
    }
  }
}

const unknownLead = ({ unknown }: Words['letter']['check'], log: string | null): Html | string =>
  log === null ? unknown.lead(null) : withName(unknown.lead, log);

function failureOf(code: string): 'unreadable' | 'future' | 'release' | 'wrong' {
  if (/^(file|receipt|proof|place)-malformed$|^format-unknown$|^receipt-key-needed$/.test(code))
    return 'unreadable';
  if (code === 'receipt-from-future') return 'future';
  return code === 'manifest-needed' ? 'release' : 'wrong';
}

function holds(words: Words, found: Extract<CheckedGiven, { kind: 'holds' }>): Html {
  const { verified, completed } = found;
  const { check } = words.letter;
  const { checked, unchecked } = verified.kind === 'receipt' ? verified : verified.proof;
  const mark = verified.kind === 'receipt' ? verified.mark : verified.proof.mark;
  const [title, sentences] = verdictOf(words, found);
  return framed(
    words,
    title,
    html`<p class="notice good" role="status">${sentences[0] ?? ''}</p>
${sentences.slice(1).map((sentence) => html`<p>${sentence}</p>`)}
${mark === null ? '' : html`<p class="mark">${check.mark}</p>`}
${
  completed === null || verified.kind !== 'receipt'
    ? ''
    : html`<p>${check.completed}</p><p class="actions"><a class="button plain" href="${dataOf(completed)}" download="${fileName(verified.event)}">${check.completedFile}</a></p>`
}
<details><summary>${check.details}</summary>
<h2>${check.checked}</h2><div lang="en">${lines(checked)}</div>
${unchecked.length === 0 ? '' : html`<h2>${check.unchecked}</h2><div lang="en">${lines(unchecked)}</div>`}</details>
<p class="soft">${check.yourself}</p>${again(words)}`,
    false,
  );
}

/** What the receipt is of: a yes in its words, a stop taken back by its number, the rest by what they are about. */
function saidIn(
  { check, receipt }: Pick<Words['letter'], 'check' | 'receipt'>,
  { type, scope, notice, lifts }: Extract<Verified, { kind: 'receipt' }>,
  names: ReadonlyMap<string, string>,
  wording: Wording | null,
): Html | string {
  const known = type as Parameters<typeof receipt.said>[0];
  const said = receipt.said(known);
  if (known === 'consent')
    return wording === null
      ? check.yesUnkept(said, notice ?? '')
      : withPart(
          (words) => (wording.changed ? check.yesNow(said, notice ?? '', words) : check.yes(said, words)),
          html`<q lang="en">${wording.text}</q>`,
        );
  if (lifts !== null) return withPart((number) => check.lift(said, number), html`<code>${lifts}</code>`);
  if (receipt.about(known, scope, (id) => id) === null) return `${said}.`;
  return withName(
    (name) => `${said}: ${receipt.about(known, scope, () => name)}.`,
    names.get(scope.organisation) ?? scope.organisation,
  );
}

function verdictOf(
  { letter: { check, receipt } }: Words,
  { club, verified, names, wording }: Extract<CheckedGiven, { kind: 'holds' }>,
): readonly [title: string, sentences: readonly (Html | string)[]] {
  if (verified.kind === 'receipt') {
    const { at, index } = verified;
    return [
      check.holds.receipt,
      [
        saidIn({ check, receipt }, verified, names, wording),
        withName((name) => check.receipt(name, at), club),
        index === null ? check.promised : check.logged(index),
      ],
    ];
  }
  const { kind, result, release } = verified.proof;
  const sentence = withName((name) => check[result](name, release), club);
  return [kind === 'unsettled' ? check.holds.unsettled : check.holds[result], [sentence]];
}
