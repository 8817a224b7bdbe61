/** An organisation brought onto the server by whoever runs it. */
import { createOrganisation } from '../app/flow/create-organisation.ts';
import { type FirstOfficer, firstOfficerInput, makeFirstOfficer } from '../app/flow/make-first-officer.ts';
import { type Answer, refused } from '../app/flow/service.ts';
import type { Config } from './config.ts';
import { operate } from './operate.ts';

export type SetUp = {
  readonly org: string;
  readonly name: string;
  /** A folder with its documents and its `data/`. */
  readonly folder: string;
  readonly leaveKeys: boolean;
  readonly officer: { readonly email: string; readonly name: string };
};

/** Refuses what `createOrganisation` and `makeFirstOfficer` refuse. Throws StateError, AuthError. */
export async function setUp(config: Config, wanted: SetUp): Promise<Answer<FirstOfficer>> {
  const { org, name, folder, leaveKeys, officer } = wanted;
  const first = firstOfficerInput.safeParse({ org, ...officer });
  if (!first.success) return refused('input-invalid', 'the officer needs a name and an e-mail address');
  return operate(config, async (service) => {
    const made = await createOrganisation(service, { org, name, folder, leaveKeys, instead: new Map() });
    return made.kind === 'refused' ? made : makeFirstOfficer(service, first.data);
  });
}
