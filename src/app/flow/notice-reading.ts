/** What the words of a notice are taken to say, and whether one reading of them permits no more than another. */
import { isDeepStrictEqual } from 'node:util';
import type { Consent, Notice, Statement } from '../../policy/model.ts';
import { namedBy } from './notice-versions.ts';

/** What its words are taken to say, whatever the parts are called and in whichever order they stand. */
export const isSameReading = (a: Notice, b: Notice): boolean => isNarrower(a, b, []) && isNarrower(b, a, []);

/**
 * Whether `after` takes the same words to permit no more than `before`, or than one of `also`, which has those words too: no
 * permission is new, no promise of `before` is gone, and what is asked is asked as it was.
 */
export function isNarrower(before: Notice, after: Notice, also: readonly Notice[]): boolean {
  const asked = (notice: Notice): boolean =>
    notice.collectedOn === after.collectedOn && isDeepStrictEqual(askedBy(notice), askedBy(after));
  return (
    asked(before) &&
    permissionsOf(after).every((one) => permits([before, ...also.filter(asked)], one)) &&
    promisesOf(before).every((one) =>
      promisesOf(after).some((each) => isDeepStrictEqual(saidBy(each), saidBy(one))),
    )
  );
}

/**
 * Whether other words that were shown, `shown`, may be put back in the place of `before`: whoever was shown `before` was told of
 * no less, by each permission and each question, is promised as much, and was shown it on no other day and by no other means.
 */
export function isPutBack(shown: Notice, before: Notice, after: Notice): boolean {
  const both = [shown, before];
  return (
    both.every(
      (notice) =>
        notice.collectedOn === after.collectedOn &&
        permissionsOf(after).every((one) => permits([notice], one)) &&
        after.consents.every((consent) => asks(notice, consent)),
    ) &&
    promisesOf(before).every((one) =>
      promisesOf(after).some((each) => isDeepStrictEqual(meantBy(each), meantBy(one))),
    ) &&
    before.organisation === after.organisation &&
    after.shown.from <= before.shown.from &&
    before.collectedBy.every((means) => after.collectedBy.includes(means))
  );
}

const permissionsOf = ({ statements }: Notice): readonly Statement[] =>
  statements.filter(({ kind }) => kind === 'tells');
const promisesOf = ({ statements }: Notice): readonly Statement[] =>
  statements.filter(({ kind }) => kind !== 'tells');

const permits = (notices: readonly Notice[], one: Statement): boolean =>
  notices.some((notice) => permissionsOf(notice).some((each) => isPartOf(one, each)));

/** Of the same words; some of what they tell may be left out. */
function isPartOf(part: Statement, whole: Statement): boolean {
  const all = listsOf(whole);
  return (
    isDeepStrictEqual(withoutLists(part), withoutLists(whole)) &&
    listsOf(part).every((list, i) =>
      list.every((one) => all[i]?.some((each) => isDeepStrictEqual(one, each)) === true),
    )
  );
}

const listsOf = ({
  purposes,
  recipients,
  data,
  contactChannels,
}: Statement): readonly (readonly unknown[])[] => [
  purposes?.terms ?? [],
  recipients?.organisations ?? [],
  recipients?.categories ?? [],
  data?.items ?? [],
  contactChannels?.terms ?? [],
];

function withoutLists(statement: Statement): unknown {
  const { purposes, recipients, data, contactChannels } = statement;
  return saidBy({
    ...statement,
    purposes: purposes && { ...purposes, terms: [] },
    recipients: recipients && { ...recipients, organisations: [], categories: [] },
    data: data && { ...data, items: [] },
    contactChannels: contactChannels && { ...contactChannels, terms: [] },
  });
}

/** Sign-offs are documents of their own. */
const saidBy = (statement: Statement): Statement => ({ ...statement, id: '', signedTerms: [] });

/** A promise binds by what it names, in whichever words. */
function meantBy(promise: Statement): unknown {
  const { purposes, recipients, data, contactChannels, basis, retention } = promise;
  const unquoted = (part: object | null): unknown => part && { ...part, quote: null };
  return {
    ...saidBy(promise),
    ...{ purposes: unquoted(purposes), recipients: unquoted(recipients), data: unquoted(data) },
    ...{ contactChannels: unquoted(contactChannels), basis: unquoted(basis), retention: unquoted(retention) },
  };
}

const askedBy = ({ consents }: Notice): unknown =>
  Object.fromEntries(consents.map((consent) => [consent.id, namedBy(consent)]));

const asks = ({ consents }: Notice, one: Consent): boolean =>
  consents.some((each) => each.id === one.id && isDeepStrictEqual(namedBy(each), namedBy(one)));
