/**
 * The stop of a letter: of the record whose code was typed, for the purposes of its release, for whoever decides in its
 * chain, by its ways of contact, and of nothing else (E9). It counts from now. The receipt goes without the token: the letter
 * may be in another's hand (E1). Said twice it is recorded twice and answered alike: nobody learns what was said before.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { destroyedFile, notDestroyed } from '../../bulk/destroyed.ts';
import type { Engine } from '../../bulk/engine.ts';
import { requireWhole, secretsFile, sourceVault, VaultError } from '../../bulk/vault.ts';
import { readKeyOf } from '../../documents/key.ts';
import { readRegular } from '../../documents/regular-file.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { type Receipt, withoutToken } from '../../evidence/receipt.ts';
import { actsAsController } from '../../policy/asked.ts';
import type { Request } from '../../policy/model.ts';
import { keyedHash } from '../../roster/token.ts';
import { readManifest } from '../../supply/manifest-read.ts';
import { sleeperRows } from '../../supply/sleeper-rows.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { recordFor, recordPreferenceInput } from '../flow/record-preference.ts';
import { type Answer, done, type LetterHolder, refused, type Service } from '../flow/service.ts';
import { withEngineIn } from './engine-in.ts';
import { pseudonymOf } from './find-letter.ts';
import type { LetterGround } from './letter-ground.ts';
import { refusedAfter, saidAfter } from './said-in-part.ts';
import { groundOrNull } from './show-letter.ts';

export const letterStopView = z.object({
  /** One for each part of the scope: each to be kept. Without the token. */
  receipts: z.array(z.looseObject({})).min(1),
});
export type LetterStopped = { readonly receipts: readonly Receipt[] };

/**
 * Refuses `not-found` where the code is of no row any more; `wrong-state` where what the release was for is kept no longer;
 * `preference-refused` where nobody can say of whom the row is: then the person writes or phones. Throws VaultError
 * `secrets-missing`, `secrets-broken`: nothing is recorded then; SayError where something comes in between its parts.
 */
export async function stopByLetter(service: Service, holder: LetterHolder): Promise<Answer<LetterStopped>> {
  const { org } = holder;
  const pseudonym = await pseudonymOf(service, holder);
  if (pseudonym === null) return refused('not-found', 'no row of that release carries the code');
  const workspace = await readWorkspace(service, org);
  const ground = await groundOrNull(workspace.root, holder.id);
  if (ground === null) return refused('wrong-state', 'what the release was for is kept no longer');
  const options = peopleOptions(service, org);
  const record = await withEngineIn(ground.root, options, (engine) => recordOf(engine, ground, pseudonym));
  if (record === null && !(await isNobodyToName(workspace, ground, pseudonym)))
    return refused('preference-refused', 'nobody can say of whom the row of that code is');
  const known = record === null ? unnamed(ground, pseudonym) : undefined;
  const { source } = ground.context;
  const receipts: Receipt[] = [];
  for (const scope of scopesOf(ground.context.request, workspace)) {
    const input = { source: source.id, person: record, kind: 'objection', by: 'web', ...scope };
    const recorded = receipts.map(({ content }) => content.event);
    const answer = await saidAfter(recorded, () =>
      recordFor(service, org, recordPreferenceInput.parse(input), undefined, known),
    );
    if (answer.kind === 'refused') return refusedAfter(recorded, answer);
    // As `prefer` made it.
    receipts.push(withoutToken(answer.value.receipt as unknown as Receipt));
  }
  return done({ receipts });
}

type StopScope = Pick<z.input<typeof recordPreferenceInput>, 'purpose' | 'organisation' | 'channel'>;

/** Each purpose, by each who decides for themselves, by each way of contact; who is in the register no more is anybody (A5). */
function scopesOf(request: Request, { organisations }: Workspace): readonly StopScope[] {
  const deciding = request.chain.filter(actsAsController);
  const parties = (deciding.length > 0 ? deciding : request.chain).map(({ organisation }) => organisation);
  const named = new Set(
    parties.map((party) => (organisations.some(({ id }) => id === party) ? party : null)),
  );
  return request.purposes.flatMap((purpose) =>
    [...named].flatMap((organisation) =>
      request.contactChannels.map((channel) => ({ purpose, organisation, channel })),
    ),
  );
}

/** The record id of a row: whoever was ever read has a nonce in the vault, until they are erased. */
async function recordOf(
  engine: Engine,
  { root, context, keys }: LetterGround,
  pseudonym: string,
): Promise<string | null> {
  const { dialect } = engine;
  const dir = sourceVault(root, context.source.id);
  const path = join(dir, secretsFile);
  // They were drawn before the release: without them anybody would be nobody, and get a receipt that stops nothing.
  if (!existsSync(path))
    throw new VaultError('secrets-missing', `${path} is not there; put it back from its copy`);
  requireWhole(path);
  const rows = await engine.rows(
    `SELECT s.rid AS rid FROM ${dialect.parquet(path)} s
     WHERE ${dialect.keyedHash(keys.pseudonyms, 's.rid')} = ${dialect.literal(pseudonym)}
       AND ${await notDestroyed(engine, dir, root, 's')}`,
  );
  const [one, ...more] = rows;
  return typeof one?.rid === 'string' && more.length === 0 ? one.rid : null;
}

/**
 * Whether the row is of nobody who could be named: a sleeper; or somebody who was erased, whose stop of everything stands
 * under a key that nothing leads to from here. Neither is to be told from the others.
 */
async function isNobodyToName(
  { supply }: Workspace,
  { root, release, context }: LetterGround,
  pseudonym: string,
): Promise<boolean> {
  if (existsSync(join(sourceVault(root, context.source.id), destroyedFile))) return true;
  const manifest = readManifest(
    (await readRegular(join(root, 'releases', release, 'manifest.json'))).toString('utf8'),
  );
  const { key } = await readKeyOf(root, manifest.key);
  const rows = sleeperRows(supply.sleepers, key, release, context.request.id);
  return rows.some((row) => row.pseudonym === pseudonym);
}

/** Something that a receipt can commit to, and that no record answers to. */
const unnamed = ({ keys }: LetterGround, pseudonym: string) => ({
  master: keyedHash(keys.unnamed, `person/${pseudonym}`),
  key: keyedHash(keys.unnamed, `record/${pseudonym}`),
});
