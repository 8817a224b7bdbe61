/** What a release wrote, or why none was made. */
import { relative } from 'node:path';
import type { Release } from '../app/gate/release.ts';
import type { Workspace } from '../documents/workspace.ts';
import { counted, day, placeIn } from '../policy/figures.ts';
import { printable } from './printable.ts';
import type { Style, Terminal } from './terminal.ts';

type Released = Extract<Release, { kind: 'released' }>;
type Refused = Extract<Release, { kind: 'refused' }>;

export function showRelease(
  release: Released,
  workspace: Workspace,
  style: Style,
  terminal: Pick<Terminal, 'cwd'>,
): string {
  const { outcome, manifest, folder, evidence, logged } = release;
  const where = relative(terminal.cwd, folder) || folder;
  const grounds = relative(terminal.cwd, evidence) || evidence;
  const lines = [
    '',
    style.strong(`${counted(outcome.released, 'record')} in ${where}/`),
    `  ${manifest.list.file} · decisions.parquet · roster.txt · manifest.json · log-proof.json`,
    `  In the log: ${placeIn(BigInt(logged.index), BigInt(logged.size))}${workspace.config.kind === 'reconstruction' ? '; it is a reconstruction, and says so' : ''}.`,
    `  Evidence in ${grounds}/: astold audit ${grounds}`,
    `  Those who get it owe deletion by ${day(outcome.request.deleteBy)}.`,
  ];
  return `${lines.map((line) => (line.startsWith('  ') ? printable(line) : line)).join('\n')}\n`;
}

const advice: Readonly<Record<Refused['code'], string>> = {
  'release-refuses-as-of': 'To look at the past: astold check --as-of',
  'release-needs-log': 'To make one: astold log init. To see what would go: astold check',
  'source-not-synthetic': 'Only a source that says "synthetic: true" can be released in a reconstruction.',
  'release-exists':
    'A package once written is never changed. To release again, use another request id or another day.',
};

export function showRefusal({ code, message, standing }: Refused): string {
  const there = standing === null ? '' : `\n${describeStanding(standing)}`;
  return `not released: ${printable(message)} [${code}]${there}\n  ${advice[code]}\n`;
}

/** What the standing manifest says; read with care, since anyone may have written it. */
function describeStanding(standing: unknown): string {
  const text = (value: unknown, ...keys: readonly string[]): string => {
    const found = keys.reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
      value,
    );
    return typeof found === 'string' || typeof found === 'number' ? printable(String(found)) : 'unknown';
  };
  return [
    `  It holds ${text(standing, 'list', 'rows')} rows, decided as of ${text(standing, 'cutOff')}`,
    `  list ${text(standing, 'list', 'file')}, SHA-256 ${text(standing, 'list', 'digest')}`,
  ].join('\n');
}
