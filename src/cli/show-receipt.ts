/** A receipt on paper or a screen: plain words first, then what it takes to check it, typed or by camera. */
import { encode, renderUnicodeCompact } from 'uqr';
import type { Receipt } from '../evidence/receipt.ts';
import { qrText } from '../evidence/receipt-square.ts';
import { moment, placeIn } from '../policy/figures.ts';
import type { Organisation, Scope } from '../policy/model.ts';
import type { PreferenceType } from '../policy/preference-event.ts';
import { label } from '../policy/vocab.ts';
import { wrapped } from './layout.ts';
import { printable } from './printable.ts';

const words: Readonly<Record<PreferenceType, string>> = {
  objection: 'You objected.',
  withdrawal: 'You took your consent back.',
  restriction: 'You asked us to stop using your details for now.',
  erasure: 'You asked us to erase your details.',
  consent: 'You gave your consent.',
  lift: 'You took back an earlier stop.',
  presented: 'A notice was shown or sent to you.',
  resolution: 'Somebody who looked said whose an earlier stop is.',
};

/** A screen is dark and paper is white: what is ink on one is light on the other. */
export type Shown = {
  readonly width: number;
  readonly screen: boolean;
  /** Nobody can make it again: what opens its entry is destroyed (E8). */
  readonly last: boolean;
};
const square = { ecc: 'M', border: 2 } as const;

/** The square in ink: two rows of it in each line. */
function inked(text: string): string {
  const { data } = encode(text, square);
  const lines: string[] = [];
  for (let row = 0; row < data.length; row += 2) {
    const [upper = [], lower = []] = [data[row], data[row + 1]];
    lines.push(
      upper
        .map((dark, i) => (dark ? (lower[i] ? '\u2588' : '\u2580') : lower[i] ? '\u2584' : ' '))
        .join('')
        .trimEnd(),
    );
  }
  return lines.join('\n');
}

/** `register` gives names to ids; one that is not in it is shown as it is. */
export function receiptText(receipt: Receipt, register: readonly Organisation[], on: Shown): string {
  const { content, token, logged } = receipt;
  const para = (text: string): readonly string[] => wrapped(printable(text), on.width, '');
  const by = content.receivedBy === 'app' ? 'in the app' : `by ${content.receivedBy}`;
  return [
    `RECEIPT of ${printable(nameIn(register, content.organisation))}${content.mark === null ? '' : ` (${content.mark})`}`,
    '',
    ...para(`${words[content.type]} We received it ${by} on ${moment(content.received)}.`),
    ...para(aboutText(content.type, content.scope, register)),
    ...(content.notice === null ? [] : para(`Notice: ${content.notice}${consentPart(content.consent)}.`)),
    ...(content.type === 'lift' && content.lifts !== null
      ? para(`The stop taken back: ${content.lifts}.`)
      : []),
    '',
    ...para(
      logged !== null
        ? `In our published log it is ${placeIn(BigInt(logged.index), BigInt(logged.size))}.`
        : on.last
          ? 'We promise, signed, that this is in our log. Keep this receipt: nobody can make it again. Once the log is published, tell us the event below and we give you its place in the log, to be put beside this.'
          : 'We promise, signed, that this is in our log. Once the log is published, ask for this receipt again: then it carries the proof.',
    ),
    ...para(
      token === null
        ? 'We could not say which record of ours this is of. It carries no token, and cannot be held against a release.'
        : 'The token below is yours alone: whoever has it can see which releases you are in. Keep this paper as you would a key.',
    ),
    '',
    `  event  ${content.event}`,
    `  entry  ${receipt.entry}`,
    `  token  ${token ?? 'none'}`,
    '',
    on.screen ? renderUnicodeCompact(qrText(receipt), square) : inked(qrText(receipt)),
    '',
  ].join('\n');
}

const consentPart = (consent: string | null): string => (consent === null ? '' : `, consent "${consent}"`);

const nameIn = (register: readonly Organisation[], id: string): string =>
  register.find((o) => o.id === id)?.legalName ?? id;

/** What it is about, in a sentence; nothing of what has no scope. Not yet made printable. */
export function aboutText(type: PreferenceType, scope: Scope, register: readonly Organisation[]): string {
  // A yes is to the words of its notice, which stand beside: its scope says nothing of it.
  if (type === 'presented' || type === 'lift' || type === 'consent') return '';
  const { purpose, organisation, contactChannel, field } = scope;
  const parts = [
    purpose === 'all' ? 'every purpose' : label(purpose),
    organisation === 'all' ? 'every organisation' : nameIn(register, organisation),
    contactChannel === 'all' ? 'every way of contact' : `contact by ${contactChannel}`,
    field === 'all' ? 'all your details' : label(field),
  ];
  return `It is about ${parts.join(', ')}.`;
}
