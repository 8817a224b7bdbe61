/**
 * A copy of all that the organisation holds here of a person, at once: for the member who asks, or for the staff who answer a
 * request for one. Nothing in it is left out; what is of others is not in it.
 */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import type { Words } from '../../words/words.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { type ReadSources, readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type Copied, copyOf } from './copied.ts';
import { type CaseOfCopy, caseOfCopy, endCopyCases } from './copy-cases.ts';
import { csvOf } from './copy-csv.ts';
import { heldRecord } from './held-record.ts';
import { ownPersonIn, type PersonRecord } from './own-person.ts';
import { recordKey } from './record-key.ts';
import { writeLookUp } from './write-look-up.ts';

export const copyDetailsInput = z.strictObject({
  format: z.enum(['json', 'csv', 'pdf']).default('json'),
  /** Of staff: the open request for a copy that it answers. */
  case: z.string().max(100).nullable().default(null),
});
type Input = z.output<typeof copyDetailsInput>;
type File = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly stream: AsyncIterable<Uint8Array>;
  /** In which it is said; none of data alone. */
  readonly language?: string;
};

const types = { json: 'application/json', csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' } as const;

/**
 * Ends nothing: whatever looks at an address may ask for it. Refuses `not-found`, `wrong-state` where the request names no
 * record, `input-invalid`, and of staff `too-many-look-ups`.
 */
export async function copyDetails(
  service: Service,
  actor: Actor,
  { format, case: id }: Input,
  words: Words,
): Promise<Answer<File>> {
  const { org } = actor;
  const whose = await whoseCopy(service, actor, id);
  if (whose.kind === 'refused') return whose;
  const { name, person } = whose.value;
  const copied = await readSources(service, org, async (read) =>
    copyIn(service, org, read, await person(read)),
  );
  if (copied.records.length === 0) return refused('not-found', 'no record is there to copy');
  const content = await written(words, copied, format);
  const said = format === 'json' ? {} : { language: words.language };
  const file = { name: `${name}.${format}`, type: types[format], bytes: content.length, ...said };
  return done({ ...file, stream: only(content) });
}

/** The copy of a member, with which their own request for nothing but it ends: they have it. Refuses as `copyDetails`. */
export async function takeCopy(
  service: Service,
  actor: Extract<Actor, { kind: 'member' }>,
  { format }: Pick<Input, 'format'>,
  words: Words,
): Promise<Answer<File>> {
  const copied = await copyDetails(service, actor, { format, case: null }, words);
  if (copied.kind === 'done') await endCopyCases(service, actor);
  return copied;
}

type Whose = {
  /** Of the file: nobody's name. */
  readonly name: string;
  person(read: ReadSources): Promise<readonly PersonRecord[]>;
};

async function whoseCopy(service: Service, actor: Actor, id: string | null): Promise<Answer<Whose>> {
  const { org } = actor;
  if (actor.kind === 'member')
    return done({
      name: `copy-${dayOf(service.now().getTime())}`,
      person: (read) => ownPersonIn(service, org, read, actor.email),
    });
  if (id === null) return refused('input-invalid', 'say which request for a copy it answers');
  const found = await caseOfCopy(service, org, id);
  if (found.kind === 'refused') return found;
  const { source, record } = found.value;
  const looked = await lookedUp(service, actor, found.value);
  if (looked.kind === 'refused') return looked;
  const one: PersonRecord = { source, record, name: null };
  return done({ name: `request-${id}`, person: async () => [one] });
}

/** Whoever opens a request for a record could read all of it: that is a look-up like any other, before anything is shown. */
async function lookedUp(
  service: Service,
  actor: Actor,
  { source, record, number }: CaseOfCopy,
): Promise<Answer<unknown>> {
  const held = await heldRecord(service, actor.org, { source, record });
  if (held === null) return refused('not-found', 'no record is there to copy');
  const key = await recordKey(service, actor.org, { source, record });
  const reason = `to answer request ${number}`;
  return writeLookUp(service, actor, { reason, askedWith: ['case'], found: [{ ...held, key }] });
}

function copyIn(
  service: Service,
  org: string,
  read: ReadSources,
  person: readonly PersonRecord[],
): Promise<Copied> {
  return copyOf(service, org, read, person, peopleOptions(service, org));
}

async function written(words: Words, copied: Copied, format: Input['format']): Promise<Uint8Array> {
  switch (format) {
    case 'json':
      return Buffer.from(`${JSON.stringify(copied, null, 2)}\n`);
    case 'csv':
      return Buffer.from(csvOf(words, copied));
    case 'pdf': {
      // Fonts and their shaping are read where a PDF is written, and nowhere else.
      const { pdfOf } = await import('./copy-pdf.ts');
      return pdfOf(words, copied);
    }
  }
}

async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
