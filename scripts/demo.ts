/**
 * `npm run demo`: the case of 2017 with 1,065,200 synthetic members. The request as it was releases nobody; the
 * corrected one releases those who were told and said yes, and an independent plain SQL query counts them again.
 * `-- --json` ends with one JSON object; `-- --dir FOLDER` works elsewhere than in `.demo/`; `-- --geography synthetic`
 * leaves the test data aside.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setUp } from '../examples/2017-parenting-club/set-up.ts';
import { theCase } from '../examples/generate/parenting-club.ts';
import { recount } from '../examples/recount.ts';
import { check } from '../src/app/gate/check.ts';
import type { GateOptions } from '../src/app/gate/context.ts';
import type { Outcome } from '../src/app/gate/outcome.ts';
import { type Release, release } from '../src/app/gate/release.ts';
import { audit } from '../src/app/proof/audit.ts';
import { prove } from '../src/app/proof/prove.ts';
import { verifyProof } from '../src/app/proof/verify-proof.ts';
import { readLogVerifier } from '../src/documents/log-key.ts';
import { loadWorkspace } from '../src/documents/workspace.ts';
import { type ReasonScope, reason } from '../src/policy/reasons.ts';
import { sqliteLedger } from '../src/store/sqlite/place.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    dir: { type: 'string' },
    geography: { type: 'string' },
    members: { type: 'string' },
  },
});
const root = resolve(import.meta.dirname, '..');
const dir = resolve(values.dir ?? join(root, '.demo/2017-parenting-club'));
const shown = relative(process.cwd(), dir) || '.';
const members = values.members === undefined ? theCase.members : Number(values.members);
if (!Number.isInteger(members) || members < 1)
  throw new RangeError(`--members: a number of people, not "${values.members}"`);
const geography = values.geography ?? 'at-hand';
if (geography !== 'at-hand' && geography !== 'real' && geography !== 'synthetic') {
  throw new RangeError(`--geography: real, synthetic or at-hand, not "${values.geography}"`);
}

/** As many events and list entries a member as in the case. */
const scaled = (n: number): number => Math.ceil((n * members) / theCase.members);
const headings = [
  ['What people were told', 'notice'],
  ['The request and its papers', 'request'],
  ['The people themselves', 'person'],
] as const satisfies readonly (readonly [string, ReasonScope])[];
const say = (text = ''): void => console.log(text);
const count = (n: number): string => n.toLocaleString('en-GB');

async function timed<T>(what: string, work: () => T | Promise<T>, note: (done: T) => string): Promise<T> {
  const from = performance.now();
  const done = await work();
  say(`  ${what.padEnd(10)} ${note(done).padEnd(62)} ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return done;
}

const options: GateOptions = {
  asOf: null,
  threads: null,
  memoryLimit: null,
  onProgress: () => {},
  ledger: sqliteLedger(dir),
};

say('The parenting club and the party, spring 2017: synthetic people, a real case');
say(`Workspace: ${shown}`);
say();
const generated = await timed(
  'generate',
  () =>
    setUp({
      dir,
      members,
      events: scaled(theCase.events),
      suppressions: scaled(theCase.suppressions),
      geography,
      seed: theCase.seed,
    }),
  (g) => `${count(members)} members, ${g.geography} geography${g.reused ? ': unchanged, re-used' : ''}`,
);
const workspace = await loadWorkspace(dir);

const political = await timed(
  'refuse',
  () => release(workspace, 'party-mailing', options),
  ({ kind }) => `party-mailing: ${kind === 'nothing' ? 'nothing may go' : kind}`,
);
if (political.kind !== 'nothing')
  throw new Error(`party-mailing: expected that nothing may go, and it was ${political.kind}`);
const corrected = await timed(
  'release',
  () => release(workspace, 'party-mailing-corrected', options),
  (done) => `party-mailing-corrected: ${corrects(done)}`,
);
// What an earlier run released is there and is not changed: check again, and hold what is there to it.
const outcome =
  corrected.kind === 'refused'
    ? await timed(
        'check',
        () => check(workspace, 'party-mailing-corrected', options),
        (done) => `party-mailing-corrected again: ${count(done.released)}`,
      )
    : corrected.outcome;
const folder = corrected.kind === 'released' ? corrected.folder : standing();
const recounted = await timed(
  'recount',
  () => recount(generated.dir, folder && join(folder, 'list.csv')),
  (r) => `plain SQL over the raw files: ${count(r.released)}`,
);
const proved = folder === null ? null : await proveAndAudit(folder);

say();
explain('party-mailing, as it was', political.outcome);
explain('party-mailing-corrected, had people been asked', outcome);
const same =
  recounted.released === outcome.released &&
  recounted.differences === 0 &&
  recounted.members === outcome.evaluated;
say(
  same
    ? `The recount, which shares no code with the program, finds the same ${count(recounted.released)} people, name by name.`
    : `THE RECOUNT DIFFERS: ${count(recounted.released)} people, ${recounted.differences ?? 'no list to compare'} rows of the list differ.`,
);
if (proved !== null) {
  say("Proved offline, with the manifest and the log's public key alone:");
  say(`  one released person ${proved.saysInside};`);
  say(`  one refused person ${proved.saysOutside}.`);
  say(
    proved.audit.kind === 'consistent'
      ? `The audit decided ${count(proved.audit.rows)} records again from the evidence, and reached the same of every one.`
      : `THE AUDIT DIFFERS: ${proved.audit.differences.map(({ code }) => code).join(', ')}`,
  );
}
if (folder !== null) say(`The list, the roster and the manifest: ${relative(process.cwd(), folder)}`);
if (values.json) {
  say(
    JSON.stringify({
      political: { evaluated: political.outcome.evaluated, released: political.outcome.released },
      corrected: { evaluated: outcome.evaluated, released: outcome.released, recounted: recounted.released },
      proved: proved && { released: proved.inside, refused: proved.outside },
      audited: proved && { result: proved.audit.kind, rows: proved.audit.rows },
    }),
  );
}
const holds =
  proved !== null &&
  proved.inside === 'present' &&
  proved.outside === 'absent' &&
  proved.audit.kind === 'consistent' &&
  proved.audit.rows === outcome.evaluated;
process.exitCode = same && holds && political.outcome.released === 0 ? 0 : 1;

/** Proves that one whom the recount finds released is in, and one whom it does not is out; then audits it all. */
async function proveAndAudit(released: string) {
  const log = await readLogVerifier(dir);
  const manifest = readFileSync(join(released, 'manifest.json'));
  const one = (record: string | null) => async () => {
    const { proof } = await prove(dir, basename(released), released, {
      kind: 'person',
      record: record ?? '',
    });
    return verifyProof(proof, { manifest, log, witnesses: { witnesses: [], needed: 0 }, token: null });
  };
  const inside = await timed(
    'prove',
    one(recounted.one.released),
    (done) => `one released person: ${done.result}`,
  );
  const outside = await timed(
    'prove',
    one(recounted.one.refused),
    (done) => `one refused person: ${done.result}`,
  );
  const audited = await timed(
    'audit',
    () =>
      audit(join(dir, 'evidence', basename(released)), {
        ...options,
        package: released,
        log: join(dir, 'log'),
        logKey: log,
        witnesses: { witnesses: [], needed: 0 },
      }),
    (done) => `${count(done.rows)} records decided again: ${done.kind}`,
  );
  return {
    inside: inside.result,
    saysInside: inside.says,
    outside: outside.result,
    saysOutside: outside.says,
    audit: audited,
  };
}

function corrects(done: Release): string {
  switch (done.kind) {
    case 'released':
      return `released ${count(done.outcome.released)}`;
    case 'nothing':
      return 'nothing may go';
    case 'refused':
      return done.code === 'release-exists' ? 'there already, and left as it is' : done.message;
  }
}

/** The folder of the corrected release where an earlier run made it. */
function standing(): string | null {
  const releases = join(dir, 'releases');
  const name = existsSync(releases)
    ? readdirSync(releases).find((entry) => entry.endsWith('-party-mailing-corrected'))
    : undefined;
  return name === undefined ? null : join(releases, name);
}

function explain(title: string, { evaluated, released, reasons, notices }: Outcome): void {
  say(`${title}: ${released === 0 ? 'nothing may go, ' : ''}${count(released)} of ${count(evaluated)}`);
  const nearest = notices
    .flatMap((notice) => notice.findings)
    .find((f) => f.reason === 'purpose-not-told' && f.quotes.length > 0);
  for (const [heading, scope] of headings) {
    const found = reasons
      .filter(({ code }) => reason(code).scope === scope)
      .sort((a, b) => b.records - a.records);
    if (found.length > 0) say(`  ${heading}`);
    for (const { records, plural, label, rule, details } of found.slice(0, 6)) {
      say(`  ${count(records).padStart(11)}  ${plural.padEnd(60)} ${label ?? ''} ${rule}`);
      if (details.length > 0) say(`               ${details.slice(0, 3).join(' · ')}`);
    }
    if (found.length > 6) say(`               and ${found.length - 6} more`);
    if (scope === 'notice' && released === 0 && nearest) {
      say(`    The nearest words they were told (${nearest.notice}):`);
      for (const quote of nearest.quotes.slice(0, 2)) say(`      "${quote.text}"`);
      say(`      lacks: ${nearest.lacks.join(' · ')}`);
    }
  }
  say();
}
