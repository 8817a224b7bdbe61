/**
 * Kysely on Postgres, where a transaction is begun in somebody's name, by which row-level security knows what it may see: the
 * name goes to the database together with BEGIN, in one round trip.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { CompiledQuery, type Dialect, type Driver, PostgresDialect, PostgresDriver } from 'kysely';
import pg from 'pg';

export type Name = { readonly setting: 'app.org' | 'app.person'; readonly value: string };
export type NamedDialect = {
  readonly dialect: Dialect;
  /** Of a transaction that `begin` begins, and of no other in it. */
  inNameOf<T>(name: Name, begin: () => Promise<T>): Promise<T>;
};

export function namedDialect(pool: pg.Pool): NamedDialect {
  const names = new AsyncLocalStorage<Name>();
  const plain = new PostgresDialect({ pool });
  return {
    dialect: {
      createDriver: () => namedDriver(new PostgresDriver({ pool }), names),
      createAdapter: () => plain.createAdapter(),
      createQueryCompiler: () => plain.createQueryCompiler(),
      createIntrospector: (db) => plain.createIntrospector(db),
    },
    inNameOf: (name, begin) => names.run(name, begin),
  };
}

function namedDriver(plain: Driver, names: AsyncLocalStorage<Name>): Driver {
  plain.beginTransaction = async (connection) => {
    const name = names.getStore();
    if (name === undefined) throw new TypeError('a transaction is begun in the name of nobody');
    try {
      await connection.executeQuery(CompiledQuery.raw(beginAs(name)));
    } catch (error) {
      // It may have begun: the connection is not given back in the middle of it, or not at all.
      await plain.rollbackTransaction(connection).catch(() => {});
      throw error;
    }
  };
  return plain;
}

/** A message of several statements takes no parameters: texts are quoted. The setting is one of ours. */
const nameAs = ({ setting, value }: Name): string =>
  `select set_config('${setting}', ${quoted(value)}, true)`;
const beginAs = (name: Name): string => `begin; ${nameAs(name)}`;

/** Without BEGIN a message is one transaction by itself, at whose end the name is forgotten. */
export function lookAs(name: Name, queries: readonly Pick<CompiledQuery, 'sql' | 'parameters'>[]): string {
  const texts = queries.map(({ sql, parameters }) =>
    sql.replaceAll(/\$(\d+)/g, (_, n) => quoted(parameters[Number(n) - 1])),
  );
  return [nameAs(name), ...texts].join('; ');
}

/** The protocol would end the message at a character 0. A bare number could make a comment of the minus before it. */
function quoted(value: unknown): string {
  if (Number.isSafeInteger(value)) return quoted(String(value));
  if (value instanceof Date) return quoted(value.toISOString());
  if (typeof value !== 'string' || value.includes('\0'))
    throw new RangeError('only a text without the character 0, a whole number or a time is quoted');
  return pg.escapeLiteral(value);
}
