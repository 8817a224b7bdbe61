import { expect, test } from 'vitest';
import { load, replace, withWorkspace } from '../../../tests/documents/workspace-with.ts';
import { noticesAt, showNotice } from './notices.ts';

test('an old card may still have been shown, and a later one not yet', async () => {
  const card = (version: string, from: string, organisation = 'example-club'): string => `---
notice: paper
version: "${version}"
organisation: ${organisation}
collected-by: [paper]
shown: { from: ${from} }
mapped-by: a.steward
language: en
layers: [{ number: 1 }]
---
we write to you
`;
  const workspace = await load({
    'notices/paper-2.md': card('2', '2017-01-01'),
    'notices/paper-1.md': card('1', '2016-01-01'),
    // What another organisation showed is on file, and was shown to its own people.
    'notices/paper-3.md': card('3', '2015-01-01', 'example-toys'),
  });
  expect(noticesAt(workspace, 'paper', '2018-01-01').map((n) => n.id)).toEqual(['paper@1', 'paper@2']);
  expect(noticesAt(workspace, 'paper', '2016-06-01').map((n) => n.id)).toEqual(['paper@1']);
  expect(noticesAt(workspace, 'paper', '2015-06-01')).toEqual([]);
  expect(noticesAt(workspace, 'web', '2016-06-01')).toEqual([]);
});

test('a notice shows the digests to sign, also where the sign-off is still missing', async () => {
  const signed = await withWorkspace({}, (root) => showNotice(root, 'web@1'));
  expect(signed.statements.map((s) => [s.id, s.explicit, s.signedBy])).toEqual([
    ['toy-offers', ['child'], ['b.second']],
    ['no-sale', [], []],
  ]);
  const unsigned = await withWorkspace({ 'signoffs/web-1-toy-offers.yaml': null }, (root) =>
    showNotice(root, 'web@1'),
  );
  expect(unsigned.faults.map((f) => f.code)).toEqual(['signoff-missing']);
  expect(unsigned.statements.map((s) => s.digest)).toEqual(signed.statements.map((s) => s.digest));
  expect(unsigned.statements[0]?.signedBy).toEqual([]);
  const early = await withWorkspace(
    { 'signoffs/web-1-toy-offers.yaml': replace('on: 2025-11-22', 'on: 2999-01-01') },
    (root) => showNotice(root, 'web@1'),
  );
  expect(early.statements[0]?.signedBy).toEqual([]);
});

test('a notice that is not on file suggests one that is', async () => {
  await expect(withWorkspace({}, (root) => showNotice(root, 'web@2'))).rejects.toMatchObject({
    code: 'notice-unknown',
    message: expect.stringContaining('web@1'),
  });
  expect((await load({})).notices.map((n) => n.id)).toEqual(['web@1']);
});
