/** An outcome at the terminal: the answer first, then why, then what would have changed it. */
import type { Outcome, ReasonCount } from '../app/gate/outcome.ts';
import { wordsOf } from '../app/gate/told-words.ts';
import { answer, cautions, knownParts, markSentence } from '../pages/wording.ts';
import { counted, day, instant, number } from '../policy/figures.ts';
import type { Quote } from '../policy/model.ts';
import { widest, wrapped } from './layout.ts';
import { printableAll } from './printable.ts';
import type { Style } from './terminal.ts';

const mostNotices = 3;
const mostDetails = 3;

/** Many lines, the last ended. `width` in columns. */
export function showOutcome(from: Outcome, style: Style, width: number): string {
  const outcome = printableAll(from);
  const mark = markSentence(outcome.mark);
  const said = answer(outcome);
  const lines = [
    ...(mark === null ? [] : wrapped(`[${mark}]`, width, '').map(style.note)),
    ...wrapped(outcome.request.title, width, '').map(style.strong),
    ...wrapped(
      `for ${outcome.chain.map((party) => `${party.name} (${party.role})`).join(', then ') || 'nobody named'}`,
      width,
      '',
    ),
    ...wrapped(standing(outcome), width, '').map(style.soft),
    '',
    ...wrapped(said, width, '  ').map((line) =>
      style.strong(outcome.released > 0 ? style.good(line) : style.bad(line)),
    ),
    '',
    ...reasonLines(outcome, style, width),
    ...wordLines(outcome, style, width),
    ...whatIfLines(outcome, width),
    ...wrapped(`How the notice is known: ${knownParts(outcome).join(' · ') || 'no records'}`, width, '  '),
    ...listLines(outcome, width),
    ...cautions(outcome).flatMap((text) => hanging('  ! ', text, width).map(style.note)),
  ];
  return `${lines.join('\n')}\n`;
}

function standing({ evaluated, notices, source, cutOff }: Outcome): string {
  const shown = `${counted(evaluated, 'record')} of "${source.id}" · ${counted(notices.length, 'notice history', 'notice histories')}`;
  const keyed = source.postKeyedTo === null ? '' : `, post keyed up to ${day(source.postKeyedTo)}`;
  return `${shown} · ${counted(source.events, 'preference event')}${keyed} · as of ${instant(cutOff)}`;
}

function reasonLines({ reasons }: Outcome, style: Style, width: number): readonly string[] {
  if (reasons.length === 0) return [];
  const numbers = widest(reasons.map((r) => number(r.records)));
  const texts = widest(reasons.map((r) => r.plural));
  const sources = reasons.map(sourceOf);
  const oneLine = 2 + numbers + 2 + texts + 2 + widest(sources) <= width;
  const indent = ' '.repeat(2 + numbers + 2);
  const lines = reasons.flatMap((count, i) => {
    const source = sources[i] ?? '';
    const head = `  ${number(count.records).padStart(numbers)}  `;
    const details = count.details.slice(0, mostDetails);
    const more = count.details.length - details.length;
    const about = more > 0 ? [...details, `and ${more} more in the report`] : details;
    return [
      ...(oneLine
        ? [`${head}${count.plural.padEnd(texts)}  ${style.soft(source)}`]
        : [`${head}${count.plural}`, ...wrapped(source, width, indent).map(style.soft)]),
      ...(about.length === 0 ? [] : wrapped(about.join(' · '), width, indent).map(style.soft)),
    ];
  });
  return [...lines, ''];
}

/** `law: citation · rule A4 · alone 1,204`. */
function sourceOf({ label, citation, rule, alone }: ReasonCount): string {
  const cited = label === null ? 'no rule on file' : `${label}: ${citation ?? 'no citation'}`;
  return `${cited} · rule ${rule}${alone > 0 ? ` · alone ${number(alone)}` : ''}`;
}

function wordLines(outcome: Outcome, style: Style, width: number): readonly string[] {
  const lacking = outcome.notices.filter((notice) => notice.findings.length > 0);
  const shown = lacking.slice(0, mostNotices).map(wordsOf);
  const lines = shown.flatMap(({ notice, records, words, untold }) => {
    const [nearest] = words;
    if (!nearest) {
      return [
        ...wrapped(
          `No words of ${notice} (${counted(records, 'record')}) come near: ${untold.join(' · ')}`,
          width,
          '  ',
        ),
        '',
      ];
    }
    const head = nearest.kind === 'promise' ? 'What people were promised' : 'Closest words people were told';
    const vague = nearest.vague.map((word) => `"${word}"`).join(' and ');
    return [
      ...wrapped(`${head} (${notice}, ${counted(records, 'record')}):`, width, '  '),
      ...wrapped(quotedByLayer(nearest.quotes), width, '    ').map(style.strong),
      ...wrapped(
        nearest.kind === 'promise' ? 'the request would break it' : `lacks: ${nearest.lacks.join(' · ')}`,
        width,
        '    ',
      ),
      ...(vague === ''
        ? []
        : wrapped(
            `${vague} ${nearest.vague.length === 1 ? 'is vague: a person must decide what it promises' : 'are vague: a person must decide what they promise'}`,
            width,
            '    ',
          )),
      '',
    ];
  });
  const more = lacking.length - shown.length;
  return more > 0
    ? [...lines, `  ${counted(more, 'more notice history', 'more notice histories')} in the report`, '']
    : lines;
}

/** `"so" · "and so" (layer 1) · "and then" (layer 2)`. */
function quotedByLayer(quotes: readonly Quote[]): string {
  const layers = [...new Set(quotes.map((quote) => quote.layer))].sort((a, b) => a - b);
  return layers
    .map(
      (layer) =>
        `${quotes
          .filter((q) => q.layer === layer)
          .map((q) => `"${q.text}"`)
          .join(' · ')} (layer ${layer})`,
    )
    .join(' · ');
}

function whatIfLines({ whatIf, released }: Outcome, width: number): readonly string[] {
  const useful = whatIf.filter((w) => w.atMost > released);
  if (whatIf.length === 0) return [];
  if (useful.length === 0) {
    return [
      `  Whatever a notice had told, ${released > 0 ? 'no more' : 'none'} of these could have gone.`,
      '',
    ];
  }
  return [...useful.flatMap((w) => hanging('  ', `${w.text}: at most ${number(w.atMost)}.`, width)), ''];
}

function listLines({ lists }: Outcome, width: number): readonly string[] {
  const screened = lists.filter((list) => list.screened);
  if (screened.length === 0) return [];
  const said = screened.map(
    (list) =>
      `${list.list} of ${list.fileDate === null ? 'an unknown day' : day(list.fileDate)} (${number(list.matched)} matched)`,
  );
  return wrapped(`Screened against: ${said.join(' · ')}`, width, '  ');
}

/** A first line begun with `start`, the others indented as far. */
function hanging(start: string, text: string, width: number): readonly string[] {
  const indent = ' '.repeat(start.length);
  return wrapped(text, width, indent).map((line, i) => (i === 0 ? start + line.slice(start.length) : line));
}
