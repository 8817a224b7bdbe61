/** A live workspace of invented people with one release of today, as a release leaves it, for tests of supplies. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { canonical, fileDigest } from '../../bulk/outputs/manifest.ts';
import { readKeys } from '../../documents/key.ts';
import { createLogKey, logOrigin, readLogKey } from '../../documents/log-key.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { dayOf } from '../../policy/dates.ts';
import type { LedgerPlace } from '../../store/ledger.ts';
import { publishLog } from '../../store/publish-log.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { commitSleepers, sleeperRows } from '../../supply/sleeper-rows.ts';
import { init } from '../workspace/init.ts';
import { type RecipientPublicKeys, recipientKeys } from './recipient-keys.ts';

export type SupplyFixture = {
  readonly folder: string;
  readonly root: string;
  readonly ledger: LedgerPlace;
  readonly release: string;
  readonly keys: string;
  readonly logKey: string;
  readonly people: readonly (readonly string[])[];
  load(): Promise<Workspace>;
};

export const people: readonly (readonly string[])[] = [
  ['Ada', 'Fenwick', '1 Mill Lane, Upper Flat', 'ZZ1 1AA'],
  ['Bea', 'O\u2019Hara "B"', '2 Mill Lane', 'ZZ1 1AB'],
  ['Cal', 'M\u00fcller', '3 Mill Lane', 'ZZ1 1AC'],
  ['Dot', 'Grey', '4 Mill Lane', 'ZZ1 1AD'],
  ['Eve', 'Hale', '5 Mill Lane', 'ZZ1 1AE'],
];
const columns = ['forename', 'surname', 'address', 'postcode'];
const day = dayOf(Date.now());

/** The folder is the caller's to remove. `format` is that of the release's list. */
export async function supplyFixture(format: 'csv' | 'parquet'): Promise<SupplyFixture> {
  const club = await supplyClub();
  const release = `${day}-toy-offer`;
  await writeRelease(await club.load(), release, format);
  return { ...club, release };
}

/** The same before there is a release of it: approved, with recipients' keys and a sleeper agreed. */
export async function supplyClub(): Promise<Omit<SupplyFixture, 'release'>> {
  const folder = await mkdtemp(join(tmpdir(), 'astold-supply-'));
  const root = join(folder, 'club');
  await init(root);
  await createLogKey(root, logOrigin('example-club'));
  const keys = join(folder, 'toys-keys');
  await register(root, 'example-toys', await recipientKeys('example-toys', keys));
  await register(
    root,
    'example-mailing',
    await recipientKeys('example-mailing', join(folder, 'mailing-keys')),
  );
  await edit(
    join(root, 'agreements/toy-offers.yaml'),
    (text) => `${text}sleepers: "clause 9 of the agreement"\n`,
  );
  await mkdir(join(root, 'sleepers'));
  await writeFile(join(root, 'sleepers/rowan.yaml'), sleeper);
  await approve(root);
  const logKey = (await readLogKey(root)).verifier.vkey;
  return { folder, root, ledger: sqliteLedger(root), keys, logKey, people, load: () => loadWorkspace(root) };
}

export const sleeper = `sleeper: rowan
agreed-with: "the owner of the house, a colleague"
agreed-on: 2020-01-01
requests: [toy-offer]
fields: { forename: Rowan, surname: Ashdown, address: "9 Weir Street", postcode: "ZZ9 9ZZ" }
variants:
  - { surname: Ashdowne }
  - { surname: Ashedown }
  - { address: "9a Weir Street" }
`;

/** An approval of the request as it stands. */
export async function approve(root: string): Promise<void> {
  const [request] = (await loadWorkspace(root)).requests;
  const lines = ['approval: a', 'request: toy-offer', `request-digest: "${request?.digest}"`];
  await mkdir(join(root, 'approvals'), { recursive: true });
  await writeFile(
    join(root, 'approvals/a.yaml'),
    [...lines, 'by: b.dpo', 'on: 2020-01-01', 'lawful-because: "they asked for it"', ''].join('\n'),
  );
}

export async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

async function register(root: string, organisation: string, keys: RecipientPublicKeys): Promise<void> {
  const lines = `  - id: ${organisation}\n    age-key: ${keys.ageKey}\n    signing-key: ${keys.signingKey}\n`;
  await edit(join(root, 'organisations.yaml'), (text) => text.replace(`  - id: ${organisation}\n`, lines));
}

async function writeRelease(workspace: Workspace, release: string, format: 'csv' | 'parquet'): Promise<void> {
  const dir = join(workspace.root, 'releases', release);
  await mkdir(dir, { recursive: true });
  const engine = await openDuckdb({ tempDirectory: join(workspace.root, '.astold', 'tmp') });
  const { dialect } = engine;
  const pseudonyms = people.map((_, i) => createHash('sha256').update(`row ${i}`).digest('hex').slice(0, 32));
  const list = `list.${format}`;
  try {
    const rows = people.map((cells, i) => {
      const named = cells.map((cell, c) => `${dialect.literal(cell)} AS ${columns[c]}`).join(', ');
      return `SELECT ${dialect.literal(pseudonyms[i] ?? '')} AS pseudonym, ${named}`;
    });
    const released = `(${rows.join(' UNION ALL ')})`;
    await engine.copy(
      `SELECT ${columns.join(', ')} FROM ${released} r ORDER BY pseudonym`,
      join(dir, list),
      format,
    );
    await engine.copy(
      `SELECT pseudonym, CAST(0 AS BIGINT) AS reasons, 'recorded' AS known FROM ${released} r
       UNION ALL SELECT ${dialect.literal('0'.repeat(32))}, CAST(4 AS BIGINT), 'recorded' ORDER BY pseudonym`,
      join(dir, 'decisions.parquet'),
      'parquet',
    );
  } finally {
    engine.close();
  }
  const document = (kind: string, { id, digest }: { readonly id: string; readonly digest: string }) => ({
    kind,
    id,
    digest,
  });
  const { current } = await readKeys(workspace.root);
  const asleep = sleeperRows(workspace.supply.sleepers, current.key, release, 'toy-offer');
  const manifest = {
    format: 'astold/manifest/2',
    cutOff: new Date().toISOString(),
    release,
    mark: null,
    day,
    key: current.id,
    documents: [
      ...workspace.requests.map((each) => document('request', each)),
      ...workspace.sources.map((each) => document('source', each)),
      ...workspace.agreements.map((each) => document('agreement', each)),
      ...workspace.notices.map((each) => document('notice', each)),
    ],
    source: { id: 'members', files: await filesOf(workspace) },
    list: { file: list, ...(await fileDigest(join(dir, list))), rows: people.length, columns },
    decisions: {
      file: 'decisions.parquet',
      ...(await fileDigest(join(dir, 'decisions.parquet'))),
      rows: people.length + 1,
    },
    roster: { root: 'ab'.repeat(32), rows: people.length, key: current.id },
    logSize: '0',
    sleepers: commitSleepers(asleep, current.key, release),
  };
  await writeManifest(workspace.root, release, manifest);
}

async function filesOf({ sources }: Workspace): Promise<readonly string[]> {
  const paths = sources.flatMap(({ file, preferences }) => [file.path, preferences?.file.path ?? file.path]);
  return Promise.all(paths.map(async (path) => (await fileDigest(path)).digest));
}

/** Writes the manifest, logs it, and writes the proof beside it. */
export async function writeManifest(root: string, release: string, manifest: object): Promise<void> {
  const dir = join(root, 'releases', release);
  await writeFile(join(dir, 'manifest.json'), canonical(manifest));
  const { digest } = await fileDigest(join(dir, 'manifest.json'));
  const ledger = await sqliteLedger(root).open({ waitMs: 1000 });
  try {
    const content = { kind: 'release', at: new Date().toISOString(), release, manifest: digest } as const;
    const [appended] = await ledger.append([content]);
    const { text } = await publishLog(
      ledger,
      await readLogKey(root),
      () => true,
      async (signed) => signed,
    );
    const proof = appended && (await ledger.prove(appended.index, text));
    if (!appended || !proof) throw new RangeError('the entry was not published');
    await writeFile(join(dir, 'log-proof.json'), canonical({ ...proof, ...appended.opening }));
  } finally {
    await ledger.close();
  }
}
