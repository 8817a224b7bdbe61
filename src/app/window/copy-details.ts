/**
 * A copy of all that the organisation holds here of a person, at once: for the member who asks, or for the staff who answer a
 * request for one. Nothing in it is left out; what is of others is not in it.
 */
import { z } from 'zod';
import { dayOf } from '../../policy/dates.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { type ReadSources, readSources } from '../flow/read-sources.ts';
import { type Actor, type Answer, done, refused, type Service } from '../flow/service.ts';
import { type Copied, copyOf } from './copied.ts';
import { caseOfCopy, endCopyCases } from './copy-cases.ts';
import { csvOf } from './copy-csv.ts';
import { ownPersonIn, type PersonRecord } from './own-person.ts';

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
};

const types = { json: 'application/json', csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' } as const;

/**
 * A member's own request for nothing but the copy ends with it: they have it. Refuses `not-found`, `wrong-state` where the
 * request names no record, `input-invalid`.
 */
export async function copyDetails(
  service: Service,
  actor: Actor,
  { format, case: id }: Input,
): Promise<Answer<File>> {
  const { org } = actor;
  const whose = await whoseCopy(service, actor, id);
  if (whose.kind === 'refused') return whose;
  const { name, person } = whose.value;
  const copied = await readSources(service, org, async (read) =>
    copyIn(service, org, read, await person(read)),
  );
  if (copied.records.length === 0) return refused('not-found', 'no record is there to copy');
  const content = await written(copied, format);
  if (actor.kind === 'member') await endCopyCases(service, actor);
  const file = { name: `${name}.${format}`, type: types[format], bytes: content.length };
  return done({ ...file, stream: only(content) });
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
  const one: PersonRecord = { ...found.value, how: 'email', name: null };
  return done({ name: `request-${id}`, person: async () => [one] });
}

function copyIn(
  service: Service,
  org: string,
  read: ReadSources,
  person: readonly PersonRecord[],
): Promise<Copied> {
  return copyOf(service, org, read, person, peopleOptions(service, org));
}

async function written(copied: Copied, format: Input['format']): Promise<Uint8Array> {
  switch (format) {
    case 'json':
      return Buffer.from(`${JSON.stringify(copied, null, 2)}\n`);
    case 'csv':
      return Buffer.from(csvOf(copied));
    case 'pdf': {
      // Fonts and their shaping are read where a PDF is written, and nowhere else.
      const { pdfOf } = await import('./copy-pdf.ts');
      return pdfOf(copied);
    }
  }
}

async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
