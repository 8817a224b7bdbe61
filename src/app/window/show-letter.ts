/**
 * What somebody is told who typed the code of a letter: of that release alone, and nothing of anybody (E9). Not whether they
 * said stop, not who else has the details, no name and no address.
 */
import { z } from 'zod';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import { actsAsController } from '../../policy/asked.ts';
import type { Notice, Organisation } from '../../policy/model.ts';
import { toldWords } from '../../supply/told.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { type Answer, done, type LetterHolder, refused, type Service } from '../flow/service.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { withEngineIn } from './engine-in.ts';
import { pseudonymOf } from './find-letter.ts';
import { type Governing, governing, type LetterGround, letterGround } from './letter-ground.ts';

const quoted = z.object({
  /** Of the notice, `family@version`; or of the terms that bought-in data came with. */
  notice: z.string(),
  /** Verbatim. */
  quotes: z.array(z.string()),
  /** What they ticked, where it rests on that. */
  consent: z.string().nullable(),
  /** The whole text of the notice, in layers; none of terms that no person was shown. */
  layers: z.array(z.string()),
});
export const letterView = z.object({
  /** The organisation the address came from, as the server calls it. */
  club: z.string(),
  /** Who sent the letter, and for whom, by their legal names. */
  sender: z.string(),
  onBehalfOf: z.array(z.string()),
  purposes: z.array(z.string()),
  channels: z.array(z.string()),
  releasedOn: z.string(),
  told: z.array(quoted),
});
export type LetterView = z.output<typeof letterView>;

/** Refuses `not-found` where the code is of no row any more, `wrong-state` where the release's evidence is kept no longer. */
export async function showLetter(service: Service, holder: LetterHolder): Promise<Answer<LetterView>> {
  const pseudonym = await pseudonymOf(service, holder);
  if (pseudonym === null) return refused('not-found', 'no row of that release carries the code');
  const ground = await groundOrNull(rootOf(service, holder.org), holder.id);
  if (ground === null) return refused('wrong-state', 'what was told for that release is kept no longer');
  const options = peopleOptions(service, holder.org);
  const under = await withEngineIn(ground.root, options, (engine) => governing(engine, ground, pseudonym));
  const organisation = (await service.state.organisations()).find(({ org }) => org === holder.org);
  const recipient = await recipientOf(service, holder);
  return done(viewOf(ground, under, organisation?.name ?? holder.org, recipient));
}

/** Null where the evidence is kept no longer, or is not what the release committed to. */
export async function groundOrNull(root: string, release: string): Promise<LetterGround | null> {
  try {
    return await letterGround(root, release);
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

/** Who the release was handed over to. */
async function recipientOf({ state }: Service, { org, id }: LetterHolder): Promise<string | null> {
  const row = await state.as(org, (tx) =>
    tx
      .selectFrom('release')
      .select('recipient')
      .where('org', '=', org)
      .where('id', '=', id)
      .executeTakeFirst(),
  );
  return row?.recipient ?? null;
}

function viewOf(ground: LetterGround, under: Governing, club: string, recipient: string | null): LetterView {
  const { request, organisations } = ground.context;
  const named = (id: string): string => nameOf(organisations, id);
  const first = recipient ?? request.chain[0]?.organisation ?? '';
  const controllers = request.chain.filter(actsAsController).map(({ organisation }) => organisation);
  return {
    club,
    sender: named(first),
    onBehalfOf: [...new Set(controllers)].filter((id) => id !== first).map(named),
    purposes: [...request.purposes],
    channels: [...request.contactChannels],
    releasedOn: ground.day,
    told: toldOf(ground, under),
  };
}

const nameOf = (organisations: readonly Organisation[], id: string): string =>
  organisations.find((each) => each.id === id)?.legalName ?? id;

/** The words that cover the release, of each notice that governed the row. */
function toldOf({ release, context }: LetterGround, under: Governing): LetterView['told'] {
  const { request, source, organisations, rules } = context;
  // Without rules nothing was released.
  if (rules === null) return [];
  const { told } = toldWords({ release, request, source, organisations, rules, ...under });
  return [...new Set(told.map(({ notice }) => notice))].map((id) => {
    const own = told.filter(({ notice }) => notice === id);
    const consents = own.flatMap(({ consent }) => (consent === null ? [] : [consent.text]));
    return {
      notice: id,
      quotes: [...new Set(own.flatMap(({ quotes }) => quotes.map(({ text }) => text)))],
      consent: consents[0] ?? null,
      layers: layersOf(under.notices.find((notice) => notice.id === id)),
    };
  });
}

const layersOf = (notice: Notice | undefined): string[] =>
  [...(notice?.layers ?? [])].sort((a, b) => a.number - b.number).map(({ text }) => text);
