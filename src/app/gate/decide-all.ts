/** Every record of the source decided in the engine: survey, judge, compile, run. Leaves the table of decisions. */
import { relative } from 'node:path';
import { compile } from '../../bulk/compile.ts';
import type { ListSnapshot } from '../../bulk/ingest/snapshot.ts';
import { surveySnapshot } from '../../bulk/survey.ts';
import { judge } from '../../policy/judge.ts';
import type { Judgement } from '../../policy/judgement.ts';
import type { SuppressionList } from '../../policy/model.ts';
import { sleepersLeftOut } from '../supply/sleepers-left-out.ts';
import { version } from '../version.ts';
import { oldConsents } from './consent-age.ts';
import type { Gate } from './context.ts';
import type { Outcome } from './outcome.ts';
import {
  groupByNotice,
  noticeCounts,
  reasonCounts,
  sum,
  type Tally,
  tallyDecisions,
  waterfall,
  whatIfs,
} from './tally.ts';

export type DecidedAll = { readonly judgement: Judgement; readonly outcome: Outcome; readonly tally: Tally };

/** `pseudonymKey` null makes no pseudonyms (a check). */
export async function decideAll(gate: Gate, pseudonymKey: string | null): Promise<DecidedAll> {
  const { judgement, matches, statements, notices } = await prepare(gate, pseudonymKey, null);
  for (const statement of statements) await gate.engine.run(statement);
  const tally = await tallyDecisions(gate.engine);
  const evaluated = sum(tally.counts);
  if (evaluated !== gate.snapshot.records) {
    throw new RangeError(`decided ${evaluated} records of ${gate.snapshot.records}: nothing may be lost`);
  }
  const counted = await noticeCounts(gate.engine, judgement, notices);
  const matched = await matchedCounts(gate, matches);
  return {
    judgement,
    tally,
    outcome: outcomeOf(gate, judgement, tally, counted, matched, await oldConsents(gate, judgement)),
  };
}

/** Judges, and compiles for every record, or for one row alone. */
export async function prepare(gate: Gate, pseudonymKey: string | null, row: number | null) {
  const survey = await surveySnapshot(gate.engine, gate.files, gate.context);
  const judgement = judge(gate.context, survey.histories);
  const matches: { list: string; path: string }[] = [];
  for (const { list } of judgement.lists) {
    const screened = gate.lists.find((l) => l.list.id === list);
    if (!screened) throw new RangeError(`the judgement screens against "${list}", which is not on file`);
    matches.push({ list, path: screened.snapshot.path });
  }
  const notices = groupByNotice(judgement, gate.context);
  const { statements } = compile({
    judgement,
    source: gate.source,
    files: gate.files,
    standing: survey.standing,
    scopes: survey.scopes,
    matches,
    dialect: gate.engine.dialect,
    pseudonymKey,
    groups: notices.groups,
    row,
  });
  return { judgement, standing: survey.standing, matches, statements, notices };
}

async function matchedCounts(
  gate: Gate,
  matches: readonly { list: string; path: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (matches.length === 0) return new Map();
  const { dialect, rows } = gate.engine;
  const counts = matches.map(
    ({ list, path }) =>
      `SELECT ${dialect.literal(list)} AS list, COUNT(DISTINCT "row") AS matched FROM ${dialect.parquet(path)}`,
  );
  const counted = await rows(counts.join(' UNION ALL '));
  return new Map(counted.map(({ list, matched }) => [String(list), Number(matched)]));
}

function outcomeOf(
  gate: Gate,
  judgement: Judgement,
  tally: Tally,
  notices: Outcome['notices'],
  matched: ReadonlyMap<string, number>,
  warnings: readonly string[],
): Outcome {
  const { request, source, snapshot, context } = gate;
  const names = new Map(context.organisations.map((o) => [o.id, o.legalName]));
  return {
    request: {
      id: request.id,
      title: request.title,
      digest: request.digest,
      purposes: request.purposes,
      contactChannels: request.contactChannels,
      use: request.use,
      deleteBy: request.deleteBy,
      fields: request.fields.map((field) => field.name),
      audience:
        request.audience === null
          ? 'nobody'
          : request.audience.kind === 'everyone'
            ? 'everyone'
            : request.audience.text,
    },
    chain: request.chain.map((p) => ({
      organisation: p.organisation,
      name: names.get(p.organisation) ?? p.organisation,
      role: p.role,
    })),
    source: {
      id: source.id,
      records: snapshot.records,
      rejected: snapshot.rejected,
      rejectsFile: snapshot.rejectsFile,
      shortRows: snapshot.shortRows,
      events: snapshot.events,
      shortEvents: snapshot.shortEvents,
      eventsUnmatched: snapshot.eventsUnmatched,
      eventsUnmatchedFile: snapshot.eventsUnmatchedFile,
      preferencesCause: snapshot.preferencesCause,
      postKeyedTo: source.preferences?.postKeyedTo ?? null,
    },
    cutOff: gate.cutOff,
    day: gate.day,
    mark: gate.mark,
    evaluated: sum(tally.counts),
    released: sum(tally.counts.filter(({ bits }) => bits === 0n)),
    reasons: reasonCounts(tally, context, judgement),
    waterfall: waterfall(tally),
    known: tally.known,
    whatIf: whatIfs(tally),
    notices,
    lists: gate.lists.map(({ list, snapshot: kept }) => ({
      list: list.id,
      kind: list.kind,
      fileDate: list.fileDate,
      entries: kept.entries,
      matched: matched.get(list.id) ?? 0,
      screened: matched.has(list.id) && kept.readable,
      cause: causeOf(gate, list, kept),
    })),
    warnings: [...judgement.warnings, ...warnings, ...sleepersLeftOut(gate.workspace, request)],
    versions: {
      astold: version,
      engine: `${gate.engine.dialect.name} ${gate.engine.version}`,
      rules: rulesVersion(gate),
    },
  };
}

/** The paths in it as seen from the workspace: a report names no place of this machine. */
function causeOf(
  { workspace }: Gate,
  list: SuppressionList,
  { readable, cause }: ListSnapshot,
): string | null {
  if (readable) return null;
  const { path } = list.file;
  return (cause ?? 'nobody knows why').replaceAll(path, relative(workspace.root, path));
}

const rulesVersion = ({ context }: Gate): string =>
  context.rules === null ? 'none' : `${context.rules.id} ${context.rules.version}`;
