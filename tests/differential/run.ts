/** One world through the real ingest and SQL, and through the twin and the interpreter; what differs, and the bits. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Keep } from '../../src/bulk/compile/writer.ts';
import {
  compileWith,
  decisionsTable,
  knownRanks,
  type ListMatches,
  type SnapshotFiles,
} from '../../src/bulk/compile.ts';
import type { Engine } from '../../src/bulk/engine.ts';
import { ingestSource } from '../../src/bulk/ingest/ingest-source.ts';
import { screenList } from '../../src/bulk/ingest/screen-list.ts';
import { surveySnapshot } from '../../src/bulk/survey.ts';
import { decide } from '../../src/policy/decide.ts';
import { judge } from '../../src/policy/judge.ts';
import type { Known } from '../../src/policy/judgement.ts';
import { reasonsIn } from '../../src/policy/reasons.ts';
import { type Attributed, attribute } from './attribute.ts';
import { listColumns } from './generate.ts';
import { csvOf, eventColumns, type Policy, recordColumns, type World } from './world.ts';

export type Decided = { readonly bits: bigint; readonly known: Known };
/** A world ingested and attributed, ready to be decided by both. */
export type Ready = {
  readonly world: World;
  readonly files: SnapshotFiles;
  readonly matches: readonly ListMatches[];
  readonly people: ReadonlyMap<string, Attributed>;
};

/** Writes the world's files, ingests them into a folder of its own, and attributes the raw cells by the twin. */
export async function makeReady(engine: Engine, world: World): Promise<Ready> {
  const dir = dirname(world.source.file.path);
  const state = join(dir, 'state');
  await rm(dir, { recursive: true, force: true });
  await mkdir(state, { recursive: true });
  await writeFile(join(dir, 'members.csv'), csvOf(recordColumns, world.records));
  await writeFile(join(dir, 'preferences.csv'), csvOf(eventColumns, world.events));
  await writeFile(
    join(dir, 'areas.csv'),
    csvOf(
      ['postcode', 'area'],
      world.areas.map(([postcode, area]) => ({ postcode, area })),
    ),
  );
  const snapshot = await ingestSource(engine, {
    source: world.source,
    recorded: null,
    dir: state,
    onProgress: () => {},
  });
  if (snapshot.records !== world.records.length)
    throw new RangeError(`${snapshot.rejected} records rejected`);
  const matches: ListMatches[] = [];
  for (const { list, rows } of world.lists) {
    await writeFile(list.file.path, csvOf(listColumns, rows));
    const screened = await screenList(engine, { list, source: world.source, snapshot });
    if (!screened.readable) throw new RangeError(`list ${list.id}: ${screened.cause}`);
    matches.push({ list: list.id, path: screened.path });
  }
  const file = (name: string): string => join(snapshot.eventsDir, `${name}.parquet`);
  const files = {
    records: join(snapshot.dir, 'records.parquet'),
    later: file('later'),
    stops: file('stops'),
    permissions: file('permissions'),
  };
  return { world, files, matches, people: attribute(world) };
}

/** Every person decided in memory, by the twin's attribution, and each by the verdict of their own keys. */
export function decideInMemory({ world, people }: Ready, policy: Policy): ReadonlyMap<string, Decided> {
  const histories = [...people.values()].flatMap(({ keys }) =>
    [...keys].map(([collection, key]) => ({ collection, ...key })),
  );
  const judgement = judge({ ...policy.context, source: world.source }, histories);
  const verdicts = new Map(
    judgement.assignments.map((a) => [JSON.stringify([a.collection, a.base, a.later]), a.verdict]),
  );
  return new Map(
    [...people].map(([id, { facts, keys }]) => {
      const own = new Map(
        [...keys].flatMap(([collection, { base, later }]) => {
          const verdict = verdicts.get(JSON.stringify([collection, base, later]));
          return verdict === undefined ? [] : [[collection, verdict] as const];
        }),
      );
      const { bits, known } = decide(judgement, world.source, facts, own);
      return [id, { bits, known }];
    }),
  );
}

/** Every person decided by the compiled SQL, each condition passing through `keep`. */
export async function decideInSql(
  engine: Engine,
  ready: Ready,
  policy: Policy,
  keep: Keep,
): Promise<ReadonlyMap<string, Decided>> {
  const { dialect } = engine;
  const { world, files, matches } = ready;
  const context = { ...policy.context, source: world.source };
  const { histories, standing, scopes } = await surveySnapshot(engine, files, context);
  const judgement = judge(context, histories);
  const { statements } = compileWith(
    {
      judgement,
      source: world.source,
      files,
      standing,
      scopes,
      matches,
      dialect,
      pseudonymKey: null,
      groups: judgement.assignments.map(() => 0),
      row: null,
    },
    keep,
  );
  for (const statement of statements) await engine.run(statement);
  const rows = await engine.rows(
    `SELECT r.rid, d.reasons, d.known FROM ${decisionsTable} d JOIN ${dialect.parquet(files.records)} r ON r."row" = d."row"`,
  );
  await engine.run(`DROP TABLE ${decisionsTable}`);
  return new Map(
    rows.map((row) => [
      String(row.rid),
      { bits: BigInt(row.reasons ?? -1), known: knownRanks[Number(row.known)] ?? 'unknown' },
    ]),
  );
}

/** The records that the two decide differently, in words; a record that one of them lacks differs. */
export function differences(
  alone: ReadonlyMap<string, Decided>,
  together: ReadonlyMap<string, Decided>,
): readonly string[] {
  return [...new Set([...alone.keys(), ...together.keys()])].flatMap((id) => {
    const [one, other] = [said(alone.get(id)), said(together.get(id))];
    return one === other ? [] : [`${id}: alone ${one}; in SQL ${other}`];
  });
}

function said(decided: Decided | undefined): string {
  if (!decided) return 'not decided';
  return `${
    reasonsIn(decided.bits)
      .map((r) => r.code)
      .join(' ') || 'released'
  }, ${decided.known}`;
}
