/** What is wrong with a document, where, and what to do about it. */

/** Stable codes; tests and tools may rely on them. */
export type FaultCode =
  | 'alias-refused'
  | 'audience-invalid'
  | 'clock-unexpected'
  | 'columns-missing'
  | 'controller-not-named'
  | 'date-in-future'
  | 'date-invalid'
  | 'dates-out-of-order'
  | 'document-empty'
  | 'document-missing'
  | 'document-unreadable'
  | 'duplicate-id'
  | 'duplicate-key'
  | 'duplicate-name'
  | 'duplicate-role'
  | 'explicit-not-first-layer'
  | 'explicit-words-missing'
  | 'front-matter-missing'
  | 'heading-not-found'
  | 'heading-not-unique'
  | 'id-invalid'
  | 'instant-invalid'
  | 'layers-invalid'
  | 'missing-key'
  | 'not-coarsenable'
  | 'out-of-range'
  | 'pack-softer'
  | 'period-invalid'
  | 'quote-in-other-layer'
  | 'quote-not-in-text'
  | 'quote-too-short'
  | 'rules-overlap'
  | 'set-empty'
  | 'set-unreadable'
  | 'severity-refused'
  | 'signoff-missing'
  | 'signoff-same-person'
  | 'signoff-stale'
  | 'text-empty'
  | 'unknown-category'
  | 'unknown-collection'
  | 'unknown-column'
  | 'unknown-consent'
  | 'unknown-field'
  | 'unknown-key'
  | 'unknown-notice'
  | 'unknown-organisation'
  | 'unknown-reason'
  | 'unknown-request'
  | 'unknown-source'
  | 'unknown-statement'
  | 'unknown-term'
  | 'unknown-value'
  | 'wrong-shape'
  | 'wrong-type'
  | 'yaml-syntax';

export type Fault = {
  readonly code: FaultCode;
  /** The file as it should be shown: relative to the workspace. */
  readonly file: string;
  /** One-based; `length` is in characters and stays within the line. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** What stands there, as written; null where nothing does. */
  readonly found: string | null;
  readonly expected: string;
  /** What may have been meant, to be put in place of `found`. */
  readonly suggestion: string | null;
  /** What to do, where a suggestion does not say it. */
  readonly help: string | null;
  /** The rule of the semantics that asks for it. */
  readonly rule: string | null;
};

/** A secret key that somebody pasted where its public half belongs, blotted out as long as it is: it is never shown. */
function withoutKeys(text: string): string {
  return text.replaceAll(
    /AGE-SECRET-KEY-[A-Z0-9]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gi,
    (key) => key.replaceAll(/[^\n]/g, '*'),
  );
}

/** All faults of one or more documents. `sources` holds the text of each faulty file, for showing the place. */
export class DocumentError extends Error {
  readonly code = 'document-invalid';
  readonly faults: readonly Fault[];
  readonly sources: ReadonlyMap<string, string>;

  constructor(faults: readonly Fault[], sources: ReadonlyMap<string, string>) {
    const [given] = faults;
    const first = given && { ...given, found: given.found && withoutKeys(given.found) };
    const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
    super(first ? `${faultLine(first)}${more}` : 'a document is not valid');
    this.name = 'DocumentError';
    this.faults = faults.map((fault) => ({ ...fault, found: fault.found && withoutKeys(fault.found) }));
    this.sources = new Map([...sources].map(([file, text]) => [file, withoutKeys(text)]));
  }
}

/** What is said of a fault, without its place. */
export function faultMessage(fault: Fault): string {
  const lacking = fault.code === 'missing-key' || fault.found === null;
  const said = lacking
    ? `expected ${fault.expected}`
    : `expected ${fault.expected}, found ${quoted(fault.found)}`;
  const meant = fault.suggestion === null ? '' : ` Did you mean ${fault.suggestion}?`;
  return `${said}.${meant}${fault.rule === null ? '' : ` [${fault.rule}]`}`;
}

/** One line: `file:line:column  code  message`. */
export function faultLine(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}  ${fault.code}  ${faultMessage(fault)}`;
}

/**
 * A fault with its place marked by carets, in plain text:
 *
 *     error: requests/party-mailing.yaml:14:11
 *       purpose: dpv:PolitcalCampaign
 *                ^^^^^^^^^^^^^^^^^^^^ expected a purpose of the vocabulary. Did you mean dpv:PoliticalCampaign?
 *       Purposes: astold vocab purposes
 */
export function formatFault(fault: Fault, sourceText: string): string {
  const line = (sourceText.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)[fault.line - 1] ?? '').replaceAll(
    '\t',
    ' ',
  );
  const indent = line.length - line.trimStart().length;
  const shown = line.trim();
  const before = Math.max(0, Math.min(fault.column - 1 - indent, shown.length));
  const carets = '^'.repeat(Math.max(1, Math.min(fault.length, shown.length - before)));
  const out = [`error: ${fault.file}:${fault.line}:${fault.column}`];
  if (shown !== '') out.push(`  ${shown}`);
  out.push(`  ${' '.repeat(before)}${carets} ${faultMessage(fault)}`);
  if (fault.help !== null) out.push(`  ${fault.help}`);
  return out.join('\n');
}

/** Every fault of an error, in order of file and place. */
export function formatFaults(error: DocumentError): string {
  return error.faults.map((fault) => formatFault(fault, error.sources.get(fault.file) ?? '')).join('\n\n');
}

function quoted(text: string | null): string {
  const short = (text ?? '').length > 80 ? `${(text ?? '').slice(0, 79)}…` : (text ?? '');
  return /^".*"$/.test(short) ? short : `"${short}"`;
}

/** In order of file, line, column and code, each once. */
export function inOrder(faults: readonly Fault[]): readonly Fault[] {
  const compare = (a: Fault, b: Fault): number =>
    a.file !== b.file
      ? a.file < b.file
        ? -1
        : 1
      : a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : 1);
  return [...faults].sort(compare);
}
