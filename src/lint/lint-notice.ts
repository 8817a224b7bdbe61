/** The notice linter: pure, from a notice's text to findings. It says *ambiguous, a person must decide*. */
import { parseNotice } from '../documents/notice.ts';
import type { Layer } from '../documents/notice-text.ts';
import { consentFindings } from './consents.ts';
import { readDraft } from './draft.ts';
import type { LintFinding, SpanFinding } from './finding.ts';
import { placed } from './lines.ts';
import { missingFindings } from './missing.ts';
import { quoteFindings } from './quotes.ts';
import { vagueFindings } from './vague.ts';

export type LintInput = {
  /** As it is to be shown: relative to the workspace. */
  readonly file: string;
  /** The whole notice file, front matter and body. */
  readonly text: string;
  /** The legal name and aliases of an organisation by id, from the register; none where it is not on it. */
  readonly namesOf: (organisation: string) => readonly string[];
};

/** All findings of one notice, in the order of its text. Never throws: a notice that cannot be read is a finding. */
export function lintNotice({ file, text, namesOf }: LintInput): readonly LintFinding[] {
  const draft = readDraft(file, text);
  const layers = layersOf(file, text);
  const names = draft.organisation === null ? [] : namesOf(draft.organisation);
  const faults = draft.faults.map(
    ({ message, span }): SpanFinding => ({
      rule: 'document',
      id: 'document/unreadable',
      level: 'error',
      span,
      message,
      label: 'policy',
      source: 'rule C9',
    }),
  );
  const undated: readonly SpanFinding[] =
    draft.shownFrom !== null || faults.length > 0
      ? []
      : [
          {
            rule: 'document',
            id: 'document/no-date',
            level: 'error',
            span: { start: 0, end: 3 },
            message:
              'does not say from when it was shown (shown: { from: YYYY-MM-DD }): read under the law of today',
            label: 'policy',
            source: 'rule A6',
          },
        ];
  return placed(file, text, [
    ...faults,
    ...undated,
    ...vagueFindings(draft, layers),
    ...missingFindings(draft, names),
    ...consentFindings(draft),
    ...quoteFindings(draft, layers),
  ]);
}

/** The layers as loading cuts them; null where the front matter does not say how. */
function layersOf(file: string, text: string): readonly Layer[] | null {
  const { head, layers } = parseNotice(file, text);
  return head !== null && layers.length > 0 && layers.length === head.layers.length ? layers : null;
}
