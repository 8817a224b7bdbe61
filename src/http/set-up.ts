/** An organisation brought onto the server by whoever runs it; the server need not be running, and under the embedded database may not. */
import { createOrganisation } from '../app/flow/create-organisation.ts';
import { type FirstOfficer, firstOfficerInput, makeFirstOfficer } from '../app/flow/make-first-officer.ts';
import { openService } from '../app/flow/open-service.ts';
import { type Answer, refused } from '../app/flow/service.ts';
import { accountsOf } from './auth/accounts.ts';
import { openAuths } from './auth/auths.ts';
import { authSettings } from './auth-settings.ts';
import type { Config } from './config.ts';
import { openLog } from './log.ts';

export type SetUp = {
  readonly org: string;
  readonly name: string;
  /** A folder with its documents and its `data/`. */
  readonly folder: string;
  readonly officer: { readonly email: string; readonly name: string };
};

/** Refuses what `createOrganisation` and `makeFirstOfficer` refuse. Throws StateError, AuthError. */
export async function setUp(config: Config, wanted: SetUp): Promise<Answer<FirstOfficer>> {
  const { org, name, folder, officer } = wanted;
  const first = firstOfficerInput.safeParse({ org, ...officer });
  if (!first.success) return refused('input-invalid', 'the officer needs a name and an e-mail address');
  const log = openLog(config.logLevel);
  const opened = await openService(config, log, () => new Date());
  try {
    const auths = openAuths(await authSettings(config, opened, log));
    const made = await createOrganisation(opened.service, { org, name, folder, instead: new Map() });
    if (made.kind === 'refused') return made;
    return await makeFirstOfficer({ ...opened.service, accounts: accountsOf(auths) }, first.data);
  } finally {
    await opened.stop();
  }
}
