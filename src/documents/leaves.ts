/** The small parts that documents are made of, as schemas. */
import { z } from 'zod';
import { isDate } from '../policy/dates.ts';
import type { CivilDate, DataItem, Instant, Period, Term } from '../policy/model.ts';
import { legalBases, personalData, purposes, type Vocabulary } from '../policy/vocab.ts';
import { nearest } from './nearest.ts';
import type { Detail } from './parse-yaml.ts';

/** Keys with values: these and no others. The message lists the keys known, for `issues.ts`. */
export function keyed<const S extends z.core.$ZodShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined),
  });
}

/** May be left out, or null. */
export function orNull<T extends z.ZodType>(schema: T): z.ZodDefault<z.ZodNullable<T>> {
  return schema.nullable().default(null) as z.ZodDefault<z.ZodNullable<T>>;
}

/** May be left out: an empty list. */
export function listOrNone<T extends z.ZodType>(schema: T): z.ZodDefault<z.ZodArray<T>> {
  return z.array(schema).default([]) as z.ZodDefault<z.ZodArray<T>>;
}

function leaf(fault: (text: string) => Detail | null): z.ZodString {
  return z.string().superRefine((text, context) => {
    const detail = fault(text);
    if (detail) context.addIssue({ code: 'custom', message: detail.expected, params: { detail } });
  });
}

/** Words: something other than white space. */
export const words: z.ZodString = leaf((text) =>
  text.trim() !== '' && text.isWellFormed() ? null : { code: 'text-empty', expected: 'some words' },
);

/** An id: it is used in file names, so it is letters, digits, dot, hyphen and underscore. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
export const id: z.ZodString = leaf((text) =>
  idPattern.test(text)
    ? null
    : { code: 'id-invalid', expected: 'an id of letters, digits, ".", "-" and "_"' },
);
/** The id of a notice version: `family@version`. */
export const noticeId: z.ZodString = leaf((text) =>
  text.split('@').length === 2 && text.split('@').every((part) => idPattern.test(part))
    ? null
    : { code: 'id-invalid', expected: 'the id of a notice version, such as web@2016-03' },
);
/** The name of a field: it becomes a column of a table. */
export const fieldName: z.ZodString = leaf((text) =>
  /^[a-z][a-z0-9_]{0,59}$/.test(text)
    ? null
    : { code: 'id-invalid', expected: 'a name of small letters, digits and "_"' },
);
/** `category` or `category/sector`; `dpv:DataProcessor` is any processor. */
export const category: z.ZodString = leaf((text) =>
  /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/.test(text) || text === 'dpv:DataProcessor'
    ? null
    : {
        code: 'id-invalid',
        expected: 'a category such as data-broker, or category/sector such as consumer-goods/baby',
      },
);
export const sha256: z.ZodString = leaf((text) =>
  /^[0-9a-f]{64}$/.test(text)
    ? null
    : { code: 'wrong-shape', expected: 'a SHA-256 digest: 64 digits and letters a to f' },
);

export const civilDate: z.ZodType<CivilDate> = leaf((text) =>
  isDate(text) && text >= '1800-01-01'
    ? null
    : { code: 'date-invalid', expected: 'a real date as YYYY-MM-DD' },
);

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
export const instant: z.ZodType<Instant> = leaf((text) =>
  isDate(instantPattern.exec(text)?.[1] ?? '')
    ? null
    : { code: 'instant-invalid', expected: 'a time with its offset, such as 2017-05-05T09:00:00+01:00' },
).transform((text) => Date.parse(text));

const periodPattern = /^P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/;
/** An ISO 8601 period in whole years, months, weeks and days. */
export const period: z.ZodType<Period> = leaf((text) =>
  periodPattern.test(text)
    ? null
    : { code: 'period-invalid', expected: 'a period in whole months and days, such as P12M, P28D or P2Y' },
).transform((text) => {
  const [, years, months, weeks, days] = periodPattern.exec(text) ?? [];
  return {
    months: Number(years ?? 0) * 12 + Number(months ?? 0),
    days: Number(weeks ?? 0) * 7 + Number(days ?? 0),
  };
});

function term(vocabulary: Vocabulary, what: string, command: string): z.ZodType<Term> {
  return leaf((text) =>
    vocabulary.has(text)
      ? null
      : {
          code: 'unknown-term',
          expected: what,
          suggestion: nearest(text, vocabulary.keys()),
          help: `See: astold vocab ${command}`,
          rule: 'C9',
        },
  );
}
export const purpose: z.ZodType<Term> = term(purposes, 'a purpose of the vocabulary', 'purposes');
export const dataTerm: z.ZodType<Term> = term(personalData, 'personal data of the vocabulary', 'data');
export const basis: z.ZodType<Term> = term(legalBases, 'a legal basis of the vocabulary', 'bases');

export const contactChannel = z.enum(['post', 'email', 'sms', 'call', 'automated-call', 'online-audience']);
export const collectedBy = z.enum(['web', 'app', 'paper', 'phone']);
export const role = z.enum(['controller', 'joint-controller', 'processor']);
export const subject = z.enum(['person', 'child']);

/** From a day; `until` null or left out is open. */
export const openRange = keyed({ from: civilDate, until: orNull(civilDate) });
/** From a day to a day, both said. */
export const closedRange = keyed({ from: civilDate, until: civilDate });

/** `{ person: [...], child: [...] }` as items. */
export const dataItems = { person: listOrNone(dataTerm), child: listOrNone(dataTerm) };
export function itemsOf(data: {
  readonly person: readonly Term[];
  readonly child: readonly Term[];
}): readonly DataItem[] {
  return [
    ...data.person.map((t) => ({ term: t, of: 'person' as const })),
    ...data.child.map((t) => ({ term: t, of: 'child' as const })),
  ];
}
