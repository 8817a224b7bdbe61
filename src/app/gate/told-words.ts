/** What people were told that comes nearest to a request, and what it lacks: from the findings of an outcome. */
import { vagueWords } from '../../lint/vague.ts';
import type { Finding } from '../../policy/judgement.ts';
import type { Quote } from '../../policy/model.ts';
import { reason } from '../../policy/reasons.ts';
import type { NoticeCount } from './outcome.ts';

/** One statement of a notice version that came near, or that promised otherwise. */
export type ToldWords = {
  readonly notice: string | null;
  readonly statement: string;
  readonly quotes: readonly Quote[];
  /** `promise`: a `never` or `only` that the request would break; `lacks` then says what of it. */
  readonly kind: 'near' | 'promise';
  readonly lacks: readonly string[];
  /** Words of the quotes that could mean anything. */
  readonly vague: readonly string[];
};
export type NoticeWords = {
  readonly notice: string;
  readonly records: number;
  readonly released: number;
  /** The nearest first: promises broken, then what lacks least. */
  readonly words: readonly ToldWords[];
  /** What no statement comes near to, and findings about no statement. */
  readonly untold: readonly string[];
};

/** The words of one notice version that some records were shown. */
export function wordsOf(count: NoticeCount): NoticeWords {
  const groups = new Map<string, Finding[]>();
  const untold = new Set<string>();
  for (const finding of count.findings) {
    if (finding.statement === null || finding.quotes.length === 0) untold.add(saidOf(finding));
    else {
      const key = JSON.stringify([finding.notice, finding.statement, isPromise(finding)]);
      groups.set(key, [...(groups.get(key) ?? []), finding]);
    }
  }
  const words = [...groups.values()].map(toldWords).sort((a, b) => rank(a) - rank(b));
  return {
    notice: count.notice,
    records: count.records,
    released: count.released,
    words,
    untold: [...untold],
  };
}

/** The nearest words for one reason, of the notice version that most records were shown; null where none come near. */
export function wordsFor(code: Finding['reason'], notices: readonly NoticeCount[]): ToldWords | null {
  for (const count of [...notices].sort((a, b) => b.records - a.records)) {
    const [nearest] = wordsOf({
      ...count,
      findings: count.findings.filter((finding) => finding.reason === code),
    }).words;
    if (nearest) return nearest;
  }
  return null;
}

function toldWords(findings: readonly Finding[]): ToldWords {
  const [first] = findings;
  const all = findings.flatMap((finding) => finding.quotes);
  const quotes = all.filter(
    (q, i) => all.findIndex((other) => other.text === q.text && other.layer === q.layer) === i,
  );
  return {
    notice: first?.notice ?? null,
    statement: first?.statement ?? '',
    quotes,
    kind: first && isPromise(first) ? 'promise' : 'near',
    lacks: [...new Set(findings.map(saidOf))],
    vague: vagueWords(quotes.map((quote) => quote.text).join('\n')),
  };
}

const isPromise = (finding: Finding): boolean =>
  finding.reason === 'promised-never' || finding.reason === 'promised-only';
const saidOf = (finding: Finding): string =>
  finding.detail === '' ? reason(finding.reason).sentence : finding.detail;
const rank = (words: ToldWords): number => (words.kind === 'promise' ? -1 : words.lacks.length);
