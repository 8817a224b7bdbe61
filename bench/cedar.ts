/**
 * `node bench/cedar.ts RELEASE SAMPLE`: one Cedar call a record, its policies parsed before, over a sample of the
 * records, which are in order of pseudonym and so in no order. What each call is told of the person (told, consented,
 * stopped ...) is read from the decision: finding it out, which is most of the work, is not counted here.
 */
import { join } from 'node:path';
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { DuckDBInstance } from '@duckdb/node-api';
import { answer } from './child.ts';

const [release, sample] = process.argv.slice(2);
if (release === undefined || !(Number(sample) > 0)) throw new RangeError('usage: cedar.ts RELEASE SAMPLE');

/** The predicates of a person, by the places of the reasons that deny them (docs/reasons.md). */
const predicates = {
  noticeKnown: [22, 23, 24],
  purposeTold: [25],
  partiesTold: [26],
  dataTold: [27, 28],
  selectionTold: [30, 31],
  basisTold: [32, 33, 34],
  promised: [35, 36],
  presented: [37, 38, 39, 40],
  consented: [41, 42],
  stopped: [43, 44, 45],
  suppressed: [46, 47, 48, 49, 50],
  chosen: [51, 52],
  retained: [53, 54],
  alive: [55],
  adult: [56],
  atHome: [57],
  reachable: [58],
} as const;
const bad: ReadonlySet<string> = new Set(['promised', 'stopped', 'suppressed']);
const asked = Object.keys(predicates).filter((name) => !bad.has(name));
const policies =
  `permit (principal == Party::"labour-party", action == Action::"write-to", resource) when {\n` +
  `${asked.map((name) => `  context.${name}`).join(' &&\n')}\n};\n` +
  [...bad].map((name) => `forbid (principal, action, resource) when { context.${name} };\n`).join('');
const parsed = preparsePolicySet('gate', { staticPolicies: policies });
if (parsed.type !== 'success')
  throw new RangeError(`the policies do not parse: ${JSON.stringify(parsed.errors)}`);

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const path = join(release, 'decisions.parquet').replaceAll("'", "''");
const rows = (
  await connection.runAndReadAll(
    `SELECT pseudonym, reasons FROM read_parquet('${path}') LIMIT ${Number(sample)}`,
  )
).getRows();
connection.closeSync();
instance.closeSync();

let agreed = 0;
const from = performance.now();
for (const [pseudonym, reasons] of rows) {
  if (typeof reasons !== 'bigint') throw new TypeError('reasons are a BIGINT');
  const context: Record<string, boolean> = {};
  for (const [name, places] of Object.entries(predicates)) {
    const denied = places.some((place) => (reasons >> BigInt(place)) & 1n);
    context[name] = bad.has(name) ? denied : !denied;
  }
  const said = statefulIsAuthorized({
    principal: { type: 'Party', id: 'labour-party' },
    action: { type: 'Action', id: 'write-to' },
    resource: { type: 'Member', id: String(pseudonym) },
    context,
    preparsedPolicySetId: 'gate',
    entities: [],
  });
  if (said.type !== 'success') throw new RangeError(`Cedar could not decide: ${JSON.stringify(said.errors)}`);
  if ((said.response.decision === 'allow') === (reasons === 0n)) agreed++;
}
const seconds = (performance.now() - from) / 1000;
if (agreed !== rows.length)
  throw new RangeError(`Cedar decided ${rows.length - agreed} of ${rows.length} otherwise`);
answer({ notes: { calls: rows.length, callsSeconds: seconds } });
