/** What documents say of each other: every id they name is there, and each is given once (A1). */
import type { Organisation } from '../policy/model.ts';
import type { Fault } from './fault.ts';
import { nearest } from './nearest.ts';
import type { ParsedNotice } from './notice.ts';
import { organisationFaults } from './organisations.ts';
import type { Path, YamlFile } from './parse-yaml.ts';
import type { Signoff } from './signoff.ts';
import type { SourceDocument } from './source.ts';

/** A fault at each id that another file gave before. */
export function givenTwice(
  documents: readonly { readonly yaml: YamlFile; readonly id: string; readonly path: Path }[],
  what: string,
): readonly Fault[] {
  const first = new Map<string, string>();
  return documents.flatMap(({ yaml, id, path }) => {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, yaml.file);
      return [];
    }
    return [
      yaml.at(path, {
        code: 'duplicate-id',
        expected: `each ${what} id once; ${before} gives it too`,
        found: id,
      }),
    ];
  });
}

export type NoticeIndex = {
  /** The ids of all notice versions, those with faults too. */
  readonly ids: ReadonlySet<string>;
  /** The consents and statements each asks and makes. */
  readonly consents: ReadonlyMap<string, ReadonlySet<string>>;
  readonly statements: ReadonlyMap<string, ReadonlySet<string>>;
};

export function indexNotices(notices: readonly ParsedNotice[]): NoticeIndex {
  const headed = notices.flatMap((n) =>
    n.head ? [{ id: `${n.head.notice}@${n.head.version}`, notice: n }] : [],
  );
  return {
    ids: new Set(headed.map((h) => h.id)),
    consents: new Map(headed.map((h) => [h.id, new Set(h.notice.consents.map((c) => c.document.id))])),
    statements: new Map(headed.map((h) => [h.id, new Set(h.notice.statements.map((s) => s.document.id))])),
  };
}

export function noticeFaults(yaml: YamlFile, path: Path, id: string, notices: NoticeIndex): readonly Fault[] {
  if (notices.ids.has(id)) return [];
  return [
    yaml.at(path, {
      code: 'unknown-notice',
      expected: 'the id of a notice version on file',
      suggestion: nearest(id, notices.ids),
      rule: 'A6',
    }),
  ];
}

/** The references of one source: its organisation, the notices and the consents it names. */
export function sourceReferences(
  yaml: YamlFile,
  source: SourceDocument,
  register: ReadonlyMap<string, Organisation>,
  notices: NoticeIndex,
): readonly Fault[] {
  const constant = (value: object | null, path: Path): readonly Fault[] =>
    value !== null && 'constant' in value && typeof value.constant === 'string'
      ? noticeFaults(yaml, [...path, 'constant'], value.constant, notices)
      : [];
  return [
    ...organisationFaults(yaml, ['organisation'], source.organisation, register),
    ...source.collections.flatMap((c, i) => [
      ...constant(c.notice, ['collections', i, 'notice']),
      ...c.reconstructed.flatMap((r, j) =>
        noticeFaults(yaml, ['collections', i, 'reconstructed', j, 'notice'], r.notice, notices),
      ),
    ]),
    ...source.presented.flatMap((p, i) => constant(p.notice, ['presented', i, 'notice'])),
    ...source.consents.flatMap((c, i) => {
      if (c.notice !== null && !notices.ids.has(c.notice))
        return noticeFaults(yaml, ['consents', i, 'notice'], c.notice, notices);
      const asked = new Set(
        c.notice === null
          ? [...notices.consents.values()].flatMap((ids) => [...ids])
          : (notices.consents.get(c.notice) ?? []),
      );
      if (asked.has(c.consent)) return [];
      const expected = c.notice === null ? 'a consent that a notice asks' : `a consent that ${c.notice} asks`;
      return [
        yaml.at(['consents', i, 'consent'], {
          code: 'unknown-consent',
          expected,
          suggestion: nearest(c.consent, asked),
          rule: 'C1',
        }),
      ];
    }),
  ];
}

/** A sign-off of what is not there signs nothing: it is said, not passed over. */
export function signoffReferences(
  { kind, yaml, signoff }: Signoff,
  notices: NoticeIndex,
  sources: ReadonlyMap<string, SourceDocument>,
): readonly Fault[] {
  const unknown = noticeFaults(yaml, ['notice'], signoff.notice, notices);
  if (unknown.length > 0) return unknown;
  switch (kind) {
    case 'mapping': {
      const statements = notices.statements.get(signoff.notice) ?? new Set<string>();
      if (statements.has(signoff.statement)) return [];
      const expected = `a statement of ${signoff.notice}: ${[...statements].join(', ') || 'it has none'}`;
      return [
        yaml.at(['statement'], {
          code: 'unknown-statement',
          expected,
          suggestion: nearest(signoff.statement, statements),
          rule: 'A4',
        }),
      ];
    }
    case 'reconstruction': {
      const source = sources.get(signoff.source);
      if (!source) {
        const suggestion = nearest(signoff.source, sources.keys());
        return [
          yaml.at(['source'], {
            code: 'unknown-source',
            expected: 'the id of a source',
            suggestion,
            rule: 'A6',
          }),
        ];
      }
      const ids = source.collections.map((c) => c.id);
      if (ids.includes(signoff.collection)) return [];
      const detail = {
        code: 'unknown-collection',
        expected: `a collection of ${source.source}`,
        suggestion: nearest(signoff.collection, ids),
        rule: 'A6',
      } as const;
      return [yaml.at(['collection'], detail)];
    }
  }
}
