import { expect, test } from 'vitest';
import { load, withWorkspace } from '../../tests/documents/workspace-with.ts';
import { parseNotice } from '../documents/notice.ts';
import type { Notice } from '../policy/model.ts';
import { diffNotices, noticesAt, showNotice } from './notices.ts';

type Told = { readonly id: string; readonly purposes: string; readonly recipients: string };
function notice(version: string, shown: string, told: readonly Told[], rest = ''): Notice {
  const text = `---
notice: paper
version: "${version}"
organisation: club
collected-by: [paper]
shown: { from: ${shown} }
mapped-by: a.steward
language: en
layers: [{ number: 1 }]
statements:${told
    .map(
      (t) => `
  - id: ${t.id}
    kind: tells
    purposes: { terms: [${t.purposes}], quote: "we write", layer: 1 }
    recipients: { organisations: [${t.recipients}], quote: "to you", layer: 1 }`,
    )
    .join('')}
${rest}---
we write to you
`;
  const { notice: found, faults } = parseNotice('n.md', text);
  expect(faults).toEqual([]);
  if (!found) throw new Error('the notice has faults');
  return found;
}
const gifts = { id: 'gifts', purposes: 'dpv:DirectMarketing', recipients: 'courier' };
const offers = { id: 'offers', purposes: 'dpv:Advertising', recipients: 'brand' };
const never =
  '  - { id: no, kind: never, recipients: { organisations: [courier], quote: "to you", layer: 1 } }\n';

test('a notice differs in nothing from itself, whatever its statements are called', () => {
  const diff = diffNotices(
    notice('1', '2016-01-01', [gifts], never),
    notice('2', '2017-01-01', [{ ...gifts, id: 'presents' }], never),
  );
  expect([diff.told, diff.dropped, diff.promised, diff.unpromised]).toEqual([[], [], [], []]);
});

test('what is told newly is shown with the words, and the terms nobody was told before', () => {
  const { told, dropped } = diffNotices(
    notice('1', '2016-01-01', [gifts]),
    notice('2', '2017-01-01', [gifts, offers]),
  );
  expect(dropped).toEqual([]);
  expect(told).toEqual([
    {
      statement: 'offers',
      parts: [
        {
          dimension: 'purpose',
          terms: ['dpv:Advertising'],
          unseen: ['dpv:Advertising'],
          quote: { text: 'we write', layer: 1 },
        },
        { dimension: 'recipient', terms: ['brand'], unseen: ['brand'], quote: { text: 'to you', layer: 1 } },
      ],
    },
  ]);
});

test('parts told apart before, and together now, are newly told', () => {
  const together = { id: 'gifts', purposes: 'dpv:DirectMarketing', recipients: 'courier, brand' };
  const { told, dropped } = diffNotices(
    notice('1', '2016-01-01', [gifts, offers]),
    notice('2', '2017-01-01', [together]),
  );
  expect(told.map((t) => [t.statement, t.parts.flatMap((p) => p.unseen)])).toEqual([['gifts', []]]);
  expect(dropped.map((t) => t.statement)).toEqual(['offers']);
});

test('a promise made and one dropped are both shown', () => {
  const [a, b] = [notice('1', '2016-01-01', [gifts]), notice('2', '2017-01-01', [gifts], never)];
  expect(diffNotices(a, b).promised.map((p) => [p.statement, p.kind])).toEqual([['no', 'never']]);
  expect(diffNotices(b, a).unpromised.map((p) => p.statement)).toEqual(['no']);
});

test('an old card may still have been shown, and a later one not yet', () => {
  const all = [notice('2', '2017-01-01', [gifts]), notice('1', '2016-01-01', [gifts])];
  expect(noticesAt(all, 'paper', '2018-01-01').map((n) => n.id)).toEqual(['paper@1', 'paper@2']);
  expect(noticesAt(all, 'paper', '2016-06-01').map((n) => n.id)).toEqual(['paper@1']);
  expect(noticesAt(all, 'web', '2018-01-01')).toEqual([]);
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
});

test('a notice that is not on file suggests one that is', async () => {
  await expect(withWorkspace({}, (root) => showNotice(root, 'web@2'))).rejects.toMatchObject({
    code: 'notice-unknown',
    message: expect.stringContaining('web@1'),
  });
  expect((await load({})).notices.map((n) => n.id)).toEqual(['web@1']);
});
