/** What the page of the API shows, taken from its description. */
import { access } from '../../app/flow/access.ts';
import type { ApiPage, Field, Operation, Schema } from '../../pages/api.ts';
import { type Place, type PlaceName, places } from '../places.ts';
import { apiBase } from './api.ts';
import type { Description } from './describe.ts';

export function describedPage(description: Description): ApiPage {
  const operations = (Object.entries(places) as [PlaceName, Place][]).map(([id, place]) =>
    operationOf(description, id, place),
  );
  return { operations, schemas: (description.components?.schemas ?? {}) as ApiPage['schemas'] };
}

type Described = {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

function operationOf(description: Description, id: PlaceName, place: Place): Operation {
  const path = `${apiBase}/{org}${place.path.replaceAll('+}', '}')}`;
  const described = description.paths?.[path]?.[place.method] as Described;
  return {
    id,
    method: place.method,
    path,
    summary: place.summary,
    who: access[place.useCase],
    fields: fieldsOf(described),
    status: place.status,
    answer: described.responses[place.status]?.content?.['application/json']?.schema ?? null,
  };
}

function fieldsOf({ parameters = [], requestBody }: Described): readonly Field[] {
  const said = parameters.map((each) => ({
    name: each.name,
    where: each.in as Field['where'],
    required: each.required === true,
    schema: each.schema,
  }));
  const body = requestBody?.content['application/json']?.schema;
  const inBody = Object.entries(body?.properties ?? {}).map(([name, schema]) => ({
    name,
    where: 'body' as const,
    required: body?.required?.includes(name) ?? false,
    schema,
  }));
  return [...said, ...inBody];
}
