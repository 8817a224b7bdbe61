/**
 * What only one may have at a time, among all servers on a database: a row with its holder and an expiry that the holder
 * puts off. No transaction is open meanwhile: under PGlite everybody would wait for it.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import type { State, Tx } from '../../store/postgres/state.ts';
import { FlowError } from './flow-error.ts';

export type Lease = {
  readonly org: string;
  readonly name: string;
  readonly owner: string;
  /** To be asked in the transaction that commits what was done under it: after that nobody can take it over in between. */
  requireHeld(tx: Tx): Promise<void>;
  release(): Promise<void>;
};

/** Whoever has not put off the expiry for so long is taken to be dead. Seconds. */
const lifetime = 10;
const renewEvery = 3_000;
const here = hostname();

/**
 * Null where another has it. `othersHereAreDead`: the caller knows by other means that no process of this machine can have
 * it, so that after a crash nobody waits for the expiry.
 */
export async function takeLease(
  state: State,
  org: string,
  name: string,
  othersHereAreDead: boolean,
): Promise<Lease | null> {
  const owner = `${here}/${randomUUID()}`;
  const taken = await state.as(org, async (tx) => {
    const { rows } = await sql`
      INSERT INTO lease (org, name, owner, expires_at)
      VALUES (${org}, ${name}, ${owner}, clock_timestamp() + ${lifetime} * interval '1 second')
      ON CONFLICT (org, name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
      WHERE lease.expires_at < clock_timestamp()
        OR (${othersHereAreDead}::boolean AND starts_with(lease.owner, ${`${here}/`}))
      RETURNING owner`.execute(tx);
    return rows.length > 0;
  });
  if (!taken) return null;
  const timer = setInterval(() => void renew(state, org, name, owner), renewEvery);
  timer.unref();
  return {
    org,
    name,
    owner,
    requireHeld: (tx) => requireHeld(tx, org, name, owner),
    async release() {
      clearInterval(timer);
      await state.as(org, (tx) =>
        tx
          .deleteFrom('lease')
          .where('org', '=', org)
          .where('name', '=', name)
          .where('owner', '=', owner)
          .execute(),
      );
    },
  };
}

/** While the database is away nothing can be committed either: whether the lease is still ours shows when it is back. */
async function renew(state: State, org: string, name: string, owner: string): Promise<void> {
  try {
    await state.as(org, (tx) =>
      sql`UPDATE lease SET expires_at = clock_timestamp() + ${lifetime} * interval '1 second'
          WHERE org = ${org} AND name = ${name} AND owner = ${owner}`.execute(tx),
    );
  } catch {
    // Asked again in a moment.
  }
}

async function requireHeld(tx: Tx, org: string, name: string, owner: string): Promise<void> {
  const row = await tx
    .selectFrom('lease')
    .select('owner')
    .where('org', '=', org)
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst();
  if (row?.owner !== owner)
    throw new FlowError(
      'lease-lost',
      `another server has taken over "${name}" of ${org}; nothing was committed`,
    );
}
