/** The documents a release was judged on, as evidence: their own text, and the digests that the manifest names (E2). */
import { posix } from 'node:path';
import { copiedTo } from '../documents/copy-place.ts';
import { digestOf } from '../documents/digest.ts';
import { parseApproval } from '../documents/records.ts';
import { parseRequest, setFiles } from '../documents/request.ts';
import { parseSignoff } from '../documents/signoff.ts';
import type { Workspace } from '../documents/workspace.ts';
import type { GateContext } from '../policy/judgement.ts';
import type { NamedSet } from '../policy/model.ts';
import { EvidenceError } from './evidence-error.ts';

/** The folder of the copies within the evidence. */
export const documentsFolder = 'documents';

export type DocumentDigest = { readonly kind: string; readonly id: string; readonly digest: string };

/** What the manifest names: each document, and what a second person has signed for, as it was judged. */
export function documentDigests(context: GateContext): readonly DocumentDigest[] {
  const { request, source, agreement, rules, approval, organisations, duties, freezes, notices } = context;
  const named = (kind: string) => (each: { readonly id: string; readonly digest: string }) => ({
    kind,
    id: each.id,
    digest: each.digest,
  });
  const whole = (kind: string, value: unknown): DocumentDigest => ({
    kind,
    id: kind,
    digest: digestOf(value),
  });
  const { given } = approval;
  const signed = [
    notices.map((n) => [n.id, n.statements.map((s) => [s.id, s.signedTerms])]),
    source.collections.map((c) => [c.id, c.reconstructions]),
  ];
  const all = [
    named('request')(request),
    named('source')(source),
    ...(agreement ? [named('agreement')(agreement)] : []),
    ...(rules ? [named('rules')(rules)] : []),
    ...(given ? [{ kind: 'approval', id: given.by, digest: given.digest }] : []),
    whole('organisations', organisations),
    whole('duties', duties),
    whole('freezes', freezes),
    whole('signoffs', signed),
    ...notices.map(named('notice')),
    ...context.upstream.map(named('upstream')),
    ...context.assessments.map(named('assessment')),
    ...context.lists.map(({ list }) => named('suppression-list')(list)),
  ];
  return all.sort((a, b) => compareText(`${a.kind}\n${a.id}`, `${b.kind}\n${b.id}`));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Folders of which everything was judged; of the others, what belongs to the request. */
const judgedWhole =
  /^(astold|organisations|duties|freezes)\.yaml$|^(notices|upstream|assessments|suppressions)\//;

/**
 * What the folder of copies holds, by path within it: the text of each document that was judged, as it was read, and the
 * values of each set that the request reads from a file, without the columns beside them. Nothing of other requests,
 * sources or agreements; no sleepers, no contacts, no data.
 */
export function documentCopies(workspace: Workspace, context: GateContext): ReadonlyMap<string, string> {
  const { request, source, agreement } = context;
  const { files, texts, config } = workspace;
  const own = [
    files.get(`request:${request.id}`),
    files.get(`source:${source.id}`),
    ...(agreement ? [files.get(`agreement:${agreement.id}`)] : []),
  ];
  const belongs = (file: string, text: string): boolean => {
    if (judgedWhole.test(file) || own.includes(file)) return true;
    if (file.startsWith('built-in/') || file === copiedTo('', config.rules)) return true;
    if (file.startsWith('approvals/')) return isApprovalOf(file, text, request.id);
    return file.startsWith('signoffs/') && !isOfOtherSource(file, text, source.id);
  };
  const copies = new Map([...texts].filter(([file, text]) => belongs(file, text)));
  for (const [file, text] of setCopies(workspace, request)) {
    if (copies.has(file))
      throw new EvidenceError(
        'document-ambiguous',
        `${file} is a document and a set of an audience; give the set a file of its own`,
      );
    copies.set(file, text);
  }
  return copies;
}

/** That no day is too late was asked when they were loaded. */
const anyDay = '9999-12-31';

const isApprovalOf = (file: string, text: string, request: string): boolean =>
  parseApproval(file, text, anyDay).value?.request === request;

function isOfOtherSource(file: string, text: string, source: string): boolean {
  const { signoff } = parseSignoff(file, text, anyDay);
  return signoff?.kind === 'reconstruction' && signoff.signoff.source !== source;
}

/** The files of the request's sets: of each only the columns that are read, which is all that its digest rests on. */
function setCopies(
  { files, texts }: Workspace,
  request: GateContext['request'],
): readonly (readonly [string, string])[] {
  const file = files.get(`request:${request.id}`) ?? '';
  const { document } = parseRequest(file, texts.get(file) ?? '');
  const sets: readonly NamedSet[] = request.audience?.kind === 'where' ? request.audience.sets : [];
  const columns = new Map<string, Map<string, readonly string[]>>();
  for (const read of document === null ? [] : setFiles(document)) {
    const path = copiedTo(posix.dirname(file), read.file);
    const beside = columns.get(path) ?? new Map<string, readonly string[]>();
    columns.set(path, beside.set(read.column, sets.find((set) => set.name === read.name)?.values ?? []));
  }
  return [...columns].map(([path, of]) => [path, csvOf(of)]);
}

function csvOf(columns: ReadonlyMap<string, readonly string[]>): string {
  const rows = Math.max(...[...columns.values()].map((values) => values.length));
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
  const lines = Array.from({ length: rows }, (_, row) =>
    line([...columns.values()].map((values) => values[row] ?? '')),
  );
  return [line([...columns.keys()]), ...lines].join('');
}
