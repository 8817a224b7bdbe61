/** The pages of the window hold no words of their own: all are in `src/words`, where another language has its own. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAst } from 'vitest/node';

const here = import.meta.dirname;
const more = [
  'frame',
  'member-sign-in',
  'check-your-mail',
  'link-over',
  'not-sent',
  'too-many',
  'signed-out',
];
const files = [
  ...(await readdir(here)).filter((name) => !name.endsWith('.test.ts')).map((name) => join(here, name)),
  ...more.map((name) => join(here, '..', `${name}.ts`)),
];

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const each of value) yield* nodesIn(each);
  else if (isNode(value)) {
    yield value;
    for (const each of Object.values(value)) yield* nodesIn(each);
  }
}

/** What is said in a template of HTML, its holes left out; a template may be attributes alone. */
function saidIn(template: string): readonly string[] {
  if (/^(\s+[a-z-]+(="[^"]*")?)+$/.test(template)) return [];
  const read = [...template.matchAll(/\s(?:aria-label|title|placeholder|alt)="([^"]*)"/g)].map(
    ([, text]) => text,
  );
  const text = template.replaceAll(/<code>[\s\S]*?<\/code>/g, '').split(/<[^>]*>/);
  return [...text, ...read].flatMap((each) => each?.match(/\p{L}{2,}[^\0]*/gu) ?? []);
}

/** What a page may say in every language: its own name. */
const named = /^(AsTold|- AsTold)$/;

function wordsIn(source: string, file: string): readonly string[] {
  const found: string[] = [];
  for (const node of nodesIn(parseAst(source, { lang: 'ts' }, file))) {
    if (node.type === 'TaggedTemplateExpression' && isNode(node.quasi)) {
      const parts = node.quasi.quasis as readonly { readonly value: { readonly raw: string } }[];
      found.push(...saidIn(parts.map(({ value }) => value.raw).join('\0')));
    }
    // A sentence begins with a capital.
    if (node.type === 'Literal' && typeof node.value === 'string' && /^\p{Lu}\p{Ll}/u.test(node.value))
      found.push(node.value);
    if (
      node.type === 'ImportDeclaration' &&
      isNode(node.source) &&
      String(node.source.value).endsWith('figures.ts')
    )
      found.push(`a date or a number of ${String(node.source.value)}`);
    if (
      node.type === 'ImportSpecifier' &&
      isNode(node.imported) &&
      englishAlone.test(String(node.imported.name))
    )
      found.push(`${String(node.imported.name)}, which is in English alone`);
  }
  return found.map((text) => text.trim()).filter((text) => !named.test(text));
}

const englishAlone = /^(page|when|briefly|further|stateTag|noReasons)$/;

test.each(files)('%s says nothing that is not among the words', async (file) => {
  expect(wordsIn(await readFile(file, 'utf8'), file)).toEqual([]);
});

test.each([
  ['html`<p>Hello</p>`', 'Hello'],
  [`html\`<p>\${a} of \${b}</p>\``, 'of'],
  [`html\`<p title="Two words">\${a}</p>\``, 'Two words'],
  ["const a = 'Your details';", 'Your details'],
])('%s would be found', (source, said) => {
  expect(wordsIn(`const a = 1, b = 2;\n${source.replace('const a', 'const c')}`, 'x.ts')).toEqual([said]);
});
