/** One flat input of a request's path, query, body and headers, parsed once by the schema of its use case. */
import type { z } from 'zod';
import { type Place, parametersOf } from '../places.ts';
import { HttpProblem, type ProblemError } from '../problems.ts';
import { subjectIn } from '../subject.ts';
import { versionOf } from './preconditions.ts';
import { readJson } from './read-body.ts';
import { uploadOf } from './upload.ts';

type Raw = Readonly<Record<string, unknown>>;
export type Input = {
  /** As it was sent, before the schema: what an idempotency key stands for. */
  readonly raw: Raw;
  readonly parsed: unknown;
};

/** Throws HttpProblem. A field that comes from two places, or twice, is refused. */
export async function readInput(
  request: Request,
  place: Place,
  schema: z.ZodType,
  parameters: Parameters,
): Promise<Input> {
  const inPath = inPathOf(place, parameters);
  const inQuery = queryOf(new URL(request.url).searchParams);
  const inBody = place.method === 'get' || place.upload ? {} : await readJson(request);
  const parts = [inPath, inQuery, inBody, versionOf(request, place), place.upload ? uploadOf(request) : {}];
  const raw = merged(parts);
  // Postgres has no such character in a text, nor half of one, and nobody types it.
  if (/\\u(0000|d[89a-f])/.test(JSON.stringify(raw).replaceAll('\\\\', '')))
    throw invalid([{ pointer: '', message: 'holds a character that is none' }]);
  const found = schema.safeParse(raw);
  if (!found.success) throw invalid(found.error.issues.flatMap(errorsOf));
  return { raw, parsed: found.data };
}

type Parameters = Readonly<Record<string, string>>;
const inPathOf = (place: Place, parameters: Parameters): Parameters =>
  Object.fromEntries(parametersOf(place.path).map((name) => [name, parameters[name] ?? '']));

/** What a deed is about: the values of the path's parameters, or what the query names, where they look like ids of ours. */
export function subjectOf(request: Request, place: Place, parameters: Parameters): string | null {
  const { about } = place;
  const asked = about === undefined ? [] : (new URL(request.url).searchParams.get(about) ?? []);
  return subjectIn(place.useCase, [...Object.values(inPathOf(place, parameters)), asked].flat().join('/'));
}

function queryOf(query: URLSearchParams): Raw {
  const twice = [...new Set(query.keys())].filter((name) => query.getAll(name).length > 1);
  if (twice.length > 0)
    throw invalid(twice.map((name) => ({ pointer: `/${name}`, message: 'is given twice' })));
  return Object.fromEntries(query);
}

function merged(parts: readonly Raw[]): Raw {
  const names = parts.flatMap((part) => Object.keys(part));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0)
    throw invalid(
      twice.map((name) => ({ pointer: `/${name}`, message: 'is said elsewhere: in the path or a header' })),
    );
  return Object.assign(Object.create(null), ...parts);
}

/** What was found is not repeated: it may be of a person. */
function errorsOf(issue: z.core.$ZodIssue): readonly ProblemError[] {
  const at = issue.path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: `${at}/${key}`, message: 'is not known here' }));
  return [{ pointer: at, message: issue.message }];
}

function invalid(errors: readonly ProblemError[]): HttpProblem {
  return new HttpProblem({ code: 'input-invalid', detail: 'nothing was changed', errors });
}
