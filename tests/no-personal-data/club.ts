/** A small live workspace of invented people, each with a name, address and number that nothing else could hold by chance. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadWorkspace } from '../../src/documents/workspace.ts';
import { addPeriod, dayOf } from '../../src/policy/dates.ts';
import { eventColumns } from '../../src/policy/preference-event.ts';

export type Person = {
  readonly id: string;
  readonly forename: string;
  readonly surname: string;
  readonly address: string;
  readonly postcode: string;
  readonly email: string;
  readonly phone: string;
};

const letters = 'abcdefghijklmnopqrstuvwxyz';
const tag = (i: number): string => `${letters[Math.floor(i / 26)]}${letters[i % 26]}`;

export const people: readonly Person[] = Array.from({ length: 130 }, (_, i) => ({
  id: `MBRQX${String(i).padStart(4, '0')}`,
  forename: `Quilla${tag(i)}`,
  surname: `Vextor${tag(i)}`,
  address: `${100 + i} Wombleford Row`,
  postcode: `ZQ${1 + Math.floor(i / 100)} ${Math.floor(i / 10) % 10}${'ABDEFGHJLN'[i % 10]}X`,
  email: `quilla.${tag(i)}@vextor.example`,
  phone: `07700 900${String(i).padStart(3, '0')}`,
}));
export const one = (i: number): Person => {
  const person = people[i];
  if (person === undefined) throw new RangeError(`there is no person ${i}`);
  return person;
};
/** Addresses the supplier controls are somebody's too. */
export const sleeper = { forename: 'Zanquilline', surname: 'Orbithorpe', address: '9 Nettlequay Street' };

const today = dayOf(Date.now());
const ago = (days: number): string => addPeriod(today, { months: 0, days: -days });
const lines = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.join(',')}\n`).join('');

/** A file of preference events: each gives the columns it fills. */
export function eventsFile(events: readonly Readonly<Record<string, string>>[]): string {
  return lines([[...eventColumns], ...events.map((event) => eventColumns.map((name) => event[name] ?? ''))]);
}

const files: Readonly<Record<string, string>> = {
  'data/members.csv': lines([
    'member,forename,surname,address,postcode,email,phone,joined,notice,toys,child_born,child_died'.split(
      ',',
    ),
    ...people.map((p) => [
      ...[p.id, p.forename, p.surname, p.address, p.postcode, p.email, p.phone],
      ...[ago(200), 'web@1', 'Y', addPeriod(today, { months: -20, days: -3 }), ''],
    ]),
  ]),
  'data/preferences.csv': eventsFile([
    { event: 'E001', record: one(1).id, kind: 'withdrawal', signed: ago(20), received: ago(20) },
    {
      ...{ event: 'E002', kind: 'objection', signed: ago(12), received: ago(12) },
      ...{ surname: one(2).surname, 'address-line': one(2).address, postcode: one(2).postcode },
    },
  ]),
  'data/own-stops.csv': lines([['member'], [one(3).id]]),
  'data/mps.csv': lines([
    ['forename', 'surname', 'postcode'],
    [one(4).forename, one(4).surname, one(4).postcode],
  ]),
  'data/baby-mps.csv': lines([
    ['surname', 'address', 'postcode'],
    [one(5).surname, one(5).address, one(5).postcode],
  ]),
  'sleepers/rowan.yaml': `sleeper: rowan
agreed-with: "the owner of the house, a colleague"
agreed-on: 2020-01-01
requests: [toy-offer]
fields: { forename: ${sleeper.forename}, surname: ${sleeper.surname}, address: "${sleeper.address}", postcode: "ZQ9 9ZQ" }
variants:
  - { surname: ${sleeper.surname}e }
`,
};

/** Fills the workspace that `init` made at `root` with these people. */
export async function settle(root: string, recipient: readonly string[]): Promise<void> {
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const path = join(root, file);
    const before = await readFile(path, 'utf8');
    const after = change(before);
    if (after === before) throw new RangeError(`${file} is not as it was expected`);
    await writeFile(path, after);
  };
  await mkdir(join(root, 'sleepers'));
  for (const [file, text] of Object.entries(files)) await writeFile(join(root, file), text);
  await edit('sources/members.yaml', (text) =>
    text.replace(
      '  - { name: child_born,',
      '  - { name: phone, column: phone, type: text, data: pd:TelephoneNumber, of: person, collection: joined, role: phone }\n  - { name: child_born,',
    ),
  );
  await edit('agreements/toy-offers.yaml', (text) => `${text}sleepers: "clause 9 of the agreement"\n`);
  await edit('organisations.yaml', (text) =>
    text.replace('  - id: example-toys\n', `  - id: example-toys\n${recipient.join('')}`),
  );
  const digest = (await loadWorkspace(root)).requests.find(({ id }) => id === 'toy-offer')?.digest;
  await mkdir(join(root, 'approvals'));
  await writeFile(
    join(root, 'approvals/a.yaml'),
    `approval: a\nrequest: toy-offer\nrequest-digest: "${digest}"\nby: b.dpo\non: 2020-01-01\nlawful-because: "they asked for it"\n`,
  );
}
