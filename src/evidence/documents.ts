/** The documents a release was judged on, as evidence: enough to judge it again, and no path of anybody's machine (E2). */
import { z } from 'zod';
import { digestOf } from '../documents/digest.ts';
import type { GateContext } from '../policy/judgement.ts';
import type { CivilDate, Instant } from '../policy/model.ts';
import { EvidenceError } from './evidence-error.ts';

/** `digest` identifies it, as in the manifest; `document` is what was judged, null where there was none. */
export type DocumentEntry = {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly digest: string;
  readonly document: unknown;
};
const kinds = [
  'request',
  'source',
  'agreement',
  'rules',
  'approval',
  'organisations',
  'duties',
  'freezes',
  'notice',
  'upstream',
  'assessment',
  'suppression-list',
] as const;
type DocumentKind = (typeof kinds)[number];

/** Every document of a context, in its order, which the order of verdicts follows. */
export function documentEntries(context: GateContext): readonly DocumentEntry[] {
  const found: DocumentEntry[] = [];
  const add = (kind: DocumentKind, id: string, digest: string, document: unknown): void => {
    found.push({ kind, id, digest, document });
  };
  const { request, source, agreement, rules, approval } = context;
  add('request', request.id, request.digest, request);
  add('source', source.id, source.digest, withoutPaths(source));
  if (agreement) add('agreement', agreement.id, agreement.digest, agreement);
  if (rules) add('rules', rules.id, rules.digest, rules);
  if (approval.given) add('approval', approval.given.by, approval.given.digest, approval.given);
  const { organisations, duties, freezes } = context;
  for (const [kind, document] of [
    ['organisations', organisations],
    ['duties', duties],
    ['freezes', freezes],
  ] as const)
    add(kind, kind, digestOf(document), document);
  for (const notice of context.notices) add('notice', notice.id, notice.digest, notice);
  for (const upstream of context.upstream) add('upstream', upstream.id, upstream.digest, upstream);
  for (const assessment of context.assessments)
    add('assessment', assessment.id, assessment.digest, assessment);
  for (const { list } of context.lists) add('suppression-list', list.id, list.digest, withoutPaths(list));
  return found;
}

/** The name of a file says what it is; where it lay is nobody's business. */
function withoutPaths(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPaths);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'path' && typeof inner === 'string' ? inner.replace(/^.*[\\/]/, '') : withoutPaths(inner),
    ]),
  );
}

export type DocumentDigest = { readonly kind: string; readonly id: string; readonly digest: string };

/** What the manifest names: each document, and what a second person has signed for, as the notices were judged with it. */
export function documentDigests(
  entries: readonly DocumentEntry[],
  notices: GateContext['notices'],
): readonly DocumentDigest[] {
  const signed = notices.map((n) => [n.id, n.statements.map((s) => [s.id, s.signedTerms])]);
  const all = [
    ...entries.map(({ kind, id, digest }) => ({ kind, id, digest })),
    { kind: 'signoffs', id: 'signoffs', digest: digestOf(signed) },
  ];
  return all.sort((a, b) => compareText(`${a.kind}\n${a.id}`, `${b.kind}\n${b.id}`));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What else a judgement rests on. */
export type JudgedAt = {
  readonly cutOff: Instant;
  readonly day: CivilDate;
  readonly preferencesReadable: boolean;
  /** Of each list, in the order of the documents, whether it could be read. */
  readonly listsReadable: readonly boolean[];
};

const entrySchema = z.strictObject({
  kind: z.enum(kinds),
  id: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  document: z.union([z.looseObject({}), z.array(z.unknown()), z.null()]),
});

/** Throws EvidenceError `evidence-malformed`. */
export function readDocuments(value: unknown): readonly DocumentEntry[] {
  const result = z.array(entrySchema).safeParse(value);
  if (!result.success) throw malformed('a document of it is not in its format');
  for (const { kind, id, digest, document } of result.data) {
    const own = whole.has(kind) ? digestOf(document) : ownDigest(document);
    if (own !== digest) throw malformed(`the ${kind} "${id}" does not have the digest it is named with`);
  }
  return result.data;
}

const whole: ReadonlySet<string> = new Set(['organisations', 'duties', 'freezes']);
const ownDigest = (document: unknown): unknown =>
  typeof document === 'object' && document !== null && 'digest' in document ? document.digest : null;

/**
 * The context of a release, made again: a release needs its approval whatever anybody says (B8). What a document holds
 * inside was checked when it was read by whoever made the release; where it was changed since, the judgement comes out
 * otherwise, or fails.
 */
export function contextOf(entries: readonly DocumentEntry[], at: JudgedAt): GateContext {
  const of = (kind: DocumentKind): readonly unknown[] =>
    entries.filter((entry) => entry.kind === kind).map(({ document }) => document);
  const one = (kind: DocumentKind): unknown => {
    const [found, more] = of(kind);
    if (more !== undefined) throw malformed(`there are several documents of the kind ${kind}`);
    return found ?? null;
  };
  const lists = of('suppression-list');
  if (one('request') === null || one('source') === null || one('organisations') === null)
    throw malformed('it lacks the request, the source or the register of organisations');
  if (lists.length !== at.listsReadable.length)
    throw malformed(
      `it has ${lists.length} suppression lists, and says of ${at.listsReadable.length} whether they were read`,
    );
  // The one place where what was read is taken for what it says it is.
  return {
    request: one('request'),
    source: one('source'),
    agreement: one('agreement'),
    rules: one('rules'),
    approval: { required: true, given: one('approval') },
    organisations: one('organisations'),
    duties: one('duties'),
    freezes: one('freezes'),
    notices: of('notice'),
    upstream: of('upstream'),
    assessments: of('assessment'),
    lists: lists.map((list, i) => ({ list, readable: at.listsReadable[i] === true })),
    cutOff: at.cutOff,
    day: at.day,
    preferencesReadable: at.preferencesReadable,
  } as GateContext;
}

const malformed = (what: string): EvidenceError =>
  new EvidenceError(
    'evidence-malformed',
    `documents.json cannot be judged: ${what}; it was changed, or is of another version`,
  );
