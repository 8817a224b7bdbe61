/** What was answered under an idempotency key, so that who asks again because an answer got lost is told the same. */
import { sql } from 'kysely';
import { gathered } from '../../store/gathered.ts';
import type { State, Tx } from '../../store/postgres/state.ts';
import { StateError } from '../../store/postgres/state-error.ts';

/** `digest` is of all that was asked; `actor` keeps the keys of one from those of another. */
export type Asked = {
  readonly org: string;
  readonly actor: string;
  readonly key: string;
  readonly route: string;
  readonly digest: string;
  /**
   * No request of this kind takes longer: a server that has not answered by then was killed, and what was asked is done anew.
   * Had it been done already, the states of things refuse it, or the same is recorded again.
   */
  readonly longestMs: number;
};
export type Kept = {
  readonly status: number;
  readonly type: string | null;
  readonly location: string | null;
  readonly etag: string | null;
  /** Null where it said something that is shown once. */
  readonly body: string | null;
};
export type Claim =
  /** It is to be done now; `mark` is what `keepAnswer` and `forgetClaim` want to be given. */
  | { readonly kind: 'first'; readonly mark: Date }
  | { readonly kind: 'again'; readonly kept: Kept }
  | { readonly kind: 'in-progress' }
  /** The key stands for something else. */
  | { readonly kind: 'reused' };

/** Keys are remembered for so long. */
export const keptHours = 48;

export async function claimAnswer(state: State, asked: Asked, now: Date): Promise<Claim> {
  const { org, actor, key, route, digest } = asked;
  if (await togetherOf(state, org).insert({ org, actor, key, route, digest, at: now }))
    return { kind: 'first', mark: now };
  return state.as(org, async (tx) => {
    const row = await tx
      .selectFrom('answered')
      .selectAll()
      .where('org', '=', org)
      .where('actor', '=', actor)
      .where('key', '=', key)
      .forUpdate()
      .executeTakeFirst();
    // Let go of in between: whoever asks again finds it free.
    if (row === undefined) return { kind: 'in-progress' };
    if (row.route !== route || row.digest !== digest) return { kind: 'reused' };
    const { status, type, location, etag, body } = row;
    if (status !== null) return { kind: 'again', kept: { status, type, location, etag, body } };
    if (now.getTime() - row.at.getTime() < asked.longestMs) return { kind: 'in-progress' };
    await tx
      .updateTable('answered')
      .set({ at: now })
      .where('org', '=', org)
      .where('actor', '=', actor)
      .where('key', '=', key)
      .execute();
    return { kind: 'first', mark: now };
  });
}

export async function keepAnswer(state: State, asked: Asked, mark: Date, kept: Kept): Promise<void> {
  await togetherOf(state, asked.org).keep({ ...asked, mark, kept });
}

type Claimed = Pick<Asked, 'org' | 'actor' | 'key' | 'route' | 'digest'> & { readonly at: Date };
type Keeping = Asked & { readonly mark: Date; readonly kept: Kept };
/** `insert`: whether the key was free. */
type Together = {
  insert(claimed: Claimed): Promise<boolean>;
  keep(keeping: Keeping): Promise<null>;
};
const shared = new WeakMap<State, Map<string, Together>>();

/** What an organisation is asked at once is written together. */
function togetherOf(state: State, org: string): Together {
  const ours = shared.get(state) ?? new Map<string, Together>();
  shared.set(state, ours);
  const found = ours.get(org);
  if (found !== undefined) return found;
  const how = { most: 100, every: 20, alone: (error: unknown) => !(error instanceof StateError) };
  const made: Together = {
    insert: gathered({ ...how, work: (claimed) => state.as(org, (tx) => insertAll(tx, claimed)) }),
    keep: gathered({
      ...how,
      async work(keeping) {
        await state.as(org, (tx) => keepAll(tx, org, keeping));
        return keeping.map(() => null);
      },
    }),
  };
  ours.set(org, made);
  return made;
}

/** Of two with the same key it is free for the first. */
async function insertAll(tx: Tx, claimed: readonly Claimed[]): Promise<readonly boolean[]> {
  const inserted = await tx
    .insertInto('answered')
    .values(claimed)
    .onConflict((conflict) => conflict.columns(['org', 'actor', 'key']).doNothing())
    .returning(['actor', 'key'])
    .execute();
  const free = new Set(inserted.map(nameOf));
  return claimed.map((each) => free.delete(nameOf(each)));
}

const nameOf = ({ actor, key }: Pick<Asked, 'actor' | 'key'>): string => `${actor} ${key}`;

async function keepAll(tx: Tx, org: string, keeping: readonly Keeping[]): Promise<void> {
  const column = <T>(of: (each: Keeping) => T): readonly T[] => keeping.map(of);
  await sql`UPDATE answered a SET status = k.status, type = k.type, location = k.location, etag = k.etag, body = k.body
    FROM unnest(${column(({ actor }) => actor)}::text[], ${column(({ key }) => key)}::text[],
      ${column(({ mark }) => mark.toISOString())}::timestamptz[], ${column(({ kept }) => kept.status)}::integer[],
      ${column(({ kept }) => kept.type)}::text[], ${column(({ kept }) => kept.location)}::text[],
      ${column(({ kept }) => kept.etag)}::text[], ${column(({ kept }) => kept.body)}::text[])
      AS k (actor, key, at, status, type, location, etag, body)
    WHERE a.org = ${org} AND a.actor = k.actor AND a.key = k.key AND a.at = k.at AND a.status IS NULL`.execute(
    tx,
  );
}

/** Nothing was done: the key is free again. */
export async function forgetClaim(state: State, asked: Asked, mark: Date): Promise<void> {
  await state.as(asked.org, (tx) =>
    tx
      .deleteFrom('answered')
      .where('org', '=', asked.org)
      .where('actor', '=', asked.actor)
      .where('key', '=', asked.key)
      .where('at', '=', mark)
      .where('status', 'is', null)
      .execute(),
  );
}

/** Deletes what is older than keys are remembered; to be called every hour or so, by any server. */
export async function forgetAnswers(state: State, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptHours * 3_600_000);
  for (const { org } of await state.organisations())
    await state.as(org, (tx) =>
      tx.deleteFrom('answered').where('org', '=', org).where('at', '<', before).execute(),
    );
}
