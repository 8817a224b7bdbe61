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

/** One message of two statements, which takes no parameters. Only the name's own text is quoted: the setting is one of ours. */
const beginAs = ({ setting, value }: Name): string =>
  `begin; select set_config('${setting}', ${pg.escapeLiteral(requireText(value))}, true)`;

/** The protocol would end the message there. */
function requireText(value: string): string {
  if (value.includes('\0')) throw new RangeError('a name has no character 0');
  return value;
}
