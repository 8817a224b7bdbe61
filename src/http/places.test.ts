import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Place, type PlaceName, places } from './places.ts';
import { routes } from './routes/all.ts';

const named = Object.entries(places) as [PlaceName, Place][];

/** The types of a field of the answer, in JSON; null where the answer has no such field. */
function typesOf(name: PlaceName, field: string): readonly string[] | null {
  const { output } = routes[name];
  const found: z.ZodType | undefined =
    output instanceof z.ZodObject
      ? new Map<string, z.ZodType>(Object.entries(output.shape)).get(field)
      : undefined;
  if (found === undefined) return null;
  const { type } = z.toJSONSchema(found, { io: 'output' });
  return [type ?? 'any'].flat();
}

const located = named.flatMap(([name, { location = '' }]) =>
  [...location.matchAll(/\{([^}]*)\}/g)].map(([, field]) => ({ name, field: field as string })),
);

test.each(located)('$name leads to where it is found by $field, a text or a number', ({ name, field }) => {
  const types = typesOf(name, field);
  expect(types).not.toBeNull();
  for (const type of types ?? []) expect(['string', 'integer', 'number']).toContain(type);
});

test.each(named.filter(([, { location }]) => location !== undefined))(
  '%s leads to a place that can be read',
  (_, { location = '' }) => {
    const shape = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');
    const readable = named.filter(([, { method }]) => method === 'get').map(([, { path }]) => shape(path));
    expect(readable).toContain(shape(location));
  },
);

test.each(named.filter(([, { makes }]) => makes !== undefined))('%s names what it made', (name, place) => {
  const { makes = '', path, file } = place;
  expect(path).not.toContain('{');
  if (file) return;
  expect(typesOf(name, makes) ?? typesOf(name, 'items')).not.toBeNull();
});

test('what is made where the path names nothing is named by its answer', () => {
  const unnamed = named.filter(
    // What is put where nothing names it is the asker's own, and there once.
    ([, { method, path, makes }]) => ['post', 'delete'].includes(method) && !path.includes('{') && !makes,
  );
  expect(unnamed.map(([name]) => name)).toEqual([]);
});

test('what is kept for a replay is of the answer', () => {
  for (const [name, { keeps = [] }] of named)
    for (const field of keeps) expect(typesOf(name, field)).not.toBeNull();
});
