/** Who hears of what gives power over an organisation's data, or takes it away: its officers and its auditors. */
import type { AccountsService, Person } from './accounts.ts';

/** All of them but `except`: who did it, and whom it was done to. */
export async function whoWatches(
  { accounts, state }: Pick<AccountsService, 'accounts' | 'state'>,
  org: string,
  except: readonly string[],
): Promise<readonly Person[]> {
  const watching = await state.as(org, (tx) =>
    tx
      .selectFrom('staff_role')
      .select('person')
      .distinct()
      .where('org', '=', org)
      .where('role', 'in', ['officer', 'auditor'])
      .execute(),
  );
  const ids = watching.map(({ person }) => person).filter((person) => !except.includes(person));
  return [...(await accounts.people(ids)).values()];
}
