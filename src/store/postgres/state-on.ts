/** The state on a database that is fit for it. */
import { Kysely } from 'kysely';
import type pg from 'pg';
import { asStateError, isAway, openPool } from './connection.ts';
import { lookAs, type Name, namedDialect } from './named-dialect.ts';
import type { Health, Look, Looked, State, Tx } from './state.ts';
import { StateError } from './state-error.ts';
import type { Tables } from './tables.ts';

/** `closeServer` ends what was started for it. */
export function stateOn(
  kind: State['kind'],
  connection: pg.PoolConfig,
  closeServer: () => Promise<void>,
): State {
  const pool = openPool(connection);
  const { dialect, inNameOf } = namedDialect(pool);
  const db = new Kysely<Tables>({ dialect });

  let closing: Promise<void> | undefined;

  const transaction = async <T>(
    setting: 'app.org' | 'app.person',
    value: string,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> => {
    let worked = false;
    try {
      return await inNameOf({ setting, value }, () =>
        db.transaction().execute(async (tx) => {
          const result = await work(tx);
          worked = true;
          return result;
        }),
      );
    } catch (error) {
      if (worked && isAway(error)) {
        throw new StateError(
          'commit-unknown',
          'the database went away at the last step: look whether it was done before trying again',
          { cause: error },
        );
      }
      throw isAway(error) ? asStateError(error) : error;
    }
  };

  const look = async <Rows extends readonly unknown[]>(
    name: Name,
    selects: Look<Rows>,
  ): Promise<Looked<Rows>> => {
    const text = lookAs(
      name,
      selects(db).map((select) => select.compile()),
    );
    try {
      // Of a message of several statements there is an answer to each; the first is that of the name.
      const answers: unknown = await pool.query(text);
      const [, ...looked] = answers as readonly { readonly rows: unknown }[];
      return looked.map(({ rows }) => rows) as unknown as Looked<Rows>;
    } catch (error) {
      throw isAway(error) ? asStateError(error) : error;
    }
  };

  return {
    kind,
    pool,
    connection,
    as: (org, work) => transaction('app.org', org, work),
    asPerson: (person, work) => transaction('app.person', person, work),
    look: (org, selects) => look({ setting: 'app.org', value: org }, selects),
    lookAsPerson: (person, selects) => look({ setting: 'app.person', value: person }, selects),
    organisations: () =>
      transaction('app.org', '', (tx) =>
        tx.selectFrom('organisation').select(['org', 'name']).orderBy('org').execute(),
      ),
    health: () => healthOf(pool, kind),
    close() {
      closing ??= db.destroy().finally(closeServer);
      return closing;
    },
  };
}

async function healthOf(pool: pg.Pool, kind: State['kind']): Promise<Health> {
  try {
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    return { kind: 'up', version: rows[0]?.server_version ?? '', durable: kind === 'postgres' };
  } catch (error) {
    const coded = asStateError(error);
    if (coded instanceof StateError) return { kind: 'down', code: coded.code, message: coded.message };
    throw error;
  }
}
