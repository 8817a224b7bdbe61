/** The short documents that rules read, checked against the rest of the workspace. */
import type { Approval, Assessment, CivilDate, Duty, Freeze, Upstream } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { nearest } from './nearest.ts';
import type { Path, YamlFile } from './parse-yaml.ts';
import type { Texts } from './read-all.ts';
import {
  type Parsed,
  parseApproval,
  parseAssessment,
  parseDuties,
  parseFreezes,
  parseUpstream,
} from './records.ts';
import { type NoticeIndex, noticeFaults } from './references.ts';

/** A document by its kind and id; `key` is where the id stands in it. */
export type Known = {
  readonly kind: string;
  readonly key: string;
  readonly yaml: YamlFile;
  readonly id: string | null;
};
type Ground = {
  readonly named: (yaml: YamlFile, path: Path, id: string) => readonly Fault[];
  readonly notices: NoticeIndex;
  readonly requests: ReadonlySet<string>;
  /** The real day (B8). */
  readonly today: CivilDate;
};
export type Records = {
  readonly values: {
    readonly assessments: readonly Assessment[];
    readonly approvals: readonly Approval[];
    readonly upstream: readonly Upstream[];
    readonly duties: readonly Duty[] | null;
    readonly freezes: readonly Freeze[] | null;
  };
  readonly known: readonly Known[];
  readonly faults: readonly Fault[];
};

export function gatherRecords(texts: Texts, { named, notices, requests, today }: Ground): Records {
  const assessments = texts.in.assessments.map((f) => parseAssessment(f.file, f.text));
  const approvals = texts.in.approvals.map((f) => parseApproval(f.file, f.text, today));
  const upstream = texts.in.upstream.map((f) => parseUpstream(f.file, f.text));
  const duties = texts.duties && parseDuties(texts.duties.file, texts.duties.text);
  const freezes = texts.freezes && parseFreezes(texts.freezes.file, texts.freezes.text);
  const faults = [
    ...[
      ...assessments,
      ...approvals,
      ...upstream,
      ...(duties ? [duties] : []),
      ...(freezes ? [freezes] : []),
    ].flatMap((p) => p.faults),
    ...references(assessments, (yaml, a) => [
      ...named(yaml, ['organisation'], a.organisation),
      ...(a.notice === null ? [] : noticeFaults(yaml, ['notice'], a.notice, notices)),
    ]),
    ...references(approvals, (yaml, a) => {
      if (requests.has(a.request)) return [];
      const suggestion = nearest(a.request, requests);
      return [
        yaml.at(['request'], {
          code: 'unknown-request',
          expected: 'the id of a request',
          suggestion,
          rule: 'B8',
        }),
      ];
    }),
    ...references(upstream, (yaml, u) => [
      ...named(yaml, ['supplier'], u.supplier),
      ...u.statements.flatMap((s, i) =>
        (s.recipients?.organisations ?? []).flatMap((id, j) =>
          named(yaml, ['statements', i, 'recipients', 'organisations', j], id),
        ),
      ),
    ]),
    ...references(duties ? [duties] : [], (yaml, list) =>
      list.flatMap((d, i) => named(yaml, ['duties', i, 'party'], d.party)),
    ),
    ...references(freezes ? [freezes] : [], (yaml, list) =>
      list.flatMap((f, i) => (f.party === null ? [] : named(yaml, ['freezes', i, 'party'], f.party))),
    ),
  ];
  const known = (kind: string, parsed: readonly Parsed<{ readonly id: string }>[]): readonly Known[] =>
    parsed.map((p) => ({ kind, key: kind, yaml: p.yaml, id: p.value?.id ?? null }));
  return {
    values: {
      assessments: valuesOf(assessments),
      approvals: valuesOf(approvals),
      upstream: valuesOf(upstream),
      duties: duties?.value ?? null,
      freezes: freezes?.value ?? null,
    },
    known: [
      ...known('assessment', assessments),
      ...known('approval', approvals),
      ...known('upstream', upstream),
    ],
    faults,
  };
}

function valuesOf<T>(parsed: readonly Parsed<T>[]): readonly T[] {
  return parsed.flatMap((p) => (p.value === null ? [] : [p.value]));
}

function references<T>(
  parsed: readonly Parsed<T>[],
  faultsOf: (yaml: YamlFile, value: T) => readonly Fault[],
): readonly Fault[] {
  return parsed.flatMap((p) => (p.value === null ? [] : faultsOf(p.yaml, p.value)));
}
