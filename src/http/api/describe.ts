/** The API's description, OpenAPI 3.1, of the very schemas that parse what is asked. */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { access } from '../../app/flow/access.ts';
import { version } from '../../app/version.ts';
import { type Place, type PlaceName, parametersOf, places } from '../places.ts';
import { problemKinds } from '../problems.ts';
import type { Route } from '../route.ts';
import { apiBase } from './api.ts';

export type Description = ReturnType<OpenAPIHono['getOpenAPI31Document']>;

const problemView = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemKinds) as [string, ...string[]]),
    detail: z.string(),
    request: z.string().meta({ description: 'The number of the request, also in X-Request-Id' }),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'What is not valid, by JSON pointer' }),
    faults: z
      .array(z.looseObject({ code: z.string(), file: z.string(), line: z.int(), message: z.string() }))
      .optional()
      .meta({ description: 'Of documents-faulty: each fault with its place' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export function describeApi(url: string, routes: Readonly<Record<PlaceName, Route>>): Description {
  const app = new OpenAPIHono();
  const { registerComponent } = app.openAPIRegistry;
  registerComponent.call(app.openAPIRegistry, 'securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: "A machine's key, made under /keys",
  });
  registerComponent.call(app.openAPIRegistry, 'securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'session',
    description: 'The cookie of who has signed in in this browser',
  });
  for (const [name, place] of Object.entries(places) as [PlaceName, Place][])
    app.openAPIRegistry.registerPath(operation(name, place, routes[name]));
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'AsTold',
      version,
      description: 'Releases personal data only as its people were told, and proves it.',
    },
    servers: [{ url }],
    security: [{ key: [] }, { session: [] }],
  });
}

function operation(name: PlaceName, place: Place, { input, output }: Route): ReturnType<typeof createRoute> {
  const { params, rest } = partsOf(place, input);
  const query = place.method === 'get' && rest instanceof z.ZodObject ? { query: rest } : {};
  const body = bodyOf(place, rest);
  const answer =
    output === null
      ? { 'application/octet-stream': { schema: { type: 'string' as const, format: 'binary' } } }
      : { 'application/json': { schema: output } };
  return createRoute({
    method: place.method,
    path: `${apiBase}/{org}${place.path.replaceAll('+}', '}')}`,
    operationId: name,
    summary: place.summary,
    description: `May be asked by: ${access[place.useCase].join(', ')}.`,
    tags: [tagOf(place)],
    security: [{ key: [] }, { session: [] }],
    request: { params, ...query, headers: headersOf(place), ...(body === null ? {} : { body }) },
    responses: {
      [place.status]: { description: place.summary, content: answer },
      default: {
        description: 'It could not be done: see its code',
        content: { 'application/problem+json': { schema: problemView } },
      },
    },
  });
}

/** The schema of the path's parameters, and that of what is said elsewhere. */
function partsOf(place: Place, input: z.ZodType): { params: z.ZodObject; rest: z.ZodType } {
  const names = parametersOf(place.path);
  const org = { org: z.string().meta({ description: 'The organisation' }) };
  if (!(input instanceof z.ZodObject)) return { params: z.strictObject(org), rest: input };
  const shape: Readonly<Record<string, z.core.$ZodType>> = input.shape;
  const elsewhere = [
    ...names,
    ...(place.version ? ['version'] : []),
    ...(place.upload ? ['sha256', 'bytes'] : []),
  ];
  return {
    params: z.strictObject({
      ...org,
      ...Object.fromEntries(names.map((name) => [name, shape[name] ?? z.string()])),
    }),
    rest: z.strictObject(
      Object.fromEntries(Object.entries(shape).filter(([field]) => !elsewhere.includes(field))),
    ),
  };
}

type Body = {
  required: boolean;
  content: Record<string, { schema: z.ZodType | { type: 'string'; format: string } }>;
};
function bodyOf(place: Place, rest: z.ZodType): Body | null {
  if (place.upload)
    return {
      required: true,
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    };
  const empty = rest instanceof z.ZodObject && Object.keys(rest.shape).length === 0;
  if (place.method === 'get' || empty) return null;
  return { required: true, content: { 'application/json': { schema: rest } } };
}

function headersOf(place: Place): z.ZodObject {
  const header = (description: string) => z.string().meta({ description });
  const key = place.method !== 'get' && !place.file;
  return z.object({
    ...(key ? { 'Idempotency-Key': header('A new one for each thing that is to be done') } : {}),
    ...(place.method === 'get' && !place.file
      ? { 'If-None-Match': header('The ETag that is known').optional() }
      : {}),
    ...(place.version === 'if-match' ? { 'If-Match': header('The ETag of the version that is meant') } : {}),
    ...(place.version === 'if-match-or-none'
      ? {
          'If-Match': header('The ETag of the version that is meant').optional(),
          'If-None-Match': header('*, for a new one').optional(),
        }
      : {}),
    ...(place.worded ? { 'Accept-Language': header('In which language it is said').optional() } : {}),
    ...(place.upload ? { 'Content-Digest': header('sha-256=:<base64>:, RFC 9530') } : {}),
  });
}

/** The first word of its path. */
const tagOf = (place: Place): string => place.path.split('/')[1] ?? '';
