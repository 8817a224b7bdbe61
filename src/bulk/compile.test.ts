import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Judgement } from '../policy/judgement.ts';
import type { Source } from '../policy/model.ts';
import { bitsOf } from '../policy/reasons.ts';
import { type CompileInput, compile } from './compile.ts';
import type { Engine } from './engine.ts';
import { openDuckdb } from './engines/duckdb.ts';

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astold-compile-'));
  engine = await openDuckdb({ tempDirectory: dir });
  const none = (columns: string): string => `SELECT ${columns} WHERE FALSE`;
  await engine.copy(
    `SELECT 'M1' AS rid, 'v:n@1^own' AS h_c, CAST(NULL AS DATE) AS on_c UNION ALL SELECT 'M2', NULL, NULL`,
    path('records'),
    'parquet',
  );
  await engine.copy(none(`CAST(0 AS INTEGER) AS "row", '' AS later`), path('later'), 'parquet');
  const scope = `'all^all^all^all' AS scope, '' AS event`;
  await engine.copy(
    none(
      `CAST(0 AS INTEGER) AS "row", 'own' AS relation, ${scope}, 0 AS from_lo, 0 AS received_hi, 0 AS resolved_hi`,
    ),
    path('stops'),
    'parquet',
  );
  await engine.copy(
    `SELECT CAST(0 AS INTEGER) AS "row", 'consent' AS kind, 'n@1' AS notice, 'c70' AS consent, '' AS lifts, ${scope}, 1 AS signed_lo, 1 AS received_hi`,
    path('permissions'),
    'parquet',
  );
});
afterAll(async () => {
  engine.close();
  await rm(dir, { recursive: true, force: true });
});
const path = (name: string): string => join(dir, `${name}.parquet`);

const source: Source = {
  id: 's',
  organisation: 'o',
  synthetic: true,
  record: 'id',
  file: { path: '/s.csv', format: 'csv', encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD' },
  collections: [],
  fields: [],
  roles: {
    forename: null,
    surname: null,
    addressLine: null,
    postcode: null,
    email: null,
    phone: null,
    birthDate: null,
    deceased: null,
    goneAway: null,
    lastAct: null,
    membershipEnd: null,
  },
  children: [],
  implies: [],
  consents: [],
  presented: [],
  preferences: null,
  areas: null,
  digest: 's',
};
const judgement: Judgement = {
  requestBits: 0n,
  requestFindings: [],
  histories: [
    {
      collection: 'c',
      origin: 'own',
      known: 'recorded',
      unknownNotice: false,
      candidates: ['n@1'],
      later: [],
    },
  ],
  verdicts: [{ bits: 0n, conditions: 0, known: 'recorded', shown: null, findings: [] }],
  assignments: [{ collection: 'c', base: 'v:n@1^own', later: '', verdict: 0 }],
  conditionSets: [[]],
  consents: [],
  retentions: [],
  meets: () => true,
  isWhole: () => false,
  lifting: [],
  collections: ['c'],
  audience: { kind: 'everyone' },
  lists: [],
  needs: [],
  cutOff: 2,
  day: '2020-01-01',
  end: '2020-02-01',
  warnings: [],
};
async function decided(change: Partial<Judgement>): Promise<readonly bigint[]> {
  const changed = { ...judgement, ...change };
  const input: CompileInput = {
    judgement: changed,
    source,
    standing: new Map([['c', new Map([['v:n@1^own', 'v:n@1^own']])]]),
    scopes: [],
    matches: [],
    dialect: engine.dialect,
    pseudonymKey: null,
    row: null,
    files: {
      records: path('records'),
      later: path('later'),
      stops: path('stops'),
      permissions: path('permissions'),
    },
    groups: changed.assignments.map(() => 0),
  };
  const { statements, decisions } = compile(input);
  for (const statement of statements) await engine.run(statement);
  const rows = await engine.rows(`SELECT reasons FROM ${decisions} ORDER BY "row"`);
  await engine.run(`DROP TABLE ${decisions}`);
  return rows.map((row) => BigInt(row.reasons ?? -1));
}

test('a record whose history has no verdict is refused as not known', async () => {
  expect(await decided({})).toEqual([0n, bitsOf(['no-notice'])]);
  expect(await decided({ assignments: [] })).toEqual([bitsOf(['no-notice']), bitsOf(['no-notice'])]);
});

test('a request refused as a whole refuses every record', async () => {
  const [one] = await decided({ requestBits: bitsOf(['frozen', 'not-approved']) });
  expect(one).toBe(bitsOf(['frozen', 'not-approved']));
});

test('more consents than fit one word are kept apart', async () => {
  const consents = Array.from({ length: 80 }, (_, i) => ({
    notice: 'n@1',
    consent: `c${i}`,
    fresh: false,
    since: 0,
  }));
  const asking = (consent: number) =>
    decided({ consents, conditionSets: [[[{ consent, retention: null }]]] });
  expect((await asking(70))[0]).toBe(0n);
  expect((await asking(10))[0]).toBe(bitsOf(['consent-missing']));
  expect((await asking(69))[0]).toBe(bitsOf(['consent-missing']));
});

test('a clause that offers no way to hold, or a condition set that is not there, refuses', async () => {
  expect((await decided({ conditionSets: [[[]]] }))[0]).toBe(bitsOf(['consent-missing']));
  expect((await decided({ conditionSets: [] }))[0]).toBe(bitsOf(['consent-missing']));
});

test('a retention with no anchor refuses as missing', async () => {
  const told = { kind: 'period', period: { months: 12, days: 0 }, from: { kind: 'collection' } } as const;
  const [one] = await decided({
    retentions: [{ collection: 'c', told }],
    conditionSets: [[[{ consent: null, retention: 0 }]]],
  });
  expect(one).toBe(bitsOf(['retention-anchor-missing']));
});

test('a list to screen against whose matches are not there is a fault, never a pass', async () => {
  await expect(decided({ lists: [{ list: 'mps', reason: 'suppressed-mps' }] })).rejects.toMatchObject({
    code: 'matches-missing',
  });
});
