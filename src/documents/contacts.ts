/** `contacts.yaml`: how parties are reached, and what else the standard forms of a consent receipt ask for. */
import { z } from 'zod';
import { DocumentError, type Fault } from './fault.ts';
import { id, keyed, listOrNone, orNull, words } from './leaves.ts';
import { parseYaml } from './parse-yaml.ts';

const party = keyed({
  organisation: id,
  address: words,
  contact: words,
  email: words,
  phone: words,
  url: orNull(words),
});
const schema = keyed({
  language: words,
  jurisdiction: words,
  'storage-locations': z.array(words).min(1),
  /** Where the notice versions are: `{notice}` stands for the id. */
  'notice-url': words,
  /** Where, or how, a consent is taken back. */
  withdrawal: words,
  parties: listOrNone(party),
});

export type Contacts = {
  readonly language: string;
  readonly jurisdiction: string;
  readonly storageLocations: readonly string[];
  readonly noticeUrl: string;
  readonly withdrawal: string;
  readonly parties: ReadonlyMap<string, Contact>;
};
export type Contact = {
  readonly address: string;
  /** Whom to ask for. */
  readonly contact: string;
  readonly email: string;
  readonly phone: string;
  readonly url: string | null;
};

/** `file` is how the file is named in faults. Throws DocumentError with every fault. */
export function parseContacts(file: string, text: string): Contacts {
  const { yaml, value, faults } = parseYaml(file, text, schema);
  const twice: readonly Fault[] = (value?.parties ?? []).flatMap(({ organisation }, i, all) =>
    all.findIndex((other) => other.organisation === organisation) === i
      ? []
      : [
          yaml.at(['parties', i, 'organisation'], {
            code: 'duplicate-id',
            expected: 'each organisation once',
          }),
        ],
  );
  if (value === null || faults.length > 0 || twice.length > 0)
    throw new DocumentError([...faults, ...twice], new Map([[file, text]]));
  return {
    language: value.language,
    jurisdiction: value.jurisdiction,
    storageLocations: value['storage-locations'],
    noticeUrl: value['notice-url'],
    withdrawal: value.withdrawal,
    parties: new Map(value.parties.map(({ organisation, ...contact }) => [organisation, contact])),
  };
}
