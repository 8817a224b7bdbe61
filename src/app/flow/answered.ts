/** What was answered under an idempotency key, so that who asks again because an answer got lost is told the same. */
import type { State } from '../../store/postgres/state.ts';

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

export function claimAnswer(state: State, asked: Asked, now: Date): Promise<Claim> {
  const { org, actor, key, route, digest } = asked;
  return state.as(org, async (tx) => {
    const inserted = await tx
      .insertInto('answered')
      .values({ org, actor, key, route, digest, at: now })
      .onConflict((conflict) => conflict.columns(['org', 'actor', 'key']).doNothing())
      .returning('at')
      .execute();
    if (inserted.length === 1) return { kind: 'first', mark: now };
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
  await state.as(asked.org, (tx) =>
    tx
      .updateTable('answered')
      .set({ ...kept })
      .where('org', '=', asked.org)
      .where('actor', '=', asked.actor)
      .where('key', '=', asked.key)
      .where('at', '=', mark)
      .where('status', 'is', null)
      .execute(),
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
