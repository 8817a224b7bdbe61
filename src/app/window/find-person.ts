/** The desk finds somebody who rings or writes: by what they say of themselves, with the reason, and every time on record. */
import { z } from 'zod';
import { foldEmail, foldName, foldPhone, foldPostcode } from '../../policy/fold.ts';
import { readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { wordsGiven } from '../flow/words-given.ts';
import { type Asked, matchRecords } from './match-records.ts';
import { type PersonRow, personView } from './person-shown.ts';
import { recordKey } from './record-key.ts';
import { type Kind, mostFound, writeLookUp } from './write-look-up.ts';

const text = z.string().trim().max(200).nullable().default(null);
export const findPersonInput = z.strictObject({
  /** Why somebody is looked for; it is kept, and they can ask to see it. */
  reason: wordsGiven.max(300),
  record: text,
  email: text,
  phone: text,
  /** With the postcode, as the birth date is. */
  surname: text,
  postcode: text,
  birthDate: z.iso.date().nullable().default(null),
});
type Input = z.output<typeof findPersonInput>;
export const foundView = z
  .object({
    lookUp: z.string(),
    /** More than can be shown were found: say more of them. */
    more: z.boolean(),
    people: z.array(personView),
  })
  .meta({ id: 'PeopleFound' });
export type Found = z.output<typeof foundView>;

/** Refuses `input-invalid` where nobody could be found by what is given, `too-many-look-ups`. */
export async function findPerson(service: Service, actor: Actor, input: Input): Promise<Answer<Found>> {
  const asked = askedIn(input);
  const fault = faultOf(asked);
  if (fault !== null) return refused('input-invalid', fault.text);
  const found = await readSources(service, actor.org, async ({ workspace, engine, dirOf }) => {
    const all: PersonRow[] = [];
    for (const source of workspace.sources) {
      const left = mostFound + 1 - all.length;
      if (left <= 0) break;
      const held = { engine, source, dir: await dirOf(source) };
      for (const row of await matchRecords(held, asked, left)) {
        const record = String(row.rid);
        const key = await recordKey(service, actor.org, { source: source.id, record });
        all.push({ source, record, key, row });
      }
    }
    return all;
  });
  const written = await writeLookUp(service, actor, {
    reason: input.reason,
    askedWith: kindsOf(asked),
    found,
  });
  if (written.kind === 'refused') return written;
  return done({ ...written.value, people: [...written.value.people] });
}

function askedIn({ record, email, phone, surname, postcode, birthDate }: Input): Asked {
  const orNone = (value: string | null): string | null => (value === '' ? null : value);
  return {
    ...{ record: orNone(record), email: orNone(email), phone: orNone(phone) },
    ...{ surname: orNone(surname), postcode: orNone(postcode), birthDate },
  };
}

export type FindFault = {
  readonly field: keyof Asked;
  readonly why:
    | `${'email' | 'phone' | 'surname' | 'postcode'}-empty`
    | 'postcode-missing'
    | 'postcode-alone'
    | 'nobody';
  readonly text: string;
};

/** What is given and folds to nothing would match nobody, or, left out, many. */
function faultOf({ record, email, phone, surname, postcode, birthDate }: Asked): FindFault | null {
  const empty = (
    field: 'email' | 'phone' | 'surname' | 'postcode',
    folded: string | null,
    what: string,
  ): FindFault[] =>
    folded === '' ? [{ field, why: `${field}-empty`, text: `that ${what} holds nothing to look for` }] : [];
  const [first] = [
    ...empty('email', email === null ? null : foldEmail(email), 'e-mail address'),
    ...empty('phone', phone === null ? null : foldPhone(phone), 'telephone number'),
    ...empty('surname', surname === null ? null : foldName(surname), 'surname'),
    ...empty('postcode', postcode === null ? null : foldPostcode(postcode), 'postcode'),
  ];
  if (first !== undefined) return first;
  if ((surname !== null || birthDate !== null) && postcode === null)
    return {
      field: 'postcode',
      why: 'postcode-missing',
      text: 'a surname or a birth date is looked for at a postcode: give that too',
    };
  if (postcode !== null && surname === null && birthDate === null)
    return {
      field: 'surname',
      why: 'postcode-alone',
      text: 'a postcode alone is many people: give the surname or the birth date too',
    };
  if (record === null && email === null && phone === null && postcode === null)
    return {
      field: 'email',
      why: 'nobody',
      text: 'say who is looked for: a record number, an e-mail address, a telephone number, or a postcode with a surname or birth date',
    };
  return null;
}

/** What nobody could be found by, and beside which field that is said; null where it is enough. */
export const findFault = (input: Input): FindFault | null => faultOf(askedIn(input));

function kindsOf(asked: Asked): readonly Kind[] {
  const names: readonly (readonly [keyof Asked, Kind])[] = [
    ['record', 'record'],
    ['email', 'email'],
    ['phone', 'phone'],
    ['surname', 'surname'],
    ['postcode', 'postcode'],
    ['birthDate', 'birth-date'],
  ];
  return names.flatMap(([name, kind]) => (asked[name] === null ? [] : [kind]));
}
