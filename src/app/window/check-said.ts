/** What somebody keyed, held against the workspace before they are shown their answers: nothing is recorded. */

import type { z } from 'zod';
import { readWorkspace } from '../flow/read-workspace.ts';
import { entryOf, type recordPreferenceInput } from '../flow/record-preference.ts';
import type { Service } from '../flow/service.ts';
import { clockOf } from '../people/prefer.ts';
import { checkEntry, type Refused } from '../people/prefer-check.ts';

/** Null where nothing is wrong with it. */
export async function checkSaid(
  service: Service,
  org: string,
  input: z.output<typeof recordPreferenceInput>,
): Promise<Refused | null> {
  const workspace = await readWorkspace(service, org);
  const source = workspace.sources.find(({ id }) => id === input.source);
  if (source === undefined)
    return { kind: 'refused', code: 'text-malformed', message: 'there is no such source' };
  const checked = checkEntry(workspace, source, entryOf(input), clockOf(workspace.config));
  return checked.kind === 'refused' ? checked : null;
}
