/** What an earlier version of the program kept in clear is sealed, before anything is sent: secrets of webhooks, and links. */
import type { State, Tx } from '../../store/postgres/state.ts';
import { type Cover, isSealed, ofMail, ofWebhook } from './cover.ts';
import { linkLasts } from './link-lasts.ts';
import type { Service } from './service.ts';

export async function sealStanding({ state, cover }: Pick<Service, 'state' | 'cover'>): Promise<void> {
  for (const org of [...(await organisationsOf(state)), '*'])
    await state.as(org, async (tx) => {
      await sealWebhooks(tx, org, cover);
      await sealMail(tx, org, cover);
    });
}

const organisationsOf = async (state: State): Promise<readonly string[]> =>
  (await state.organisations()).map(({ org }) => org);

async function sealWebhooks(tx: Tx, org: string, cover: Cover): Promise<void> {
  const rows = await tx
    .selectFrom('webhook')
    .select(['org', 'id', 'secret'])
    .where('org', '=', org)
    .forUpdate()
    .execute();
  for (const row of rows.filter(({ secret }) => !isSealed(secret)))
    await tx
      .updateTable('webhook')
      .set({ secret: cover.seal(ofWebhook(row), row.secret) })
      .where('org', '=', org)
      .where('id', '=', row.id)
      .execute();
}

/** Of what was sent or given up the words are gone already. */
async function sealMail(tx: Tx, org: string, cover: Cover): Promise<void> {
  const rows = await tx
    .selectFrom('mail')
    .select(['org', 'id', 'body'])
    .where('org', '=', org)
    .where('kind', 'in', [...linkLasts.keys()])
    .where('body', '<>', '')
    .forUpdate()
    .execute();
  for (const row of rows.filter(({ body }) => !isSealed(body)))
    await tx
      .updateTable('mail')
      .set({ body: cover.seal(ofMail(row), row.body) })
      .where('org', '=', org)
      .where('id', '=', row.id)
      .execute();
}
