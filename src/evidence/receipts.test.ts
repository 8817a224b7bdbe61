import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { init } from '../app/workspace/init.ts';
import { loadWorkspace } from '../documents/workspace.ts';
import type { ConsentEvent, ReceiptGround, ReceiptParty } from './consent-event.ts';
import {
  consentReceipt,
  consentRecord,
  lackingFields,
  mandatoryFields,
  receiptProfile,
  recordProfile,
} from './receipt-27560.ts';
import { kantaraReceipt } from './receipt-kantara.ts';

const schemaFile = resolve(
  process.env.ASTOLD_TEST_DATA ?? '../shared/data',
  'kantara/kantara-consent-receipt-v1_1-schema.json',
);
const club: ReceiptParty = {
  id: 'example-club',
  name: 'Example Club',
  role: 'controller',
  address: '1 Club Street, Upper Town',
  contact: 'the data protection officer',
  email: 'privacy@club.example',
  phone: '+44 1632 960001',
  url: null,
};
const toys: ReceiptParty = { ...club, id: 'example-toys', name: 'Example Toys Ltd', role: 'third-party' };
const event: ConsentEvent = {
  id: 'c-1',
  principal: '00112233445566778899aabbccddeeff',
  consent: 'toy-offers',
  state: 'given',
  at: '2026-11-20T10:00:00Z',
  method: 'web',
};

let folder: string;
let ground: ReceiptGround;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'astold-receipts-'));
  await init(folder);
  const [notice] = (await loadWorkspace(folder)).notices;
  if (notice === undefined) throw new RangeError('a new workspace has a notice');
  ground = {
    notice,
    noticeUrl: 'https://club.example/notices/web-1',
    language: 'en',
    jurisdiction: 'GB',
    storageLocations: ['GB'],
    controllers: [club],
    recipients: [toys],
    withdrawal: 'https://club.example/stop',
    specialCategories: new Set(),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a consent record', () => {
  test('is whole, and says what the person was asked', () => {
    const record = consentRecord(event, ground);
    if (record.kind !== 'exported') throw new RangeError(record.lacking.join(', '));
    expect(lackingFields(record.json)).toEqual([]);
    expect(record.json).toMatchObject({
      '@type': 'dpv:ConsentRecord',
      'dct:conformsTo': recordProfile,
      'dpv:hasProcess': {
        'dpv:hasPurpose': ['dpv:DirectMarketing', 'astold:Profiling'],
        'dpv:hasRecipient': ['example-toys'],
      },
      'dpv:hasConsentStatus': [{ '@type': ['dpv:ConsentGiven', 'dpv:ExpressedConsent'] }],
    });
  });

  test('stands within its receipt', () => {
    const receipt = consentReceipt(event, ground, '2026-11-20T10:00:01Z');
    if (receipt.kind !== 'exported') throw new RangeError(receipt.lacking.join(', '));
    expect(receipt.json).toMatchObject({
      '@type': 'dpv:ConsentReceipt',
      'dct:conformsTo': receiptProfile,
      'dpv:hasRecordOfActivity': { 'dct:identifier': 'c-1' },
    });
    expect(consentReceipt(event, ground, 'yesterday')).toMatchObject({ lacking: ['event_time'] });
  });

  test('of a withdrawal says so', () => {
    const record = consentRecord({ ...event, state: 'withdrawn' }, ground);
    expect(JSON.stringify(record)).toContain('dpv:ConsentWithdrawn');
  });

  test('of a consent the notice does not ask is refused', () => {
    expect(consentRecord({ ...event, consent: 'other' }, ground)).toMatchObject({ code: 'consent-unknown' });
  });

  test.each<readonly [string, () => readonly [ConsentEvent, ReceiptGround]]>([
    ['record_id', () => [{ ...event, id: '' }, ground]],
    ['pii_principal_id', () => [{ ...event, principal: '' }, ground]],
    ['privacy_notice', () => [event, { ...ground, noticeUrl: '' }]],
    ['language', () => [event, { ...ground, language: ' ' }]],
    ['pii_controllers', () => [event, { ...ground, controllers: [] }]],
    ['storage_locations', () => [event, { ...ground, storageLocations: [] }]],
    ['storage_locations', () => [event, { ...ground, storageLocations: ['GB', ''] }]],
    ['jurisdiction', () => [event, { ...ground, jurisdiction: '' }]],
    ['recipient_third_parties', () => [event, { ...ground, recipients: [] }]],
    ['withdrawal_method', () => [event, { ...ground, withdrawal: '' }]],
    ['party_address', () => [event, { ...ground, recipients: [{ ...toys, address: '' }] }]],
    ['party_name', () => [event, { ...ground, recipients: [{ ...toys, name: '' }] }]],
    ['party_contact', () => [event, { ...ground, recipients: [{ ...toys, contact: '' }] }]],
    ['party_id', () => [event, { ...ground, recipients: [{ ...toys, id: '' }] }]],
    ['event_time', () => [{ ...event, at: '2026-11-20' }, ground]],
    ['event_type', () => [{ ...event, method: '' }, ground]],
  ])('that lacks %s is refused, and the field is named', (field, given) => {
    const record = consentRecord(...given());
    expect(record).toMatchObject({ kind: 'refused', code: 'fields-lacking' });
    expect(record.kind === 'refused' && record.lacking).toContain(field);
  });

  test('of a notice that tells neither data nor how long is refused', () => {
    const silent = { ...ground, notice: { ...ground.notice, statements: [] } };
    expect(consentRecord(event, silent)).toMatchObject({
      lacking: ['pii_information', 'retention_period', 'validity_duration'],
    });
  });

  test('that holds nothing lacks every field, and one of another version its version', () => {
    expect(lackingFields({})).toEqual(mandatoryFields);
    const record = consentRecord(event, ground);
    if (record.kind !== 'exported') throw new RangeError('refused');
    expect(lackingFields({ ...record.json, 'dct:conformsTo': `${recordProfile}-2` })).toEqual([
      'schema_version',
    ]);
  });
});

describe('a Kantara receipt', () => {
  const kantara = test.skipIf(!existsSync(schemaFile));
  kantara('fits the schema of its version (skipped without ASTOLD_TEST_DATA)', async () => {
    // The schema as published has comments, which JSON has not.
    const text = (await readFile(schemaFile, 'utf8')).replace(/^\s*\/\/.*$/gm, '');
    const validator = new Validator(JSON.parse(text) as Schema, '4', false);
    for (const recipients of [[toys], []]) {
      const receipt = kantaraReceipt(event, { ...ground, recipients });
      if (receipt.kind !== 'exported') throw new RangeError(receipt.lacking.join(', '));
      expect(validator.validate(receipt.json).errors).toEqual([]);
      const { piiControllers: _, ...without } = receipt.json;
      expect(validator.validate(without).valid).toBe(false);
    }
  });

  test('names the third party, and the sensitive data', () => {
    const sensitive = { ...ground, specialCategories: new Set(['pd:Offspring']) };
    expect(kantaraReceipt(event, sensitive)).toMatchObject({
      json: {
        sensitive: true,
        spiCat: ['having children'],
        services: [{ purposes: [{ thirdPartyDisclosure: true, thirdPartyName: 'Example Toys Ltd' }, {}] }],
      },
    });
  });

  test('is refused where nothing was given, nothing was asked, or a field would be empty', () => {
    expect(kantaraReceipt({ ...event, state: 'withdrawn' }, ground)).toMatchObject({ code: 'not-given' });
    expect(kantaraReceipt({ ...event, consent: 'other' }, ground)).toMatchObject({ code: 'consent-unknown' });
    const unreachable = { ...ground, jurisdiction: '', controllers: [{ ...club, phone: '' }] };
    expect(kantaraReceipt(event, unreachable)).toMatchObject({ lacking: ['jurisdiction', 'phone'] });
  });
});
