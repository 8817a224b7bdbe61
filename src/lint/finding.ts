/** What the notice linter says, and where. A finding is a question to a person, never a judgement of law. */
import type { Label } from '../policy/rules.ts';

/** The family of a finding. `document`: the file cannot be read as a notice at all. */
export type LintRule = 'vague' | 'missing' | 'consent' | 'quote' | 'document';
/** `note`: needed only in a case that the text does not settle. */
export type LintLevel = 'error' | 'warning' | 'note';

/** Where the rule comes from, in the law of the notice's own time. */
export type Cited = { readonly label: Label; readonly source: string };

export type LintFinding = Cited & {
  readonly rule: LintRule;
  /** Stable, `rule/topic`: `vague/selected-third-parties`. */
  readonly id: string;
  readonly level: LintLevel;
  readonly file: string;
  /** All 1-based, columns in UTF-16 code units; the end is exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
};

/** A stretch of the file's text, as offsets in UTF-16 code units; the end is exclusive. */
export type Span = { readonly start: number; readonly end: number };
/** A finding before its span is turned into lines and columns. */
export type SpanFinding = Cited & {
  readonly rule: LintRule;
  readonly id: string;
  readonly level: LintLevel;
  readonly span: Span;
  readonly message: string;
};
