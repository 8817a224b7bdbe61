/** People by name, where an id of their account is all that was written down. */
import type { AccountsService } from '../../app/flow/accounts.ts';
import { english } from '../../words/words.ts';

/** Of `staff:id`, as deeds have it, and of the id alone. An id that is nobody's account is shown as it is. */
export async function namesOf(
  { accounts }: AccountsService,
  ids: readonly string[],
  keyOf: (name: string) => string = english.desk.keyOf,
): Promise<(id: string) => string> {
  const bare = (id: string): string => id.replace(/^(staff|machine|member):/, '');
  const people = await accounts.people([...new Set(ids.map(bare))]);
  return (id) => {
    const person = people.get(bare(id));
    if (person === undefined) return bare(id);
    const name = person.name === '' ? person.email : person.name;
    return id.startsWith('machine:') ? keyOf(name) : name;
  };
}
