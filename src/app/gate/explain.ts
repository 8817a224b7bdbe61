/** `astold explain`: one record decided in memory, every reason with its words, and held against the SQL. */
import { decisionsTable } from '../../bulk/compile.ts';
import type { Row, SqlValue } from '../../bulk/engine.ts';
import { rejectedLines } from '../../bulk/ingest/rejects.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type Decision, decide } from '../../policy/decide.ts';
import type { Child, PersonFacts } from '../../policy/facts.ts';
import { parseHistory } from '../../policy/history.ts';
import type { Finding, History, Known } from '../../policy/judgement.ts';
import type { CivilDate, Value } from '../../policy/model.ts';
import { type Reason, type ReasonCode, reasonsIn } from '../../policy/reasons.ts';
import { type Label, labelDay, ruleShown } from '../../policy/rules.ts';
import { askedOf, type Gate, GateError, type GateOptions, openGate } from './context.ts';
import { prepare } from './decide-all.ts';
import { permissionOf, stopOf } from './event-rows.ts';

export type ExplainedReason = Reason & {
  readonly label: Label | null;
  readonly citation: string | null;
  readonly findings: readonly Finding[];
};
export type Explanation = {
  readonly record: string;
  readonly day: CivilDate;
  readonly mark: Gate['mark'];
  /** Nothing in the rules refuses. */
  readonly released: boolean;
  readonly known: Known;
  /** By collection, the notices on record. */
  readonly histories: ReadonlyMap<string, History>;
  /** In the order of the table. */
  readonly reasons: readonly ExplainedReason[];
};

/**
 * Why one record would or would not go. Errors: `record-unknown`; `deciders-disagree`, a fault of the program, if
 * the interpreter and the SQL differ on this record.
 */
export async function explain(
  workspace: Workspace,
  requestId: string,
  record: string,
  options: GateOptions,
): Promise<Explanation> {
  const gate = await openGate(workspace, askedOf(workspace, requestId, options.asOf), false, options);
  try {
    const row = await rowOf(gate, record);
    const { judgement, standing, matches, statements } = await prepare(gate, null, Number(row.row));
    const keys = await historyKeys(gate, row);
    const verdicts = new Map<string, number>();
    for (const { collection, base, later, verdict } of judgement.assignments) {
      const key = keys.get(collection);
      if (key && standing.get(collection)?.get(key.base) === base && key.later === later)
        verdicts.set(collection, verdict);
    }
    const decision = decide(judgement, gate.source, await factsOf(gate, row, keys, matches), verdicts);
    for (const statement of statements) await gate.engine.run(statement);
    const [decided] = await gate.engine.rows(`SELECT reasons FROM ${decisionsTable}`);
    const bits = BigInt(decided?.reasons ?? -1);
    if (bits !== decision.bits) {
      throw new GateError(
        'deciders-disagree',
        `record ${record}: the interpreter says ${names(decision.bits)}, the SQL says ${names(bits)}; nothing may be released until this is mended`,
      );
    }
    const primary = gate.source.collections[0]?.id ?? '';
    return explanation(gate, record, keys, decision, text(row[`on_${primary}`]));
  } finally {
    gate.close();
  }
}

const names = (bits: bigint): string =>
  reasonsIn(bits)
    .map((r) => r.code)
    .join(', ') || 'nothing refuses';

function explanation(
  gate: Gate,
  record: string,
  keys: HistoryKeys,
  decision: Decision,
  collectedOn: CivilDate | null,
): Explanation {
  const { rules } = gate.context;
  const found = (code: ReasonCode) => decision.findings.filter((finding) => finding.reason === code);
  const ruleOf = (code: ReasonCode) =>
    rules === null ? null : ruleShown(rules, code, found(code), labelDay(code, collectedOn, gate.day));
  return {
    record,
    day: gate.day,
    mark: gate.mark,
    released: decision.bits === 0n,
    known: decision.known,
    histories: new Map(
      [...keys].map(([collection, { base, later }]) => [collection, parseHistory(base, later)]),
    ),
    reasons: reasonsIn(decision.bits).map((reason) => ({
      ...reason,
      label: ruleOf(reason.code)?.label ?? null,
      citation: ruleOf(reason.code)?.citation ?? null,
      findings: found(reason.code),
    })),
  };
}

async function rowOf(gate: Gate, record: string): Promise<Row> {
  const { engine, files } = gate;
  const { dialect } = engine;
  const [row] = await engine.rows(
    `SELECT * FROM ${dialect.parquet(files.records)} r WHERE r.rid = ${dialect.literal(record)}`,
  );
  if (!row) throw new GateError('record-unknown', await whyUnknown(gate, record));
  return row;
}

/** Where the record may be instead: among the rows that could not be read. */
async function whyUnknown({ engine, snapshot, source }: Gate, record: string): Promise<string> {
  const unknown = `no record "${record}" in source ${source.id}`;
  const { rejectsFile, rejected } = snapshot;
  if (rejected === 0 || rejectsFile === null) return `${unknown}; every row of it could be read`;
  const lines = await rejectedLines(engine, rejectsFile, record);
  return lines.length === 0
    ? `${unknown}, nor among the ${rejected} that could not be read: ${rejectsFile}`
    : `${unknown}: it is, or may be, the row on line ${lines.join(', ')} that could not be read: ${rejectsFile}`;
}

type HistoryKeys = ReadonlyMap<string, { readonly base: string; readonly later: string }>;

async function historyKeys({ engine, files, source }: Gate, row: Row): Promise<HistoryKeys> {
  const [found] = await rowsOf(engine, files.later, row);
  const later = text(found?.later) ?? '';
  return new Map(source.collections.map(({ id }) => [id, { base: text(row[`h_${id}`]) ?? '', later }]));
}

function rowsOf(engine: Gate['engine'], path: string, row: Row): Promise<readonly Row[]> {
  return engine.rows(
    `SELECT * FROM ${engine.dialect.parquet(path)} x WHERE x."row" = ${engine.dialect.literal(Number(row.row))}`,
  );
}

/** The snapshot's columns of one record as the facts the interpreter reads. */
async function factsOf(
  { engine, files, source }: Gate,
  row: Row,
  keys: HistoryKeys,
  matches: readonly { readonly list: string; readonly path: string }[],
): Promise<PersonFacts> {
  const fields = source.fields.map((f) => f.name);
  const lists: { list: string; match: 'exact' | 'near' | 'unmatchable' }[] = [];
  for (const { list, path } of matches) {
    for (const found of await rowsOf(engine, path, row))
      lists.push({
        list,
        match: found.match === 'exact' || found.match === 'near' ? found.match : 'unmatchable',
      });
  }
  return {
    record: String(row.rid),
    histories: new Map(
      [...keys].map(([collection, { base, later }]) => [collection, parseHistory(base, later)]),
    ),
    collectedOn: new Map(source.collections.map(({ id }) => [id, text(row[`on_${id}`])])),
    values: new Map(fields.map((name) => [name, typedValue(row[`f_${name}`])])),
    children: source.children.flatMap(({ birthDate }, i) =>
      childOf(row[`f_${birthDate}`], row[`ch_${i}_state`]),
    ),
    consents: source.consents.map(({ consent, notice }, i) => ({
      consent,
      notice,
      given: row[`k_${i}`] === true,
      received: instant(row[`k_${i}_at`]),
    })),
    stops: (await rowsOf(engine, files.stops, row)).map(stopOf),
    permissions: (await rowsOf(engine, files.permissions, row)).map(permissionOf),
    lists,
    deceased: source.roles.deceased === null ? false : flag(row.deceased),
    goneAway: source.roles.goneAway === null ? false : flag(row.gone_away),
  };
}

function childOf(born: SqlValue | undefined, state: SqlValue | undefined): readonly Child[] {
  if (state === null || state === undefined) return [];
  return [{ born: text(born), state: state === 'living' || state === 'died' ? state : 'unknown' }];
}

const text = (value: SqlValue | undefined): string | null => (typeof value === 'string' ? value : null);
const flag = (value: SqlValue | undefined): boolean | null => (typeof value === 'boolean' ? value : null);
const instant = (value: SqlValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

function typedValue(value: SqlValue | undefined): Value | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' ? Number(value) : value;
}
