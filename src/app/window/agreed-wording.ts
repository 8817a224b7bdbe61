/**
 * The words that a yes was to. An event names them by the ids of a notice and a consent, and their text is in the notice: where
 * that had other words, and was put after the event, nobody can say any more which of them stood.
 */
import { parseNotice } from '../../documents/notice.ts';
import type { Workspace } from '../../documents/workspace.ts';
import { timeOf } from '../../policy/times.ts';
import type { Service } from '../flow/service.ts';

export type Wording = {
  /** As the notice has them now. */
  readonly text: string;
  /** They may have been others when it was said. */
  readonly changed: boolean;
};
/** `said`: a date, a time, or its milliseconds; null where nobody knows. Null: the notice, or the consent in it, is not here. */
export type WordingOf = (
  notice: string | null,
  consent: string | null,
  said: string | number | null,
) => Wording | null;

/** Whoever has a page open as the words change may have answered the earlier ones: for so long they count. */
const pageOpen = 86_400_000;

/** By the notices as they are in `workspace`, and by all that were ever put. Errors: those of the state. */
export async function agreedWording(
  { state }: Pick<Service, 'state'>,
  org: string,
  { notices, files }: Pick<Workspace, 'notices' | 'files'>,
): Promise<WordingOf> {
  const [texts, current] = await state.look(org, (db) => [
    db
      .selectFrom('document')
      .leftJoin('document_current', (join) =>
        join
          .onRef('document_current.org', '=', 'document.org')
          .onRef('document_current.path', '=', 'document.path')
          .onRef('document_current.digest', '=', 'document.digest'),
      )
      .select(['document.path', 'document.text'])
      .where('document.org', '=', org)
      .where('document.path', 'like', 'notices/%')
      .where('document_current.path', 'is', null),
    db
      .selectFrom('document_current')
      .select(['path', 'changed_at'])
      .where('org', '=', org)
      .where('path', 'like', 'notices/%'),
  ]);
  const earlier = wordsById(texts);
  const putAt = new Map(current.map(({ path, changed_at }) => [path, changed_at.getTime()]));
  return (notice, consent, said) => {
    const text = notices.find(({ id }) => id === notice)?.consents.find(({ id }) => id === consent)
      ?.wording.text;
    if (text === undefined) return null;
    const others = [...(earlier.get(`${notice} ${consent}`) ?? [])].some((each) => each !== text);
    const put = putAt.get(files.get(`notice:${notice}`) ?? '') ?? Number.POSITIVE_INFINITY;
    return { text, changed: others && put + pageOpen > instantOf(said) };
  };
}

/** Of versions that are not current, by notice and consent. */
function wordsById(
  texts: readonly { readonly path: string; readonly text: string }[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const words = new Map<string, Set<string>>();
  for (const { path, text } of texts) {
    const { notice } = parseNotice(path, text);
    for (const { id, wording } of notice?.consents ?? []) {
      const key = `${notice?.id} ${id}`;
      words.set(key, (words.get(key) ?? new Set()).add(wording.text));
    }
  }
  return words;
}

/** The earliest that it can be. */
function instantOf(said: string | number | null): number {
  const at = typeof said === 'string' ? (timeOf(said)?.earliest ?? null) : said;
  return at ?? Number.NEGATIVE_INFINITY;
}
