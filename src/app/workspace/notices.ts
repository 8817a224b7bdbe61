/** `astold notice`: which versions may have been shown, and what there is to sign. How two differ: `notice-diff.ts`. */
import { resolve } from 'node:path';
import { explicitTerms } from '../../documents/explicit.ts';
import type { Fault } from '../../documents/fault.ts';
import { nearest } from '../../documents/nearest.ts';
import { parseNotice } from '../../documents/notice.ts';
import { checkNotice, statementDigest } from '../../documents/notice-check.ts';
import { parseOrganisations } from '../../documents/organisations.ts';
import { readAll } from '../../documents/read-all.ts';
import { parseSignoff } from '../../documents/signoff.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { dayOf } from '../../policy/dates.ts';
import { candidatesAt } from '../../policy/history.ts';
import type { CivilDate, CollectedBy, Notice, StatementKind } from '../../policy/model.ts';

export class NoticeError extends Error {
  readonly code = 'notice-unknown';
  constructor(id: string, suggestion: string | null) {
    super(`there is no notice ${id}${suggestion === null ? '' : `; did you mean ${suggestion}?`}`);
    this.name = 'NoticeError';
  }
}

/**
 * The versions of the workspace's own organisation that may have been shown by that means on that day (A6), oldest
 * first. Others' notices are on file for what they tell, and were not shown to its members.
 */
export function noticesAt(
  { config, notices }: Pick<Workspace, 'config' | 'notices'>,
  collectedBy: CollectedBy,
  on: CivilDate,
): readonly Notice[] {
  const own = notices.filter((notice) => notice.organisation === config.organisation);
  return [...candidatesAt(own, collectedBy, on)].sort((a, b) =>
    a.shown.from === b.shown.from ? (a.id < b.id ? -1 : 1) : a.shown.from < b.shown.from ? -1 : 1,
  );
}

export type ShownStatement = {
  readonly id: string;
  readonly kind: StatementKind;
  /** What a sign-off quotes. */
  readonly digest: string;
  /** The explicit terms it tells (A4), and the people who signed for it as it stands. */
  readonly explicit: readonly string[];
  readonly signedBy: readonly string[];
};
export type ShownNotice = {
  readonly id: string;
  readonly file: string;
  /** Null where the notice itself has faults. */
  readonly notice: Notice | null;
  readonly statements: readonly ShownStatement[];
  /** Of this notice alone. */
  readonly faults: readonly Fault[];
};

/**
 * A notice version with the digests to sign. It is read on its own, so that it shows also where a sign-off that is
 * still missing keeps the workspace from loading. Throws `NoticeError` where there is none of that id.
 */
export async function showNotice(root: string, id: string): Promise<ShownNotice> {
  const texts = await readAll(resolve(root), 'workspace');
  const parsed = texts.in.notices.map((f) => parseNotice(f.file, f.text));
  const idOf = (n: (typeof parsed)[number]): string | null => n.head && `${n.head.notice}@${n.head.version}`;
  const found = parsed.find((n) => idOf(n) === id);
  if (!found)
    throw new NoticeError(
      id,
      nearest(
        id,
        parsed.flatMap((n) => idOf(n) ?? []),
      ),
    );
  const register = texts.register
    ? parseOrganisations(texts.register.file, texts.register.text).organisations
    : [];
  const organisations = new Map(register.map((o) => [o.id, o]));
  const explicit = texts.rules?.explicit ?? [];
  const today = dayOf(Date.now());
  const signoffs = texts.in.signoffs.flatMap((f) => parseSignoff(f.file, f.text, today).signoff ?? []);
  const checked = checkNotice(found, { organisations, explicit, signoffs });
  return {
    id,
    file: found.file,
    notice: checked.notice ?? found.notice,
    statements: found.statements.map((statement) => {
      const digest = statementDigest(statement);
      const signed = signoffs.flatMap((s) =>
        s.kind === 'mapping' &&
        s.signoff.notice === id &&
        s.signoff.statement === statement.document.id &&
        s.signoff.digest === digest
          ? [s.signoff.by]
          : [],
      );
      const terms = explicitTerms(statement.document, explicit, organisations).map((t) => t.explicit.term);
      return {
        id: statement.document.id,
        kind: statement.document.kind,
        digest,
        explicit: terms,
        signedBy: signed,
      };
    }),
    faults: [...found.faults, ...checked.faults],
  };
}
