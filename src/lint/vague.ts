/** Wording that could mean anything: each pattern with its source. The list is kept in `docs/lint.md`. */
import type { Layer } from '../documents/notice-text.ts';
import type { NoticeDraft } from './draft.ts';
import { type Era, eraOf, transparencyGuidelines } from './era.ts';
import type { Cited, Span, SpanFinding } from './finding.ts';
import { locator } from './locate.ts';

type Vague = {
  readonly id: string;
  readonly pattern: RegExp;
  readonly says: string;
  readonly cited: (era: Era) => Cited;
};

const party =
  '(?:third[ -]part(?:y|ies)|partners?|compan(?:y|ies)|organi[sz]ations?|businesses|brands|firms|retailers|suppliers|others)';
const praise =
  '(?:(?:(?:carefully|specially|hand)[ -])?(?:selected|chosen|picked|vetted)|trusted|reputable|relevant|like-minded|approved|preferred)';
const qualifiers = (era: Era) => transparencyGuidelines(era, '§13');
const badExamples = (era: Era) => transparencyGuidelines(era, '§12');
const recipientGuidance = (era: Era): Cited =>
  era === 'dpa-1998'
    ? { label: 'guidance', source: 'ICO direct marketing guidance, on indirect consent' }
    : { label: 'guidance', source: 'ICO consent guidance; WP260 annex, on recipients' };

/** Earlier patterns win where two meet. */
const patterns: readonly Vague[] = [
  {
    id: 'selected-third-parties',
    pattern: new RegExp(
      `\\b${praise}(?:\\s+(?:${praise}|and|or|other|external|outside|commercial))*\\s+${party}\\b`,
      'gi',
    ),
    says: 'could mean anyone',
    cited: recipientGuidance,
  },
  {
    id: 'unnamed-third-parties',
    pattern:
      /\b(?:other|outside|external|certain|various|some|our(?:\s+\w+)?)\s+(?:third[ -]part(?:y|ies)|partners|affiliates|associates|group\s+companies)\b/gi,
    says: 'could mean anyone',
    cited: recipientGuidance,
  },
  {
    id: 'other-organisations-products',
    pattern:
      /\b(?:other|third[ -]party|partner)\s+(?:organi[sz]ations?|compan(?:y|ies)|businesses|parties)['’]?s?['’]?\s+(?:products?|services?|offers?|goods)(?:\s*(?:,|and|or|&)\s*(?:products?|services?|offers?|goods))*/gi,
    says: 'names neither who nor what',
    cited: () => ({ label: 'guidance', source: 'Leave.EU and Eldon [2021] UKUT 26 (AAC)' }),
  },
  {
    id: 'marketing-purposes',
    pattern:
      /\b(?:for|our|their)\s+(?:(?:direct|general|other|promotional)\s+)?marketing(?:\s+and\s+\w+)?\s+purposes\b/gi,
    says: 'does not say whose marketing, nor of what',
    cited: badExamples,
  },
  {
    id: 'improve-services',
    pattern:
      /\bto\s+(?:help\s+(?:us\s+)?)?improve\s+(?:our|the|their)\s+(?:\w+\s+)?(?:services?|products?|site|website|offers?)\b/gi,
    says: 'does not say how',
    cited: badExamples,
  },
  {
    id: 'develop-services',
    pattern:
      /\b(?:to\s+)?develop(?:ing)?\s+(?:our\s+)?new\s+(?:products?|services?)(?:\s+(?:and|or)\s+(?:products?|services?))?\b/gi,
    says: 'does not say which, nor how',
    cited: badExamples,
  },
  {
    id: 'research-purposes',
    pattern:
      /\bfor\s+(?:(?:market|internal|statistical|analysis\s+and)\s+)?research(?:\s+and\s+\w+)?\s+purposes\b/gi,
    says: 'does not say what research',
    cited: badExamples,
  },
  {
    id: 'personalised-services',
    pattern:
      /\b(?:offer|provide|give)(?:ing|s)?\s+(?:you\s+)?(?:with\s+)?(?:more\s+)?personali[sz]ed\s+(?:services?|content|offers?|products?|advertis\w+)/gi,
    says: 'does not say what is personalised, nor from what',
    cited: badExamples,
  },
  {
    id: 'as-long-as-necessary',
    pattern:
      /\b(?:for\s+)?(?:only\s+)?(?:as|so)\s+long\s+as\s+(?:(?:is|it\s+is|we\s+are|they\s+are|reasonably|strictly|legally)\s+)*(?:necessary|needed|required|we\s+need(?:\s+(?:it|them|to))?)\b/gi,
    says: 'sets no period that anyone could check',
    cited: (era) => transparencyGuidelines(era, 'annex, on Art 13(2)(a)'),
  },
  // "May" the month, "you may" do something yourself, and "as soon as possible" promise nothing vague.
  {
    id: 'may',
    pattern:
      /(?<!\b\d{1,2}(?:st|nd|rd|th)?\s)\bmay\b(?!\s+\d)(?<!\b[Yy]ou\s+may(?!\s+(?:be|get|see|hear|receive)\b))/g,
    says: 'leaves open whether it is done',
    cited: qualifiers,
  },
  {
    id: 'might',
    pattern: /\bmight\b(?<!\byou\s+might)/gi,
    says: 'leaves open whether it is done',
    cited: qualifiers,
  },
  {
    id: 'some',
    pattern: /\bsome(?:\s+of)?\b(?!\s+(?:cookies\s+are\s+strictly))/gi,
    says: 'does not say which',
    cited: qualifiers,
  },
  {
    id: 'often',
    pattern: /\b(?:often|from\s+time\s+to\s+time|sometimes|occasionally)\b/gi,
    says: 'does not say when',
    cited: qualifiers,
  },
  {
    id: 'possible',
    pattern: /\b(?:where\s+|if\s+)?possibl[ey]\b(?<!\bas\s+(?:soon|far|little|quickly)\s+as\s+possible)/gi,
    says: 'leaves open whether it is done',
    cited: qualifiers,
  },
];

/** The identifiers of all patterns, for the rule table of SARIF. */
export const vagueIds: readonly string[] = patterns.map((pattern) => pattern.id);

/** The vague words of a few sentences, such as a quote, in the order of the patterns and each once. */
export function vagueWords(text: string): readonly string[] {
  const taken: Span[] = [];
  const words: string[] = [];
  for (const { pattern } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const span = { start: match.index, end: match.index + match[0].length };
      if (!taken.some((other) => span.start < other.end && other.start < span.end))
        words.push(match[0].replace(/\s+/g, ' '));
      taken.push(span);
    }
  }
  return [...new Set(words)];
}

/** Vague words of the text, each once, with the statements that rest on them. */
export function vagueFindings(draft: NoticeDraft, layers: readonly Layer[] | null): readonly SpanFinding[] {
  const era = eraOf(draft.shownFrom);
  const quoting = quotedBy(draft, layers);
  const taken: Span[] = [];
  const found: SpanFinding[] = [];
  for (const vague of patterns) {
    for (const match of draft.shown.slice(draft.bodyStart).matchAll(vague.pattern)) {
      const start = draft.bodyStart + match.index;
      const span = { start, end: start + match[0].length };
      if (taken.some((other) => span.start < other.end && other.start < span.end)) continue;
      taken.push(span);
      const statements = quoting(span);
      const rest =
        statements.length === 0
          ? ''
          : `; ${statements.map((id) => `"${id}"`).join(' and ')} rest${statements.length === 1 ? 's' : ''} on it`;
      const words = match[0].replace(/\s+/g, ' ');
      found.push({
        rule: 'vague',
        id: `vague/${vague.id}`,
        level: 'warning',
        span,
        message: `"${words}" ${vague.says}${rest}`,
        ...vague.cited(era),
      });
    }
  }
  return found;
}

/** Which statements quote a stretch of the text. */
function quotedBy(draft: NoticeDraft, layers: readonly Layer[] | null): (span: Span) => readonly string[] {
  const locate = locator(draft, layers);
  const quotes = draft.statements.flatMap((statement) =>
    [...statement.dimensions.values()].flatMap((dimension) => {
      const place = dimension.quote && locate(dimension.quote);
      return place?.kind === 'stands' ? [{ id: statement.id, span: place }] : [];
    }),
  );
  return (span) => [
    ...new Set(quotes.filter((q) => q.span.start < span.end && span.start < q.span.end).map((q) => q.id)),
  ];
}
