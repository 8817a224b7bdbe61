/** What the law of the notice's day requires it to say, and where nothing is found that says it. */
import type { DraftStatement, NoticeDraft } from './draft.ts';
import { article, type Era, eraOf } from './era.ts';
import type { Cited, Span, SpanFinding } from './finding.ts';
import { sentencesOf } from './locate.ts';
import { type Topic, topics } from './topics.ts';

/** Words that say data come from elsewhere; then Article 14 applies beside 13. */
const elsewhere =
  /\b(?:we|us)\b[^.]{0,40}\b(?:receive|obtain|buy|get|collect|bought|obtained|received)\b[^.]{0,80}\bfrom\b[^.]{0,60}\b(?:others?|third[ -]part(?:y|ies)|elsewhere|organi[sz]ations?|compan(?:y|ies)|partners?|register|public|sources?|brokers?|suppliers?)\b/i;
/** A capitalised name after "from": the source is named. */
const namedSource = /\bfrom\b[^.]{0,60}\s[A-Z][a-z]+/;

/**
 * One finding for each topic with nothing found. `names`: the legal name and aliases of the notice's organisation,
 * empty where the register cannot be read.
 */
export function missingFindings(draft: NoticeDraft, names: readonly string[]): readonly SpanFinding[] {
  const era = eraOf(draft.shownFrom);
  const body = running(draft.shown.slice(draft.bodyStart));
  const from =
    sentencesOf(draft.shown, draft.bodyStart).find((sentence) => elsewhere.test(sentence.text)) ?? null;
  return topics.flatMap((topic): SpanFinding[] => {
    const cited = citation(topic, era, draft.shownFrom, from !== null);
    if (cited === null || !isNeeded(topic, draft, body, from)) return [];
    if (isTold(topic, draft.statements) || topic.phrases.test(body)) return [];
    if (topic.id === 'controller' && names.some((name) => body.includes(name))) return [];
    if (topic.id === 'source' && from !== null && namedSource.test(from.text)) return [];
    const message =
      topic.needed === 'if-so'
        ? `nothing found that says ${topic.what}; needed if there is any`
        : `nothing found that says ${topic.what}`;
    const level = topic.needed === 'if-so' ? 'note' : 'warning';
    const span =
      topic.needed === 'from-elsewhere' && from ? { start: from.start, end: from.end } : place(topic, draft);
    return [{ rule: 'missing', id: `missing/${topic.id}`, level, span, message, ...cited }];
  });
}

/** The text on one line; headings and paragraphs end a sentence, so that no phrase is read across them. */
function running(body: string): string {
  return body
    .replace(/^[ \t]*#.*$/gm, '$&.')
    .replace(/\r?\n[ \t]*\r?\n/g, '. ')
    .replace(/\s+/g, ' ');
}

/** What asks for the topic on the notice's day; null where nothing does. */
function citation(topic: Topic, era: Era, shownFrom: string | null, fromElsewhere: boolean): Cited | null {
  if (topic.needed === 'from-2026-06-19') {
    const inForce = shownFrom === null || shownFrom >= '2026-06-19';
    return inForce ? { label: 'guidance', source: 'DPA 2018 s.164A (from 19 June 2026)' } : null;
  }
  if (era === 'dpa-1998') return topic.under1998;
  const provisions = [topic.article13, fromElsewhere ? topic.article14 : null].filter(
    (part) => part !== null,
  );
  return provisions.length === 0 ? null : { label: 'law', source: article(era, provisions.join(' and ')) };
}

function isNeeded(topic: Topic, draft: NoticeDraft, body: string, from: Span | null): boolean {
  const rests = (basis: string) =>
    draft.collectedOn === basis ||
    draft.statements.some((s) => s.dimensions.get('basis')?.terms.includes(basis));
  switch (topic.needed) {
    case 'always':
    case 'if-so':
    case 'from-2026-06-19':
      return true;
    case 'on-consent':
      return (
        draft.consents.length > 0 ||
        rests('eu-gdpr:A6-1-a') ||
        rests('eu-gdpr:A9-2-a') ||
        /\bconsent\b/i.test(body)
      );
    case 'on-interests':
      return rests('eu-gdpr:A6-1-f') || /\blegitimate interests?\b/i.test(body);
    case 'from-elsewhere':
      return from !== null;
  }
}

function isTold(topic: Topic, statements: readonly DraftStatement[]): boolean {
  const { dimension } = topic;
  return (
    dimension !== null &&
    statements.some((s) => s.kind === 'tells' && (s.dimensions.get(dimension)?.quote ?? null) !== null)
  );
}

/** The heading under which one would look for it, or the first line of the text. */
function place(topic: Topic, draft: NoticeDraft): Span {
  const headings = /^[ \t]*(?:#{1,6}[ \t]+(.+?)|(.+?)\r?\n(?:=+|-+))[ \t]*$/gm;
  let first: Span | null = null;
  for (const match of draft.shown.slice(draft.bodyStart).matchAll(/^[ \t]*(\S.*?)[ \t]*\r?$/gm)) {
    const start = draft.bodyStart + match.index + match[0].indexOf(match[1] ?? '');
    first = { start, end: start + (match[1] ?? '').length };
    break;
  }
  for (const match of draft.shown.slice(draft.bodyStart).matchAll(headings)) {
    const words = match[1] ?? match[2] ?? '';
    if (!topic.heading.test(words)) continue;
    const start = draft.bodyStart + match.index + match[0].indexOf(words);
    return { start, end: start + words.length };
  }
  return first ?? { start: draft.bodyStart, end: draft.text.length };
}
