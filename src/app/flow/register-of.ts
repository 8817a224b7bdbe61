/** The register of organisations as it stands in an organisation's documents (A1): who is a party, of which group, with which keys. */
import { parseOrganisations } from '../../documents/organisations.ts';
import type { KeysOf } from '../../documents/recipient.ts';
import type { Organisation } from '../../policy/model.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { currentText } from './current-text.ts';

export type Register = {
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly keys: KeysOf;
};

export const registerPath = 'organisations.yaml';

/** Empty where there is no register: then every party is unknown. */
export async function registerOf(tx: Tx, org: string): Promise<Register> {
  const { organisations, keys } = parseOrganisations(
    registerPath,
    (await currentText(tx, org, registerPath)) ?? '',
  );
  return { organisations: new Map(organisations.map((each) => [each.id, each])), keys };
}
