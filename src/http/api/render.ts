/** The answer of a use case as a response. */
import type { Answer, Refused } from '../../app/flow/service.ts';
import type { Place } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import type { FileAnswer, Route } from '../route.ts';
import { etagOf, isKnown } from './preconditions.ts';

/** Throws HttpProblem where it was refused. `base` is the path of the organisation. */
export function render(
  request: Request,
  base: string,
  place: Place,
  route: Route,
  answer: Answer<unknown>,
): Response {
  if (answer.kind === 'refused') throw problemOf(answer);
  if (route.output === null) return fileResponse(request, answer.value as FileAnswer);
  const value = route.output.parse(answer.value);
  const body = JSON.stringify(value);
  const etag = etagOf(body, value);
  const reads = place.method === 'get';
  const headers = new Headers({ ETag: etag, 'Cache-Control': reads ? 'private, no-cache' : 'no-store' });
  if (reads && isKnown(request, etag)) return new Response(null, { status: 304, headers });
  headers.set('Content-Type', 'application/json');
  if (place.location !== undefined) headers.set('Location', `${base}${filled(place.location, value)}`);
  return new Response(body, { status: place.status, headers });
}

export function problemOf({ code, message, faults }: Refused): HttpProblem {
  return new HttpProblem(
    faults === undefined ? { code, detail: message } : { code, detail: message, faults },
  );
}

function filled(location: string, value: unknown): string {
  const fields = new Map(Object.entries(value as object));
  return location.replaceAll(/\{([a-zA-Z]+)\}/g, (_, name: string) =>
    encodeURIComponent(String(fields.get(name))),
  );
}

export function fileResponse(
  request: Request,
  { name, type, bytes, stream, language }: FileAnswer,
): Response {
  const headers = new Headers({
    'Content-Type': type,
    'Content-Length': String(bytes),
    'Content-Disposition': `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}"`,
    'Cache-Control': 'no-store',
    ...(language === undefined ? {} : { 'Content-Language': language, Vary: 'Accept-Language' }),
  });
  const body = ReadableStream.from(stream);
  if (request.method !== 'HEAD') return new Response(body, { headers });
  void body.cancel();
  return new Response(null, { headers });
}
