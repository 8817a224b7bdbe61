/** A small source for tests: its document as an object, its files as written by the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileSpec, Source, SourceField, SuppressionList } from '../../policy/model.ts';
import type { Engine, Row } from '../engine.ts';
import { openDuckdb } from '../engines/duckdb.ts';
import { ingestSource } from './ingest-source.ts';
import type { IngestProgress, Snapshot } from './snapshot.ts';

export type Bench = {
  readonly engine: Engine;
  readonly dir: string;
  /** Writes a file, gives its spec. */
  write(name: string, content: string | Buffer, spec?: Partial<FileSpec>): FileSpec;
  ingest(source: Source): Promise<Snapshot>;
  /** All rows of a file of the snapshot. */
  read(snapshot: Snapshot, file: string, order?: string): Promise<readonly Row[]>;
  close(): void;
};

export async function openBench(): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'astold-ingest-'));
  const engine = await openDuckdb({ threads: 2, tempDirectory: join(dir, 'spill') });
  const silent: IngestProgress = () => {};
  return {
    engine,
    dir,
    write: (name, content, spec) => {
      const path = join(dir, name);
      writeFileSync(path, content);
      return { path, format: 'csv', encoding: null, delimiter: null, dateFormat: 'YYYY-MM-DD', ...spec };
    },
    ingest: (source) =>
      ingestSource(engine, { source, recorded: null, dir: join(dir, 'state'), onProgress: silent }),
    read: (snapshot, file, order = '1, 2') =>
      engine.rows(`SELECT * FROM ${engine.dialect.parquet(fileOf(snapshot, file))} ORDER BY ${order}`),
    close: () => {
      engine.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A Parquet file of a snapshot. */
export const fileOf = ({ dir, eventsDir }: Snapshot, name: string): string =>
  join(name === 'records' ? dir : eventsDir, `${name}.parquet`);

const field = (
  name: string,
  type: SourceField['type'] = 'text',
  of: 'person' | 'child' = 'person',
): SourceField => ({
  name,
  column: name,
  type,
  data: { term: 'pd:Name', of },
  collection: 'joined',
});

/** Of the columns id, surname, address, postcode, email, phone, born, joined, notice; what a test changes, it gives. */
export function sampleSource(file: FileSpec, change: Partial<Source> = {}): Source {
  return {
    id: 'members',
    organisation: 'club',
    synthetic: true,
    file,
    record: 'id',
    collections: [
      {
        id: 'joined',
        notice: { column: 'notice' },
        printCode: null,
        collectedBy: { constant: 'web' },
        date: 'joined',
        origin: { constant: 'own' },
        upstream: null,
        reconstructions: [],
      },
    ],
    fields: [
      field('surname'),
      field('address'),
      field('postcode'),
      field('email'),
      field('phone'),
      field('born', 'date'),
    ],
    roles: {
      forename: null,
      surname: 'surname',
      addressLine: 'address',
      postcode: 'postcode',
      email: 'email',
      phone: 'phone',
      birthDate: 'born',
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
    digest: 'sample',
    ...change,
  };
}

export const sampleHeader = 'id,surname,address,postcode,email,phone,born,joined,notice';
/** A row of the sample, its cells as given, in the order of the header. */
export const sampleRow = (
  id: string,
  cells: Partial<
    Record<'surname' | 'address' | 'postcode' | 'email' | 'phone' | 'born' | 'joined' | 'notice', string>
  > = {},
): string =>
  [
    id,
    ...(['surname', 'address', 'postcode', 'email', 'phone', 'born', 'joined', 'notice'] as const).map(
      (c) => cells[c] ?? '',
    ),
  ].join(',');

export const sampleList = (file: FileSpec, change: Partial<SuppressionList> = {}): SuppressionList => ({
  id: 'own',
  kind: 'own',
  level: 'person',
  file,
  layout: 'columns',
  columns: { surname: 'surname', postcode: 'postcode' },
  fileDate: null,
  allowedAge: null,
  digest: 'list',
  ...change,
});
