import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Place, type PlaceName, parametersOf, places } from '../places.ts';
import { routes } from '../routes/all.ts';
import { describeApi } from './describe.ts';

const description = JSON.parse(JSON.stringify(describeApi('https://astold.example', routes)));
type Node = Readonly<Record<string, unknown>>;

function* nodesOf(node: unknown): Iterable<Node> {
  if (typeof node !== 'object' || node === null) return;
  yield node as Node;
  for (const each of Object.values(node)) yield* nodesOf(each);
}
const at = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((node, part) => (node as Node | undefined)?.[part], description);

type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Node };
  readonly responses: Readonly<Record<string, { readonly content: Record<string, { schema: Node }> }>>;
  readonly security: readonly Node[];
};
const operations = Object.entries(description.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('it is OpenAPI 3.1, and every reference leads somewhere', () => {
  expect(description.openapi).toBe('3.1.0');
  const references = [...nodesOf(description)].map(({ $ref }) => $ref).filter((each) => each !== undefined);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) expect(at(String(reference)), String(reference)).toBeDefined();
});

test('every place is described once, under its name', () => {
  expect(operations.map(({ operation }) => operation.operationId).toSorted()).toEqual(
    Object.keys(places).toSorted(),
  );
});

describe.each(operations)('$method $path', ({ path, method, operation }) => {
  const place: Place = places[operation.operationId as PlaceName];

  test('says who may ask, what is answered, and how it is refused', () => {
    expect(method).toBe(place.method);
    expect(operation.security).toEqual([{ key: [] }, { session: [] }]);
    const problem = operation.responses.default?.content['application/problem+json']?.schema;
    expect(problem).toEqual({ $ref: '#/components/schemas/Problem' });
    const answer = Object.values(operation.responses[place.status]?.content ?? {});
    expect(answer).toHaveLength(1);
    expect(Object.keys(answer[0]?.schema ?? {})).not.toHaveLength(0);
  });

  test('has every parameter of its path, and the headers that are asked for', () => {
    const given = (where: string): readonly string[] =>
      (operation.parameters ?? []).filter((each) => each.in === where).map(({ name }) => name);
    const inPath = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
    expect(given('path').toSorted()).toEqual(inPath.toSorted());
    expect(given('header').includes('Idempotency-Key')).toBe(method !== 'get' && !place.file);
    expect(given('header').includes('If-Match')).toBe(place.version !== undefined);
  });
});

test('an input that holds more than is known is refused', () => {
  for (const [name, { input }] of Object.entries(routes)) {
    const found = (input as z.ZodType).safeParse({ 'not-known': 1 });
    const unknown = found.error?.issues.some((issue) => issue.code === 'unrecognized_keys');
    expect(unknown, name).toBe(true);
  }
});

test('what a path and a header say is a field of the input', () => {
  for (const [name, { input }] of Object.entries(routes)) {
    const place: Place = places[name as PlaceName];
    const fields = input instanceof z.ZodObject ? Object.keys(input.shape) : [];
    const said = [
      ...parametersOf(place.path),
      ...(place.version === undefined ? [] : ['version']),
      ...(place.upload ? ['sha256', 'bytes'] : []),
    ];
    expect(fields, name).toEqual(expect.arrayContaining(said));
  }
});

test('where something was made is a field of the answer', () => {
  for (const [name, { output }] of Object.entries(routes)) {
    const { location = '' }: Place = places[name as PlaceName];
    const fields = output instanceof z.ZodObject ? Object.keys(output.shape) : [];
    expect(fields, name).toEqual(expect.arrayContaining([...parametersOf(location)]));
  }
});
