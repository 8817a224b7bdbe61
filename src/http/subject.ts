/** What a deed is about: an id of ours, and nothing that somebody typed in its place. It is kept, and many may read it. */
import type { UseCase } from '../app/flow/access.ts';
import type { Subject } from '../app/flow/perform.ts';
import type { Place } from './places.ts';

const plain = /^[A-Za-z0-9._/-]{1,200}$/;
/** With the version of a notice after an `@`, which no address of a person has there. */
const ofDocument = /^[A-Za-z0-9._/-]+(@v?[0-9][0-9A-Za-z_-]*(\.[0-9]+)*)?\.(md|yaml|csv)$/;
const documents: ReadonlySet<UseCase> = new Set<UseCase>([
  'read-document',
  'put-document',
  'remove-document',
]);

/** Null of what is no id of ours. */
export function subjectIn(useCase: UseCase, text: string): string | null {
  if (plain.test(text)) return text;
  return documents.has(useCase) && text.length <= 200 && ofDocument.test(text) ? text : null;
}

/** What was made, as its answer names it. */
export const madeBy =
  ({ useCase, makes }: Place): ((value: unknown) => string | null) =>
  (value) => {
    const named = makes === undefined ? undefined : fieldOf(firstOf(value), makes);
    return typeof named === 'string' ? subjectIn(useCase, named) : null;
  };

/** The same of a subject that is known beforehand. */
export function subjectOfDeed<T>(useCase: UseCase, subject: Subject<T>): Subject<T> {
  return typeof subject === 'string' ? subjectIn(useCase, subject) : subject;
}

/** Where several were made, the first stands for them. */
function firstOf(value: unknown): unknown {
  const items = fieldOf(value, 'items');
  return Array.isArray(items) ? items[0] : value;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
