/** All documents of a workspace folder, parsed and checked together; every fault of every file, in one go. */
import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import type { CivilDate, Organisation, Request, Source } from '../policy/model.ts';
import { parseAgreement } from './agreement.ts';
import { readSets } from './audience-sets.ts';
import { copiedTo, type DocumentsPlace } from './copy-place.ts';
import type { Fault } from './fault.ts';
import { gatherRecords, type Known } from './gather-records.ts';
import { nearest } from './nearest.ts';
import { parseNotice } from './notice.ts';
import { checkNotice } from './notice-check.ts';
import { organisationFaults, parseOrganisations } from './organisations.ts';
import type { Path, YamlFile } from './parse-yaml.ts';
import { readAll, type Texts } from './read-all.ts';
import type { TextFile } from './read-files.ts';
import { signReconstructions } from './reconstruction.ts';
import {
  givenTwice,
  indexNotices,
  type NoticeIndex,
  signoffReferences,
  sourceReferences,
} from './references.ts';
import { type ParsedRequest, parseRequest, toRequest } from './request.ts';
import { parseSignoff, type Signoff } from './signoff.ts';
import { gatherSleepers } from './sleeper.ts';
import { type ParsedSource, parseSource } from './source.ts';
import { parseSuppression } from './suppression.ts';
import type { Workspace } from './workspace.ts';

export type Gathered = {
  readonly workspace: Workspace | null;
  readonly faults: readonly Fault[];
  readonly sources: ReadonlyMap<string, string>;
};

const present = <T>(value: T | null): readonly T[] => (value === null ? [] : [value]);

/** `today` is the real day, whatever a reconstruction's clock says: nothing was signed after it (A4, A6, B8). */
export async function gather(root: string, today: CivilDate, place: DocumentsPlace): Promise<Gathered> {
  const texts = await readAll(root, place);
  const register = texts.register && parseOrganisations(texts.register.file, texts.register.text);
  const organisations: ReadonlyMap<string, Organisation> = new Map(
    register?.organisations.map((o) => [o.id, o]),
  );
  const named = (yaml: YamlFile, path: Path, id: string): readonly Fault[] =>
    organisationFaults(yaml, path, id, organisations);
  const own = texts.config?.config
    ? named(texts.config.yaml, ['organisation'], texts.config.config.organisation)
    : [];

  const signoffs = gatherSignoffs(texts.in.signoffs, today);
  const notices = gatherNotices(texts, organisations, signoffs.signed);
  const sources = gatherSources(root, texts.in.sources, organisations, notices.index, signoffs.signed);
  const signed = signoffs.signed.flatMap((s) => signoffReferences(s, notices.index, sources.documents));
  const requests = await gatherRequests(setFileAt(root, place), texts.in.requests, sources, named);
  const agreements = texts.in.agreements.map((f) => parseAgreement(f.file, f.text));
  const agreed = agreements.flatMap(({ yaml, agreement }) => [
    ...(agreement ? named(yaml, ['supplier'], agreement.supplier) : []),
    ...(agreement?.parties ?? []).flatMap((p, i) =>
      named(yaml, ['parties', i, 'organisation'], p.organisation),
    ),
    ...(agreement?.onwardSupply ?? []).flatMap((id, i) => named(yaml, ['onward-supply', i], id)),
  ]);
  const lists = texts.in.suppressions.map((f) =>
    parseSuppression(f.file, f.text, dirname(join(root, f.file))),
  );
  const sleepers = gatherSleepers(texts.in.sleepers, requests.requests, requests.ids, today);
  const records = gatherRecords(texts, { named, notices: notices.index, requests: requests.ids, today });

  const known: readonly Known[] = [
    ...notices.known,
    ...sources.known,
    ...requests.known,
    ...agreements.map((a) => ({
      kind: 'agreement',
      key: 'agreement',
      yaml: a.yaml,
      id: a.agreement?.id ?? null,
    })),
    ...lists.map((l) => ({ kind: 'list', key: 'list', yaml: l.yaml, id: l.list?.id ?? null })),
    ...sleepers.known,
    ...records.known,
  ];
  const faults = [
    ...texts.faults,
    ...(register?.faults ?? []),
    // Without a register every organisation would seem unknown: the fault of the register says it all.
    ...[
      ...own,
      ...signoffs.faults,
      ...signed,
      ...notices.faults,
      ...sources.faults,
      ...requests.faults,
      ...agreed,
      ...records.faults,
    ].filter((fault) => organisations.size > 0 || fault.code !== 'unknown-organisation'),
    ...agreements.flatMap((a) => a.faults),
    ...lists.flatMap((l) => l.faults),
    ...sleepers.faults,
    ...twiceByKind(known),
  ];
  if (!texts.config?.config || !texts.rules || faults.length > 0)
    return { workspace: null, faults, sources: texts.sources };
  const files = known.flatMap(({ kind, id, yaml }) =>
    id === null ? [] : [[`${kind}:${id}`, yaml.file] as const],
  );
  const workspace: Workspace = {
    root,
    config: texts.config.config,
    organisations: [...organisations.values()],
    notices: notices.notices,
    agreements: agreements.flatMap((a) => present(a.agreement)),
    requests: requests.requests,
    sources: sources.sources,
    lists: lists.flatMap((l) => present(l.list)),
    ...records.values,
    rules: texts.rules,
    supply: {
      keys: register?.keys ?? new Map(),
      sleepers: sleepers.sleepers,
      sleeperTerms: new Map(
        agreements.flatMap(({ agreement, sleepers: words }) =>
          agreement && words !== null ? [[agreement.id, words] as const] : [],
        ),
      ),
    },
    files: new Map(files),
    texts: texts.copies,
  };
  return { workspace, faults, sources: texts.sources };
}

function twiceByKind(known: readonly Known[]): readonly Fault[] {
  return [...Map.groupBy(known, (k) => k.kind)].flatMap(([kind, all]) =>
    givenTwice(
      all.flatMap(({ yaml, id, key }) => (id === null ? [] : [{ yaml, id, path: [key] }])),
      kind,
    ),
  );
}

function gatherSignoffs(
  files: readonly TextFile[],
  today: CivilDate,
): {
  readonly signed: readonly Signoff[];
  readonly faults: readonly Fault[];
} {
  const parsed = files.map((f) => parseSignoff(f.file, f.text, today));
  const signed = parsed.flatMap((s) => present(s.signoff));
  const twice = givenTwice(
    signed.map((s) => ({ yaml: s.yaml, id: s.signoff.signoff, path: ['signoff'] })),
    'sign-off',
  );
  return { signed, faults: [...parsed.flatMap((s) => s.faults), ...twice] };
}

function gatherNotices(
  texts: Texts,
  organisations: ReadonlyMap<string, Organisation>,
  signoffs: readonly Signoff[],
) {
  const parsed = texts.in.notices.map((f) => parseNotice(f.file, f.text));
  const checked = parsed.map((n) =>
    checkNotice(n, { organisations, explicit: texts.rules?.explicit ?? [], signoffs }),
  );
  return {
    index: indexNotices(parsed),
    notices: checked.flatMap((c) => present(c.notice)),
    known: parsed.map(
      (n): Known => ({
        kind: 'notice',
        key: 'version',
        yaml: n.yaml,
        id: n.head && `${n.head.notice}@${n.head.version}`,
      }),
    ),
    faults: [...parsed.flatMap((n) => n.faults), ...checked.flatMap((c) => c.faults)],
  };
}

type GatheredSources = {
  readonly sources: readonly Source[];
  readonly documents: ReadonlyMap<string, NonNullable<ParsedSource['document']>>;
  readonly known: readonly Known[];
  readonly faults: readonly Fault[];
};
function gatherSources(
  root: string,
  files: readonly TextFile[],
  organisations: ReadonlyMap<string, Organisation>,
  notices: NoticeIndex,
  signoffs: readonly Signoff[],
): GatheredSources {
  const parsed = files.map((f) => parseSource(f.file, f.text, dirname(join(root, f.file))));
  const faults = parsed.flatMap((s) => [
    ...s.faults,
    ...(s.document ? sourceReferences(s.yaml, s.document, organisations, notices) : []),
  ]);
  const sources = parsed.flatMap(({ yaml, document, source }) => {
    if (document === null || source === null) return [];
    const signed = signReconstructions(yaml, document, source, signoffs);
    faults.push(...signed.faults);
    return [signed.source];
  });
  return {
    sources,
    documents: new Map(parsed.flatMap((s) => (s.document ? [[s.document.source, s.document] as const] : []))),
    known: parsed.map((s) => ({ kind: 'source', key: 'source', yaml: s.yaml, id: idIn(s.yaml, 'source') })),
    faults,
  };
}

type SetFileAt = (request: string, file: string) => string;

/** Where a file of an audience's set lies, by the file of the request that names it. */
function setFileAt(root: string, place: DocumentsPlace): SetFileAt {
  return (request, file) => {
    if (place === 'copy') return join(root, copiedTo(posix.dirname(request), file));
    return isAbsolute(file) ? file : resolve(dirname(join(root, request)), file);
  };
}

async function gatherRequests(
  setFile: SetFileAt,
  files: readonly TextFile[],
  sources: GatheredSources,
  named: (yaml: YamlFile, path: Path, id: string) => readonly Fault[],
) {
  const parsed = files.map((f) => parseRequest(f.file, f.text));
  const made = await Promise.all(parsed.map((p) => makeRequest(setFile, p, sources, named)));
  const known = parsed.map(
    (p): Known => ({ kind: 'request', key: 'request', yaml: p.yaml, id: idIn(p.yaml, 'request') }),
  );
  return {
    requests: made.flatMap((m) => present(m.request)),
    known,
    ids: new Set(known.flatMap((k) => present(k.id))),
    faults: made.flatMap((m) => m.faults),
  };
}

async function makeRequest(
  setFile: SetFileAt,
  { yaml, document, faults }: ParsedRequest,
  sources: GatheredSources,
  named: (yaml: YamlFile, path: Path, id: string) => readonly Fault[],
): Promise<{ readonly request: Request | null; readonly faults: readonly Fault[] }> {
  if (document === null) return { request: null, faults };
  const read = await readSets(yaml, document, (file) => setFile(yaml.file, file));
  const before = [
    ...faults,
    ...document.chain.flatMap((p, i) => named(yaml, ['chain', i, 'organisation'], p.organisation)),
    ...read.faults,
  ];
  const source = sources.sources.find((s) => s.id === document.source);
  if (source) {
    const made = toRequest(yaml, document, source, read.sets);
    const all = [...before, ...made.faults];
    return { request: all.length > 0 ? null : made.request, faults: all };
  }
  // A source that is there and has faults of its own is not unknown.
  if (sources.known.some((k) => k.id === document.source)) return { request: null, faults: before };
  const suggestion = nearest(document.source, sources.documents.keys());
  const unknown = yaml.at(['source'], {
    code: 'unknown-source',
    expected: 'the id of a source',
    suggestion,
    rule: 'B2',
  });
  return { request: null, faults: [...before, unknown] };
}

/** The id a document gives, whatever else is wrong with it. */
function idIn(yaml: YamlFile, key: string): string | null {
  const raw = yaml.raw;
  if (typeof raw !== 'object' || raw === null) return null;
  const id: unknown = new Map<string, unknown>(Object.entries(raw)).get(key);
  return typeof id === 'string' ? id : null;
}
