/** A notice as people read it, block by block, with the words that its statements and consents quote marked in it. */
import { blocksOf, quoteFinder } from '../../documents/notice-blocks.ts';
import { wordsWithin } from '../../lint/locate.ts';
import type { Consent, Notice, Quote, Statement } from '../../policy/model.ts';
import { quotesOf } from '../../policy/telling.ts';

/** What stands behind marked words, numbered from 1: a statement, or a consent that is asked. */
export type Marked =
  | { readonly number: number; readonly kind: 'statement'; readonly statement: Statement }
  | { readonly number: number; readonly kind: 'consent'; readonly consent: Consent };
export type MarkedPart = { readonly text: string; readonly marks: readonly number[] };
export type MarkedBlock = {
  readonly kind: 'heading' | 'item' | 'words';
  readonly parts: readonly MarkedPart[];
};
export type MarkedNotice = {
  readonly marked: readonly Marked[];
  readonly layers: readonly { readonly number: number; readonly blocks: readonly MarkedBlock[] }[];
};

type Place = { readonly start: number; readonly end: number; readonly mark: number };

export function markNotice(notice: Notice): MarkedNotice {
  const marked: readonly Marked[] = [
    ...notice.statements.map((statement) => ({ kind: 'statement' as const, statement })),
    ...notice.consents.map((consent) => ({ kind: 'consent' as const, consent })),
  ].map((each, i) => ({ number: i + 1, ...each }));
  return {
    marked,
    layers: notice.layers.map(({ number, text }) => {
      const find = quoteFinder([{ number, text, offset: 0 }]);
      const places = marked.flatMap((each): readonly Place[] =>
        quotesIn(each, number).flatMap((quote) => {
          const place = find(quote.text, number);
          if (place.kind !== 'stands') return [];
          return [{ ...wordsWithin(text, place.start, place.end, quote.text), mark: each.number }];
        }),
      );
      return { number, blocks: blocksOf(text).map((block) => blockOf(text, block, places)) };
    }),
  };
}

const quotesIn = (each: Marked, layer: number): readonly Quote[] =>
  (each.kind === 'consent' ? [each.consent.wording] : quotesOf(each.statement)).filter(
    (quote) => quote.layer === layer,
  );

const leading = /^(?:[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+))+/;

function blockOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  places: readonly Place[],
): MarkedBlock {
  const sign = leading.exec(text.slice(start, end))?.[0] ?? '';
  const from = start + sign.length;
  const cuts = places.flatMap((place) => [place.start, place.end]).filter((at) => at > from && at < end);
  const edges = [...new Set([from, ...cuts, end])].sort((a, b) => a - b);
  const parts = edges.slice(0, -1).map((at, i) => {
    const until = edges[i + 1] ?? end;
    const marks = places.filter((place) => place.start <= at && until <= place.end).map(({ mark }) => mark);
    return { text: shown(text.slice(at, until)), marks: [...new Set(marks)] };
  });
  const kind = sign.includes('#') ? 'heading' : /[-*+\d]/.test(sign) ? 'item' : 'words';
  return { kind, parts: parts.filter((part) => part.text !== '') };
}

/** Without the signs of Markdown that people do not see. */
const shown = (text: string): string =>
  text
    .replace(/\n[ \t]*(?:>[ \t]?)+/g, '\n')
    .replace(/\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/\*+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\s+/g, ' ');
