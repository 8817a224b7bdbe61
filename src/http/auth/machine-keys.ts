/** The keys of machines: better-auth keeps their hashes, and beside each for whom and as what it asks. */
import { defaultKeyHasher } from '@better-auth/api-key';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { z } from 'zod';
import type { KeyRow, NewKey } from '../../app/flow/accounts.ts';
import type { Rights } from '../../app/flow/key-rights.ts';
import type { Auths } from './auths.ts';

const role = z.enum(['steward', 'officer', 'recipient', 'auditor']);
const metadata = z.strictObject({ org: z.string(), roles: z.array(role), party: z.string().nullable() });

/** In milliseconds: how exactly it is written down when a key was last used. */
const usedEvery = 60_000;
const day = 86_400;

type Found = {
  readonly id: string;
  readonly referenceId: string;
  readonly enabled: boolean | null;
  readonly expiresAt: Date | null;
  readonly lastRequest: Date | null;
  readonly metadata: unknown;
};
export type MachineKey = Rights & { readonly id: string; readonly org: string; readonly madeBy: string };

/**
 * The key of which this is the secret; null where there is none, or it was stopped or has expired. Looked up by its hash:
 * the plugin's own check would write twice for each request.
 */
export async function machineKey(auths: Auths, secret: string): Promise<MachineKey | null> {
  const { adapter } = await auths.staff.$context;
  const where = [{ field: 'key', value: await defaultKeyHasher(secret) }];
  const found = await adapter.findOne<Found>({ model: 'apikey', where });
  if (found === null || found.enabled !== true) return null;
  if (found.expiresAt === null || found.expiresAt.getTime() <= Date.now()) return null;
  const what = metadata.safeParse(found.metadata);
  if (!what.success) return null;
  if (found.lastRequest === null || Date.now() - found.lastRequest.getTime() > usedEvery)
    await adapter.update({
      model: 'apikey',
      where: [{ field: 'id', value: found.id }],
      update: { lastRequest: new Date() },
    });
  const { org, roles, party } = what.data;
  return { id: found.id, org, madeBy: found.referenceId, roles: new Set(roles), party };
}

/** The secret is given back once, and nowhere kept. */
export async function makeMachineKey(auths: Auths, key: NewKey): Promise<{ key: KeyRow; secret: string }> {
  const what: z.input<typeof metadata> = { org: key.org, roles: [...key.roles], party: key.party };
  const made = await auths.staff.api.createApiKey({
    body: { userId: key.madeBy, name: key.name, expiresIn: key.days * day, metadata: what },
  });
  const { id, name, start, createdAt, expiresAt } = made;
  return {
    secret: made.key,
    key: rowOf(
      { id, name, start, createdAt, expiresAt, referenceId: key.madeBy, enabled: true, lastRequest: null },
      what,
    ),
  };
}

/** Those of an organisation, the latest first. */
export async function machineKeys(auths: Auths, org: string): Promise<readonly KeyRow[]> {
  const rows = await accounts(auths)
    .selectFrom('apikey')
    .selectAll()
    .where(sql<string>`metadata::jsonb ->> 'org'`, '=', org)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => rowOf(row, metadata.parse(JSON.parse(row.metadata))));
}

/** False where the organisation has no such key, or it was stopped before. */
export async function stopMachineKey(auths: Auths, org: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await accounts(auths)
    .updateTable('apikey')
    .set({ enabled: false, updatedAt: new Date() })
    .where('id', '=', id)
    .where('enabled', '=', true)
    .where(sql<string>`metadata::jsonb ->> 'org'`, '=', org)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

type Row = {
  id: string;
  name: string | null;
  start: string | null;
  referenceId: string;
  enabled: boolean | null;
  expiresAt: Date | null;
  lastRequest: Date | null;
  createdAt: Date;
};
type Accounts = { apikey: Row & { metadata: string; updatedAt: Date } };

const accounts = ({ settings }: Auths): Kysely<Accounts> =>
  new Kysely<Accounts>({ dialect: new PostgresDialect({ pool: settings.state.pool }) }).withSchema(
    'staff_auth',
  );

function rowOf(row: Row, { org, roles, party }: z.output<typeof metadata>): KeyRow {
  const { id, name, start, referenceId, enabled, expiresAt, lastRequest, createdAt } = row;
  return {
    ...{ id, org, name: name ?? '', start: start ?? '', roles, party, madeBy: referenceId },
    ...{ madeAt: createdAt, expiresAt, lastUsedAt: lastRequest, stopped: enabled !== true },
  };
}
