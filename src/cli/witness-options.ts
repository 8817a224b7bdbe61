/** `--witness` and `--needed`: whose cosignatures a checkpoint must bear, said alike wherever one is checked (E4). */
import { type Command, InvalidArgumentError } from 'commander';
import type { WitnessesAsked } from '../app/log/own-log.ts';
import { counted } from '../policy/figures.ts';
import { keyForms, readKey } from './log-key.ts';
import { type Session, UsageError } from './session.ts';

export type WitnessFlags = { readonly witness?: readonly string[]; readonly needed?: number };

export const withWitnessOptions = (command: Command): Command =>
  command
    .option(
      '--witness <vkey...>',
      `public keys of witnesses, each ${keyForms}; in a workspace, of its own log, those of astold.yaml`,
    )
    .option('--needed <k>', 'how many of the witnesses must have cosigned; all if left out', wholeNumber);

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

/** Throws UsageError, LogError `vkey-malformed`. */
export async function witnessesAsked(
  session: Session,
  { witness, needed }: WitnessFlags,
): Promise<WitnessesAsked> {
  const witnesses =
    witness === undefined ? null : await Promise.all(witness.map((key) => readKey(session, key)));
  if (witnesses !== null && needed !== undefined && needed > witnesses.length)
    throw new UsageError(
      'usage',
      `${counted(needed, 'witness', 'witnesses')} must cosign, and only ${witnesses.length} named: give more with --witness`,
    );
  return { witnesses, needed: needed ?? null };
}
