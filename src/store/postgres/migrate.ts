/** Brings a database to the form this program knows, one step after the other, forward only. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { keepGrowing } from './growing.ts';
import { erasedTables } from './migrations/002-ledger.ts';
import { StateError } from './state-error.ts';

/** `statements` are SQL; what has no schema before its name is of schema `astold`. A step never changes once it was applied. */
export type Migration = { readonly name: string; readonly statements: readonly string[] };

/** The schemas of our own tables; `pgboss` is that of the jobs, who makes its tables itself. */
export const ownSchemas = ['astold', 'staff_auth', 'member_auth'] as const;

const lockKey = 7_236_513;

/** True where nothing is left to do. Throws StateError `migration-unknown`, `migration-changed`. */
export async function isMigrated(client: pg.ClientBase, migrations: readonly Migration[]): Promise<boolean> {
  const { rows } = await client.query(`SELECT to_regclass('astold.migration') IS NOT NULL AS made`);
  if (rows[0]?.made !== true) return false;
  return (await pending(client, migrations)).length === 0;
}

/**
 * Applies what is left, all of it or nothing, and lets `login` use it. Several may call at once: one works, the others
 * wait for it. Throws StateError `migration-unknown`, `migration-changed`.
 */
export async function migrate(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  login: string,
): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    await prepare(client);
    for (const { name, statements } of await pending(client, migrations)) {
      for (const statement of statements) await client.query(statement);
      await client.query('INSERT INTO astold.migration VALUES ($1, $2, now())', [name, digestOf(statements)]);
    }
    await grant(client, login);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function prepare(client: pg.ClientBase): Promise<void> {
  for (const schema of [...ownSchemas, 'pgboss']) {
    // Asked first: who may not make schemas may still migrate what others made for them.
    const { rows } = await client.query('SELECT to_regnamespace($1) IS NOT NULL AS made', [schema]);
    if (rows[0]?.made !== true) await client.query(`CREATE SCHEMA ${schema}`);
  }
  await client.query('SET LOCAL search_path = astold');
  await client.query(
    'CREATE TABLE IF NOT EXISTS astold.migration (name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL)',
  );
}

async function pending(
  client: pg.ClientBase,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ name: string; digest: string }>(
    'SELECT name, digest FROM astold.migration',
  );
  const applied = new Map(rows.map(({ name, digest }) => [name, digest]));
  for (const { name, statements } of migrations) {
    const digest = applied.get(name);
    if (digest !== undefined && digest !== digestOf(statements)) {
      throw new StateError(
        'migration-changed',
        `the database's step ${name} is not the one of this program: run the program it was made with`,
      );
    }
  }
  const unknown = [...applied.keys()].filter((name) => !migrations.some((each) => each.name === name));
  if (unknown.length > 0) {
    throw new StateError(
      'migration-unknown',
      `the database has ${unknown.join(', ')}, which this program does not know: run the later version it was made with`,
    );
  }
  const left = migrations.findIndex(({ name }) => !applied.has(name));
  const rest = left < 0 ? [] : migrations.slice(left);
  if (rest.some(({ name }) => applied.has(name)))
    throw new StateError(
      'migration-changed',
      'the steps of the database are not in the order of this program',
    );
  return rest;
}

/** Of a step's text, as the database keeps it. */
export const digestOf = (statements: readonly string[]): string =>
  createHash('sha256').update(statements.join(';\n')).digest('hex');

/** What the login needs and no more: it owns none of the tables, and cannot lift their row-level security. */
async function grant(client: pg.ClientBase, name: string): Promise<void> {
  const { rows } = await client.query('SELECT current_user = $1 AS own', [name]);
  if (rows[0]?.own === true) return;
  const login = client.escapeIdentifier(name);
  for (const schema of ownSchemas) {
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${login}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${login}`);
    await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${login}`);
  }
  await client.query(`REVOKE INSERT, UPDATE, DELETE ON astold.migration FROM ${login}`);
  await keepGrowing(client, login);
  await grantVacuum(client, login);
  await client.query(`GRANT USAGE, CREATE ON SCHEMA pgboss TO ${login}`);
}

/** Who erases clears away what was erased (see `vacuumErased`). */
async function grantVacuum(client: pg.ClientBase, login: string): Promise<void> {
  for (const table of erasedTables) {
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int >= 170000 AND to_regclass($1) IS NOT NULL AS may`,
      [`astold.${table}`],
    );
    if (rows[0]?.may === true) await client.query(`GRANT MAINTAIN ON astold.${table} TO ${login}`);
  }
}
