/** Statements without words of the notice behind them (A2): what nobody was shown covers nothing. */

import { foldWords, isWords, type Layer } from '../documents/notice-text.ts';
import {
  type DimensionKey,
  type DraftQuote,
  type DraftStatement,
  dimensionKeys,
  type NoticeDraft,
} from './draft.ts';
import type { Cited, SpanFinding } from './finding.ts';
import { positionsIn } from './lines.ts';
import { closest, locator } from './locate.ts';

const cited: Cited = { label: 'policy', source: 'rule A2' };
const called: Readonly<Record<DimensionKey, string>> = {
  purposes: 'purposes',
  recipients: 'recipients',
  data: 'data',
  'contact-channels': 'ways of contact',
  basis: 'legal basis',
  retention: 'retention',
};

/** Findings on quotes: absent ones, and ones that do not stand in the text, with the closest sentence. */
export function quoteFindings(draft: NoticeDraft, layers: readonly Layer[] | null): readonly SpanFinding[] {
  const locate = locator(draft, layers);
  const position = positionsIn(draft.text);
  const absent = (quote: DraftQuote, whose: string): readonly SpanFinding[] => {
    const say = (id: string, message: string): readonly SpanFinding[] => [
      { rule: 'quote', id: `quote/${id}`, level: 'error', span: quote.span, message, ...cited },
    ];
    const words = `"${quote.text.replace(/\s+/g, ' ').trim()}"`;
    if (!isWords(quote.text))
      return say('too-short', `${whose} quotes ${words}: a quote is at least two words`);
    const place = locate(quote);
    switch (place.kind) {
      case 'stands':
        return [];
      case 'other-layer':
        return say(
          'other-layer',
          `${whose} quotes ${words} of layer ${quote.layer}: it stands in layer ${place.layer}`,
        );
      case 'no-such-layer':
        return say(
          'other-layer',
          `${whose} quotes ${words} of layer ${quote.layer}, which the text does not have`,
        );
      case 'nowhere': {
        const near = closest(draft.shown, draft.bodyStart, quote.text);
        const hint = near
          ? `; closest: "${foldWords(near.text)}" (line ${position(near.start).line})`
          : '; nothing in the text is close to it';
        return say('not-in-text', `${whose} quotes words not in the text: ${words}${hint}`);
      }
    }
  };
  const ofStatement = (statement: DraftStatement): readonly SpanFinding[] => {
    const whose = `statement "${statement.id}"`;
    const found: SpanFinding[] = [];
    for (const [key, dimension] of statement.dimensions) {
      if (dimension.quote) found.push(...absent(dimension.quote, whose));
      else {
        const effect =
          statement.kind === 'tells' ? 'it covers nothing there' : 'nobody can see what was promised';
        found.push({
          rule: 'quote',
          id: 'quote/none',
          level: 'warning',
          span: dimension.span,
          message: `${whose} quotes no words for its ${called[key]}: ${effect}`,
          ...cited,
        });
      }
    }
    const untold = dimensionKeys.filter((key) => !statement.dimensions.has(key)).map((key) => called[key]);
    if (statement.kind === 'tells' && untold.length > 0) {
      const message = `${whose} tells nothing of ${listed(untold)}: alone it can cover no release`;
      found.push({
        rule: 'quote',
        id: 'quote/dimension-untold',
        level: 'warning',
        span: statement.span,
        message,
        ...cited,
      });
    } else if (statement.dimensions.size === 0) {
      const message = `${whose} names no dimension: it would promise about everything, in no words`;
      found.push({
        rule: 'quote',
        id: 'quote/dimension-untold',
        level: 'warning',
        span: statement.span,
        message,
        ...cited,
      });
    }
    return found;
  };
  return [
    ...draft.statements.flatMap(ofStatement),
    ...draft.consents.flatMap((consent) =>
      consent.wording ? absent(consent.wording, `consent "${consent.id}"`) : [],
    ),
  ];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
