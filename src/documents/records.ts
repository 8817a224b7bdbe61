/** The short documents rules read: assessments, approvals, upstream terms, duties and freezes (A7, A8, B3, B5, B8). */
import { z } from 'zod';
import type { Approval, Assessment, CivilDate, Duty, Freeze, Upstream } from '../policy/model.ts';
import { digestOf } from './digest.ts';
import type { Fault } from './fault.ts';
import { futureFaults } from './future.ts';
import { civilDate, closedRange, id, keyed, noticeId, orNull, purpose, sha256, words } from './leaves.ts';
import { check, parseYaml, readYaml, type YamlFile } from './parse-yaml.ts';
import { parts, twice } from './parts.ts';
import { statementFaults, statementSchema, toStatement } from './statement.ts';

/** A document read: `value` is null where it has faults. */
export type Parsed<T> = {
  readonly yaml: YamlFile;
  readonly value: T | null;
  readonly faults: readonly Fault[];
};

const assessmentSchema = keyed({
  assessment: id,
  kind: z.enum(['legitimate-interests', 'compatibility']),
  organisation: id,
  purposes: z.array(purpose).min(1, { error: 'at least one purpose' }),
  notice: orNull(noticeId),
  'in-force': closedRange,
  outcome: words,
  by: words,
});

export function parseAssessment(file: string, text: string): Parsed<Assessment> {
  const { yaml, value: v, faults } = parseYaml(file, text, assessmentSchema);
  if (v === null) return { yaml, value: null, faults };
  const found = disorder(yaml, ['in-force', 'until'], v['in-force']);
  if (v.kind === 'compatibility' && v.notice === null) {
    found.push(
      yaml.at([], {
        code: 'missing-key',
        expected: 'the key notice: the version that tells the new purpose',
        found: null,
        rule: 'A7',
      }),
    );
  }
  const value: Assessment = {
    id: v.assessment,
    kind: v.kind,
    organisation: v.organisation,
    purposes: v.purposes,
    notice: v.notice,
    inForce: v['in-force'],
    digest: digestOf(yaml.raw),
  };
  return { yaml, value: found.length > 0 ? null : value, faults: found };
}

const approvalSchema = keyed({
  approval: id,
  request: id,
  'request-digest': sha256,
  by: words,
  on: civilDate,
  'lawful-because': words,
});
export type NamedApproval = Approval & { readonly id: string };

/** `today` is the real day: what is to be approved later is not approved. */
export function parseApproval(file: string, text: string, today: CivilDate): Parsed<NamedApproval> {
  const { yaml, value: v, faults } = parseYaml(file, text, approvalSchema);
  if (v === null) return { yaml, value: null, faults };
  const early = futureFaults(yaml, v.on, today, 'B8');
  if (early.length > 0) return { yaml, value: null, faults: early };
  const value: NamedApproval = {
    id: v.approval,
    request: v.request,
    requestDigest: v['request-digest'],
    by: v.by,
    on: v.on,
    lawfulBecause: v['lawful-because'],
    digest: digestOf(yaml.raw),
  };
  return { yaml, value, faults: [] };
}

const upstreamSchema = keyed({
  upstream: id,
  supplier: id,
  until: orNull(civilDate),
  statements: z.array(z.unknown()),
});

/** Upstream terms have no text here to hold quotes against, and none of their terms is signed for: explicit ones cover nothing (A4). */
export function parseUpstream(file: string, text: string): Parsed<Upstream> {
  const { yaml, value: v, faults } = parseYaml(file, text, upstreamSchema);
  const raw =
    typeof yaml.raw === 'object' && yaml.raw !== null && 'statements' in yaml.raw ? yaml.raw.statements : [];
  const statements = parts(yaml, statementSchema, raw, 'statements');
  const found = [
    ...faults,
    ...statements.faults,
    ...statements.found.flatMap((s) => statementFaults(yaml, s.path, s.document)),
    ...twice(yaml, statements.found, 'statement'),
  ];
  if (v === null || found.length > 0) return { yaml, value: null, faults: found };
  const value: Upstream = {
    id: v.upstream,
    supplier: v.supplier,
    until: v.until,
    statements: statements.found.map((s) => toStatement(s.document, [])),
    digest: digestOf(yaml.raw),
  };
  return { yaml, value, faults: [] };
}

const dutySchema = keyed({ party: id, what: words, due: civilDate, done: orNull(civilDate) });
export function parseDuties(file: string, text: string): Parsed<readonly Duty[]> {
  return parseList(file, text, 'duties', dutySchema);
}

const freezeSchema = keyed({
  party: orNull(id),
  purpose: orNull(purpose),
  from: civilDate,
  until: orNull(civilDate),
  why: words,
});
export function parseFreezes(file: string, text: string): Parsed<readonly Freeze[]> {
  const parsed = parseList(file, text, 'freezes', freezeSchema);
  const found = (parsed.value ?? []).flatMap((freeze, i) =>
    disorder(parsed.yaml, ['freezes', i, 'until'], freeze),
  );
  return found.length > 0 ? { ...parsed, value: null, faults: found } : parsed;
}

function parseList<T>(file: string, text: string, key: string, schema: z.ZodType<T>): Parsed<readonly T[]> {
  const yaml = readYaml(file, text, 1);
  if (yaml.faults.length > 0) return { yaml, value: null, faults: yaml.faults };
  const { value, faults } = check(yaml, keyed({ [key]: z.array(schema) }), yaml.raw, []);
  return { yaml, value: value?.[key] ?? null, faults };
}

function disorder(
  yaml: YamlFile,
  path: readonly PropertyKey[],
  range: { readonly from: string; readonly until: string | null },
): Fault[] {
  if (range.until === null || range.from <= range.until) return [];
  return [yaml.at(path, { code: 'dates-out-of-order', expected: `a day not before ${range.from}` })];
}
