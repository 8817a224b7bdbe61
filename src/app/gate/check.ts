/** `astold check`: what would happen to every record, and why. Writes nothing but what ingest keeps. */
import type { Workspace } from '../../documents/workspace.ts';
import { askedOf, type GateOptions, openGate } from './context.ts';
import { decideAll } from './decide-all.ts';
import type { Outcome } from './outcome.ts';

/** Needs no approval (B8): that is asked of a release. Errors: GateError, and those of the ingest and the key. */
export async function check(workspace: Workspace, requestId: string, options: GateOptions): Promise<Outcome> {
  const gate = await openGate(workspace, askedOf(workspace, requestId, options.asOf), false, options);
  try {
    const { records } = gate.snapshot;
    options.onProgress('decide', 0, records);
    const { outcome } = await decideAll(gate, null);
    options.onProgress('decide', records, records);
    return outcome;
  } finally {
    gate.close();
  }
}
