import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRequest, findWorkspace, loadWorkspace } from '../../src/documents/workspace.ts';
import { load, replace, withWorkspace } from './workspace-with.ts';

const source = 'sources/members.yaml';
const request = 'requests/toy-offer.yaml';

test('the nearest folder upwards with an astold.yaml is the workspace', async () => {
  await withWorkspace({}, async (root) => {
    await mkdir(join(root, 'a/b'), { recursive: true });
    expect(findWorkspace(join(root, 'a/b'))).toBe(root);
    expect(findWorkspace(join(root, '..'))).toBeNull();
  });
});

test('a request is found by its id and by its file', async () => {
  await withWorkspace({}, async (root) => {
    const workspace = await loadWorkspace(root);
    expect(findRequest(workspace, 'toy-offer')?.id).toBe('toy-offer');
    expect(findRequest(workspace, join(root, request))?.id).toBe('toy-offer');
    expect(findRequest(workspace, request)?.id).toBe('toy-offer');
    expect(findRequest(workspace, 'other')).toBeNull();
  });
});

test('digests do not depend on where the workspace lies, and change with every word', async () => {
  const [a, b, c] = await Promise.all([
    load({}),
    load({}),
    load({ [request]: replace('title: Toy offer', 'title: Toy offers') }),
  ]);
  expect([b.requests[0]?.digest, b.sources[0]?.digest, b.rules.digest]).toEqual([
    a.requests[0]?.digest,
    a.sources[0]?.digest,
    a.rules.digest,
  ]);
  expect(c.requests[0]?.digest).not.toBe(a.requests[0]?.digest);
});

test('the digest of a request is of the values of its sets, wherever they are written', async () => {
  const where = (sets: string): ((text: string) => string) =>
    replace('any child age < 5', `postcode in here\n  sets: { here: ${sets} }`);
  const digest = async (sets: string, csv: string): Promise<string | undefined> =>
    (await load({ [request]: where(sets), 'data/here.csv': csv })).requests[0]?.digest;
  const file = '{ file: ../data/here.csv, column: code }';
  expect(await digest(file, 'code,x\nB,1\n A ,2\nB,3\n')).toBe(await digest('[A, B]', 'x'));
  expect(await digest(file, 'code,x\nB,1\nC,2\n')).not.toBe(await digest('[A, B]', 'x'));
});

test('the area of a source is data like any other, of the collection of the postcode', async () => {
  const { sources } = await load({
    [source]: (t) => `${t}areas: { path: ../data/areas.csv, format: csv, postcode: p, area: a }\n`,
  });
  expect(sources[0]?.fields.at(-1)).toEqual({
    name: 'area',
    column: 'a',
    type: 'text',
    data: { term: 'pd:Location', of: 'person' },
    collection: 'joined',
  });
});

test('a reconstruction counts only once a second person has signed for just that', async () => {
  const reconstructed = (text: string): string =>
    text
      .replace('synthetic: true', 'synthetic: true\nmapped-by: a.steward')
      .replace(
        'origin: { constant: own }',
        'origin: { constant: own }\n    reconstructed: [{ collected-by: web, from: 2026-01-01, until: 2026-02-01, notice: web@1 }]',
      );
  const signed =
    'signoff: s-2\nsource: members\ncollection: joined\ncollected-by: web\nfrom: 2026-01-01\nuntil: 2026-02-01\nnotice: web@1\nby: b.second\non: 2026-11-01\n';
  const [without, with_] = await Promise.all([
    load({ [source]: reconstructed }),
    load({ [source]: reconstructed, 'signoffs/s-2.yaml': signed }),
  ]);
  expect(without.sources[0]?.collections[0]?.reconstructions[0]?.signedOff).toBe(false);
  expect(with_.sources[0]?.collections[0]?.reconstructions[0]?.signedOff).toBe(true);
});

test('the terms of upstream data are told terms, and none of them is signed for', async () => {
  const statement =
    '{ id: s, kind: tells, data: { child: [pd:BirthDate], quote: "your children", layer: 1 } }';
  const { upstream } = await load({
    'upstream/u.yaml': `upstream: u\nsupplier: example-toys\nstatements:\n  - ${statement}\n`,
  });
  expect(upstream[0]?.statements[0]).toMatchObject({
    data: { items: [{ term: 'pd:BirthDate', of: 'child' }] },
    signedTerms: [],
  });
});

test('a party that does not say whether it keeps the data is not taken to say no', async () => {
  const { requests } = await load({
    [request]: replace(', keeps: false, enriches: false, profits: false', ''),
  });
  expect(requests[0]?.chain[0]).toMatchObject({ keeps: null, enriches: null, profits: null });
});
