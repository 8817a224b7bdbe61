/** The API as a page: every operation, what it takes and what it answers, of the description that programs read. */
import { html } from 'hono/html';
import { type Html, page } from './frame.ts';

/** As much of a JSON Schema as is shown. */
export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};
export type Field = {
  readonly name: string;
  readonly where: 'path' | 'query' | 'header' | 'body';
  readonly required: boolean;
  readonly schema: Schema;
};
export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly who: readonly string[];
  readonly fields: readonly Field[];
  readonly status: number;
  /** Null where the answer is a file. */
  readonly answer: Schema | null;
};
export type ApiPage = {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
};

export function apiPage({ operations, schemas }: ApiPage): Html {
  return page({
    title: 'The API',
    actor: null,
    body: html`<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1). Sign in with a machine's key:
<code>Authorization: Bearer …</code>. What changes something wants an <code>Idempotency-Key</code>; what cannot be done is
<a href="/problems">a problem with a code</a>. A page of a long list says in <code>next</code> with which <code>cursor</code> the
next one is asked for.</p>
<h2>Operations</h2>
<ul>${operations.map(({ id, summary }) => html`<li><a href="#${id}"><code>${id}</code></a> ${summary}</li>`)}</ul>
${operations.map(operationOf)}
<h2>Shapes</h2>
${Object.entries(schemas).map(([name, schema]) => html`<h3 id="shape-${name}">${name}</h3>${shapeOf(schema)}`)}`,
  });
}

function operationOf({ id, method, path, summary, who, fields, status, answer }: Operation): Html {
  return html`<section aria-labelledby="${id}">
<h3 id="${id}">${id}</h3>
<p><code>${method.toUpperCase()} ${path}</code></p>
<p>${summary}. For: ${who.join(', ')}.</p>
${fields.length === 0 ? '' : table(fields.map(fieldRow), ['Field', 'In', 'What it is'])}
<p>Answers ${status}: ${answer === null ? 'a file' : words(answer)}.</p>
</section>`;
}

const table = (rows: readonly Html[], heads: readonly string[]): Html =>
  html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;

const fieldRow = ({ name, where, required, schema }: Field): Html =>
  html`<tr><td><code>${name}</code>${required ? '' : ' (may be left out)'}</td><td>${where}</td><td>${described(schema)}</td></tr>`;

function shapeOf(schema: Schema): Html {
  const { properties } = schema;
  if (properties === undefined) return html`<p>${words(schema)}</p>`;
  const rows = Object.entries(properties).map(
    ([name, each]) =>
      html`<tr><td><code>${name}</code>${schema.required?.includes(name) ? '' : ' (may be left out)'}</td><td>${described(each)}</td></tr>`,
  );
  return table(rows, ['Field', 'What it is']);
}

const described = (schema: Schema): Html =>
  html`${words(schema)}${schema.description === undefined ? '' : html`: ${schema.description}`}`;

function words(schema: Schema): Html {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return html`<a href="#shape-${name}">${name}</a>`;
  const options = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (options !== undefined)
    return html`${options.map((each, index) => html`${index === 0 ? '' : ' or '}${words(each)}`)}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined)
    return html`${schema.enum.map((each, index) => html`${index === 0 ? '' : ', '}<code>${String(each)}</code>`)}`;
  if (schema.items !== undefined) return html`list of ${words(schema.items)}`;
  if (schema.properties !== undefined) return html`{ ${Object.keys(schema.properties).join(', ')} }`;
  const types = [schema.type ?? 'anything'].flat().join(' or ');
  return html`${types}${schema.format === undefined ? '' : ` (${schema.format})`}`;
}
