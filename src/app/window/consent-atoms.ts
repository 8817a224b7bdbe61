/** What a consent is about, one thing at a time: a yes permits each, and a withdrawal of it stops each. */
import type { Workspace } from '../../documents/workspace.ts';
import type { Consent, Scope } from '../../policy/model.ts';
import { isSameScope } from '../../policy/scope-parts.ts';

/**
 * Of all that a consent ever was. Whom an earlier text named, and who is not known here any more, cannot be stopped by name; nor
 * can anything go to them by it, for what the notice says now does not name them.
 */
export const allAtoms = (
  organisations: Workspace['organisations'],
  consents: readonly Consent[],
): readonly Scope[] =>
  distinct(consents.flatMap(atomsOf)).filter(
    ({ organisation }) => organisation === 'all' || organisations.some(({ id }) => id === organisation),
  );

/** Each once. */
export const distinct = (atoms: readonly Scope[]): readonly Scope[] =>
  atoms.filter((one, i) => atoms.findIndex((each) => isSameScope(each, one)) === i);

/** One purpose, one organisation, one way of reaching each: what a withdrawal of it stops. */
function atomsOf({ purposes, controllers, contactChannels }: Consent): readonly Scope[] {
  const some = (terms: readonly string[]): readonly string[] => (terms.length === 0 ? ['all'] : terms);
  return some(purposes).flatMap((purpose) =>
    some(controllers).flatMap((organisation) =>
      some(contactChannels).map((contactChannel) => ({
        purpose,
        organisation,
        contactChannel,
        field: 'all',
      })),
    ),
  );
}
