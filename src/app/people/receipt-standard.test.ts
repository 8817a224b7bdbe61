import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../cli/recording.fixture.ts';
import { parseContacts } from '../../documents/contacts.ts';
import { type PreferFixture, preferFixture } from './prefer.fixture.ts';
import { standardReceipt } from './receipt-standard.ts';

let club: PreferFixture;
const consent = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' } as const;
const party = (id: string, name: string): string =>
  `  - { organisation: ${id}, address: "1 ${name} Street", contact: the data protection officer, email: ${id}@club.example, phone: "+44 1632 960001" }\n`;
const text = `language: en
jurisdiction: GB
storage-locations: [GB]
notice-url: https://club.example/notices/{notice}
withdrawal: https://club.example/stop
parties:
${party('example-club', 'Club')}${party('example-toys', 'Toys')}${party('example-mailing', 'Mail')}`;
const contacts = () => parseContacts('contacts.yaml', text);

beforeAll(async () => {
  club = await preferFixture();
});
afterAll(() => rmSync(club.root, { recursive: true, force: true }));

describe('the receipt of a consent in a form that others read', () => {
  test('names the controller, whom the consent names, and the person by a pseudonym alone', async () => {
    const receipt = await club.say(consent);
    const workspace = await club.load();
    for (const form of ['dpv-27560', 'kantara'] as const) {
      const made = standardReceipt(workspace, receipt, form, contacts());
      if (made.kind === 'refused') throw new RangeError(made.message);
      const json = JSON.stringify(made.json);
      for (const part of ['Example Club', 'Example Toys Ltd', receipt.content.person])
        expect(json).toContain(part);
      for (const part of [receipt.token, 'M002']) expect(json).not.toContain(part);
    }
  });

  test('of a withdrawal is had in one of the forms', async () => {
    const receipt = await club.say({ ...consent, kind: 'withdrawal' });
    const workspace = await club.load();
    expect(standardReceipt(workspace, receipt, 'dpv-27560', contacts()).kind).toBe('exported');
    expect(standardReceipt(workspace, receipt, 'kantara', contacts())).toMatchObject({ code: 'not-given' });
  });

  test('is refused where it is of no consent, or what the form asks for is not known', async () => {
    const workspace = await club.load();
    const objection = await club.say();
    expect(standardReceipt(workspace, objection, 'kantara', contacts())).toMatchObject({
      code: 'not-a-consent',
    });
    const receipt = await club.say(consent);
    const { parties } = contacts();
    const fewer = { ...contacts(), parties: new Map([...parties].slice(0, 1)) };
    expect(standardReceipt(workspace, receipt, 'kantara', fewer)).toMatchObject({ code: 'contact-missing' });
    const gone = { ...workspace, notices: [] };
    expect(standardReceipt(gone, receipt, 'kantara', contacts())).toMatchObject({ code: 'notice-unknown' });
    const dated = await club.say({ ...consent, by: 'letter', signed: '2026-01-01', received: '2026-01-02' });
    expect(standardReceipt(workspace, dated, 'dpv-27560', contacts())).toMatchObject({
      code: 'fields-lacking',
    });
  });

  test('contacts that are not whole name every fault', () => {
    for (const bad of [
      text.replace('GB]', ']'),
      text.replace('language: en\n', ''),
      `${text}${party('example-toys', 'x')}`,
    ])
      expect(() => parseContacts('contacts.yaml', bad)).toThrow(
        expect.objectContaining({ code: 'document-invalid' }),
      );
  });

  test('is written by a command', async () => {
    writeFileSync(join(club.root, 'contacts.yaml'), text);
    const { content } = await club.say(consent);
    const done = await record(['receipt', content.event, '--as', 'dpv-27560', '--out', 'r.json'], club.root);
    expect([done.status, done.err]).toEqual([0, '']);
    const json = JSON.parse(readFileSync(join(club.root, 'r.json'), 'utf8'));
    expect(json['@type']).toBe('dpv:ConsentReceipt');
    const stop = await club.say();
    const none = await record(['receipt', stop.content.event, '--as', 'kantara'], club.root);
    expect([none.status, none.err.includes('[not-a-consent]')]).toEqual([2, true]);
  });
});
