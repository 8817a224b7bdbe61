/** How well the notices of a source's records are known, and what is missing. */
import type { CollectionCoverage, NoticeCoverage } from '../app/gate/notice-coverage.ts';
import { knownParts } from '../pages/wording.ts';
import { counted, number } from '../policy/figures.ts';
import { widest, wrapped } from './layout.ts';
import { printableAll } from './printable.ts';
import type { Style } from './terminal.ts';

const mostLines = 12;

export function showCoverage(from: NoticeCoverage, style: Style, width: number): string {
  const { source, records, rejected, collections } = printableAll(from);
  const lines = [
    style.strong(`${source}: ${counted(records, 'record')}`),
    ...(rejected > 0
      ? [
          style.note(
            `  ! ${counted(rejected, 'row')} could not be read, and ${rejected === 1 ? 'is' : 'are'} not counted here`,
          ),
        ]
      : []),
    ...collections.flatMap((collection) => ['', ...collectionLines(collection, style, width)]),
  ];
  return `${lines.join('\n')}\n`;
}

function collectionLines(coverage: CollectionCoverage, style: Style, width: number): readonly string[] {
  const { collection, notices, missing, several } = coverage;
  const numbers = widest([...notices, ...missing].map((each) => number(each.records)));
  const row = ({ records }: { readonly records: number }, text: string) =>
    `    ${number(records).padStart(numbers)}  ${text}`;
  const shown = notices.slice(0, mostLines);
  const wanted = missing.slice(0, mostLines);
  return [
    ...wrapped(`${collection}: ${knownParts(coverage).join(' · ') || 'no records'}`, width, '  '),
    ...shown.map((each) => row(each, `${each.notices.join(' or ') || 'no notice'} (${each.known})`)),
    ...more(notices.length - shown.length, 'more combination'),
    ...(several > 0
      ? wrapped(
          `${counted(several, 'record')} may have been shown one of several versions: only what all of them tell counts (A6).`,
          width,
          '    ',
        )
      : []),
    ...(wanted.length > 0
      ? [
          style.note('    Missing, and refused until it is found:'),
          ...wanted.map((each) => row(each, each.text)),
        ]
      : []),
    ...more(missing.length - wanted.length, 'more thing missing', 'more things missing'),
  ];
}

function more(n: number, one: string, many = `${one}s`): readonly string[] {
  return n > 0 ? [`    and ${counted(n, one, many)}; see --json`] : [];
}
