/** A receipt as a page: what was said, when and of what, how to keep it, how to check it; on paper as on a screen. */
import { html, raw } from 'hono/html';
import { encode } from 'uqr';
import type { ReceiptWords } from '../../app/window/receipt-words.ts';
import type { Receipt } from '../../evidence/receipt.ts';
import { qrText } from '../../evidence/receipt-square.ts';
import type { Scope } from '../../policy/model.ts';
import type { Words } from '../../words/words.ts';
import { fact, facts } from '../flow/parts.ts';
import type { Html } from '../frame.ts';
import { withName } from './with-name.ts';

export type ReceiptView = {
  readonly receipt: Receipt;
  /** The organisation it holds against, as people know it. */
  readonly club: string;
  /** The name of an organisation by its id. */
  readonly named: (id: string) => string;
  /** Where the file is fetched; null where there is nothing to fetch it by: then it comes with the page. */
  readonly file: string | null;
  /** The address of the page that checks one. */
  readonly check: string;
  /** What it says by a number alone. */
  readonly words: ReceiptWords;
};

type Level = 2 | 3 | 4;
const heading = (level: Level, text: Html | string): Html =>
  level === 2 ? html`<h2>${text}</h2>` : level === 3 ? html`<h3>${text}</h3>` : html`<h4>${text}</h4>`;

/** Of nobody but who is shown the page: it may hold the person's token. `level` is that of its own heading. */
export function receiptBody({ letter }: Words, view: ReceiptView, level: 2 | 3): Html {
  const { receipt, club, named, file, check } = view;
  const words = letter.receipt;
  const { content, token, logged } = receipt;
  const { rows } = words;
  return html`<article class="receipt">
${heading(level, withName(words.of, club))}
${content.mark === null ? '' : html`<p class="mark">${words.reconstruction}</p>`}
${facts([
  fact(rows.what, words.said(content.type)),
  fact(rows.legal, words.legal(content.type)),
  ...aboutFacts(words, content, view.words, named),
  ...whenFacts(words, content),
  fact(rows.how, words.how[content.receivedBy]),
  ...(content.notice === null ? [] : [fact(rows.notice, content.notice)]),
  fact(rows.log, logged === null ? words.promised : words.logged(logged.index)),
  fact(rows.event, html`<code>${content.event}</code>`),
  ...(token === null ? [] : [fact(words.token, html`<code>${token}</code>`)]),
])}
<p class="soft">${token !== null ? words.tokenHelp : content.person === null ? words.nobody : words.tokenApart}</p>
${square(qrText(receipt), words.qr)}
<p class="actions"><a class="button plain" href="${file ?? dataOf(receipt)}" download="${fileName(content.event)}">${words.file}</a></p>
<p class="soft screen">${words.keep}</p>
${heading(level === 2 ? 3 : 4, words.check)}
<ul>${words.checkSteps(check).map((step) => html`<li>${step}</li>`)}</ul>
<p class="soft">${words.square}: <code class="square">${qrText(receipt)}</code></p>
</article>`;
}

type ReceiptText = Words['letter']['receipt'];
type Content = Receipt['content'];

/** A yes is to its words, and to nothing else; a stop taken back is that very stop. */
function aboutFacts(
  words: ReceiptText,
  { type, scope, consent, lifts }: Content,
  { wording, lifted }: ReceiptWords,
  named: (id: string) => string,
): readonly Html[] {
  const { rows } = words;
  const quoted =
    wording === null
      ? words.unkept
      : html`<q lang="en">${wording.text}</q>${wording.changed ? html`<br><span class="soft">${words.asNow}</span>` : ''}`;
  if (type === 'consent') return [fact(rows.words, quoted)];
  const inWords = (of: Scope): Html =>
    withName((name) => words.scope(of, () => name), named(of.organisation));
  if (type === 'lift')
    return [
      fact(
        rows.lifts,
        html`${lifted === null ? '' : html`${inWords(lifted)}<br>`}<code>${lifts ?? ''}</code>`,
      ),
    ];
  if (words.about(type, scope, (id) => id) === null) return [];
  return [fact(rows.about, inWords(scope)), ...(consent === null ? [] : [fact(rows.yes, quoted)])];
}

/** Both days of what did not come as it was said: a stop holds from the day it was signed. */
function whenFacts(words: ReceiptText, { signed, received, receivedBy }: Content): readonly Html[] {
  const { rows } = words;
  const sent = receivedBy === 'letter' || receivedBy === 'email';
  if (!sent && signed === received) return [fact(rows.when, words.when(received))];
  return [
    fact(sent ? rows.signed : rows.said, words.when(signed)),
    fact(rows.received, words.when(received)),
  ];
}

/** What still stands of a receipt whose event was erased. */
export function erasedReceiptBody({ letter }: Words, file: string, event: string): Html {
  const words = letter.receipt;
  return html`<p>${words.erased}</p>
<p class="actions"><a class="button plain" href="${file}" download="${fileName(event)}">${words.file}</a></p>`;
}

export const fileName = (event: string): string =>
  `receipt-${event.toLowerCase().replaceAll(/[^a-z0-9-]/g, '')}.json`;

/** The very file, so that nothing of it is asked for again, nor kept meanwhile. */
export const dataOf = (file: unknown): string =>
  `data:application/json;base64,${Buffer.from(`${JSON.stringify(file, null, 2)}\n`).toString('base64')}`;

/** Black on white, whatever the page is: one path, and no style of its own. */
export function square(text: string, name: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return html`<div class="qr" role="img" aria-label="${name}">${raw(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#000" d="${dark}"/></svg>`,
  )}</div>`;
}
