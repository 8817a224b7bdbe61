/** DuckDB, in process: the default engine. Loaded only when a gate is opened. */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { CopyFormat, Engine, Row, SqlValue } from '../engine.ts';
import { closeWorkplace, onAbandon, openWorkplace } from '../ingest/workplace.ts';
import { duckdbDialect, quoteText } from './duckdb-dialect.ts';
import { duckdbIntake } from './duckdb-intake.ts';

export type DuckdbOptions = {
  readonly threads?: number;
  /** As DuckDB takes it: `512MB`; `1GB` if not given: ten million records need no more, and it does not get faster. */
  readonly memoryLimit?: string;
  /** Where it spills, in a folder of its own: the names of its files are the same in every process. Made if absent. */
  readonly tempDirectory: string;
};

/** Opens an engine in memory. It downloads nothing: no extension is installed or loaded. Close it. */
export async function openDuckdb(options: DuckdbOptions): Promise<Engine> {
  const { DuckDBInstance, version } = await import('@duckdb/node-api');
  const spill = openWorkplace(options.tempDirectory);
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    temp_directory: spill,
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    memory_limit: options.memoryLimit ?? '1GB',
  }).catch((error: unknown) => {
    closeWorkplace(spill);
    throw error;
  });
  const connection = await instance.connect();
  const ended = onAbandon(() => connection.interrupt());
  await connection.run(`SET TimeZone = 'UTC'`);
  const end = (): void => {
    connection.closeSync();
    instance.closeSync();
    closeWorkplace(spill);
  };
  const { during, close } = untilDone(() => connection.interrupt(), end);
  const rows = (sql: string): Promise<readonly Row[]> => during(() => rowsOf(connection, sql));
  return {
    dialect: duckdbDialect,
    intake: duckdbIntake,
    version: version().replace(/^v/, ''),
    run: (sql) =>
      during(async () => {
        await connection.run(sql);
      }),
    rows,
    copy: async (select, path, format) => {
      const [row] = await rows(`COPY (${select}) TO ${quoteText(path)} (${copyOptions[format]})`);
      return Number(row?.Count);
    },
    close: () => {
      ended();
      close();
    },
  };
}

/**
 * A connection that is closed under a statement destroys what the statement runs in: it hangs for ever, or takes the
 * process along. So the statement is told to end, again until it has heard it, and `end` waits for it.
 */
function untilDone(interrupt: () => void, end: () => void) {
  let [working, closed] = [0, false];
  let again: NodeJS.Timeout | undefined;
  const ended = (): void => {
    clearInterval(again);
    end();
  };
  return {
    during: async <T>(work: () => Promise<T>): Promise<T> => {
      if (closed) throw new Error('the engine is closed');
      working++;
      try {
        return await work();
      } finally {
        working--;
        if (closed && working === 0) ended();
      }
    },
    close: (): void => {
      if (closed) return;
      closed = true;
      if (working === 0) ended();
      else {
        interrupt();
        again = setInterval(interrupt, 50);
      }
    },
  };
}

/**
 * Fixed, so that the same rows give the same bytes. A bloom filter would make equality on some columns find
 * nothing without a word.
 */
const copyOptions: Readonly<Record<CopyFormat, string>> = {
  parquet: 'FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880, WRITE_BLOOM_FILTER false',
  // Of a column of many values a dictionary is begun in vain; to compress is dearer than to write and read more bytes.
  snapshot:
    'FORMAT parquet, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 2000, COMPRESSION uncompressed, ROW_GROUP_SIZE 122880, WRITE_BLOOM_FILTER false',
  csv: `FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR ''`,
  lines: `FORMAT csv, HEADER false, DELIMITER ',', QUOTE '', ESCAPE '', NULLSTR ''`,
};

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly Row[]> {
  const reader = await connection.runAndReadAll(sql);
  const names = reader.columnNames();
  return reader
    .getRows()
    .map((values) => Object.fromEntries(names.map((name, i) => [name, plain(values[i])])));
}

function plain(value: DuckDBValue | undefined): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}
