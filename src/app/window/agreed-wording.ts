/**
 * The words that a yes was to. An event names them by the ids of a notice and a consent, and their text is in the notice: where
 * that had other words, and was put after the event, nobody can say any more which of them stood.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Workspace } from '../../documents/workspace.ts';
import type { Consent } from '../../policy/model.ts';
import { timeOf } from '../../policy/times.ts';
import { type NoticeVersion, namedBy, noticeTexts, noticeVersions } from '../flow/notice-versions.ts';
import type { Service } from '../flow/service.ts';

export type Wording = {
  /** As the notice has them now. */
  readonly text: string;
  /** They may have been others when it was said. */
  readonly changed: boolean;
};
export type Agreed = {
  readonly wording: Wording;
  /** All that it may have been to, in words or in whom and what they were taken to name; as it is now the first. */
  readonly consents: readonly [Consent, ...Consent[]];
};
/** `said`: a date, a time, or its milliseconds; null where nobody knows. Null: the notice, or the consent in it, is not here. */
type Of<T> = (notice: string | null, consent: string | null, said: string | number | null) => T | null;
export type AgreedOf = Of<Agreed>;
export type WordingOf = Of<Wording>;

/** Whoever has a page open as the words change may have answered the earlier ones: for so long they count. */
const pageOpen = 86_400_000;

/** By the notices as they are in `workspace`, and by all that were ever put. Errors: those of the state. */
export async function agreedConsents(
  { state }: Pick<Service, 'state'>,
  org: string,
  { notices }: Pick<Workspace, 'notices'>,
): Promise<AgreedOf> {
  const [texts] = await state.look(org, (db) => [noticeTexts(db, org)]);
  const versions = noticeVersions(texts);
  return (noticeId, consentId, said) => {
    const consentIn = (notice: NoticeVersion['notice'] | undefined): Consent | undefined =>
      notice?.consents.find(({ id }) => id === consentId);
    const now = consentIn(notices.find(({ id }) => id === noticeId));
    if (now === undefined) return null;
    const all = versions.get(noticeId ?? '') ?? [];
    const put = all.find(({ until }) => until === null)?.from ?? Number.POSITIVE_INFINITY;
    const earlier =
      put + pageOpen > instantOf(said) ? all.flatMap(({ notice }) => consentIn(notice) ?? []) : [];
    const others = earlier.filter((one, i) =>
      [now, ...earlier.slice(0, i)].every((each) => !isDeepStrictEqual(namedBy(each), namedBy(one))),
    );
    const { text } = now.wording;
    return {
      wording: { text, changed: others.some(({ wording }) => wording.text !== text) },
      consents: [now, ...others],
    };
  };
}

/** The same, of the words alone. */
export async function agreedWording(
  service: Pick<Service, 'state'>,
  org: string,
  workspace: Pick<Workspace, 'notices'>,
): Promise<WordingOf> {
  const agreed = await agreedConsents(service, org, workspace);
  return (...asked) => agreed(...asked)?.wording ?? null;
}

/** The earliest that it can be. */
function instantOf(said: string | number | null): number {
  const at = typeof said === 'string' ? (timeOf(said)?.earliest ?? null) : said;
  return at ?? Number.NEGATIVE_INFINITY;
}
