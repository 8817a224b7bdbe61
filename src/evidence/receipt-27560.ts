/**
 * Consent records and receipts as ISO/IEC TS 27560 in the JSON-LD form of the DPV. A record that lacks a mandatory field
 * is no record: it is refused, and the fields are named.
 */
import type { Retention } from '../policy/model.ts';
import { prefixes } from '../policy/vocab.ts';
import {
  type ConsentEvent,
  type ConsentTold,
  consentTold,
  isInstant,
  periodText,
  type ReceiptGround,
  type ReceiptParty,
  retentionText,
} from './consent-event.ts';

export const recordProfile = 'https://w3id.org/dpv/schema/dpv-27560#record';
export const receiptProfile = 'https://w3id.org/dpv/schema/dpv-27560#receipt';

/** The mandatory fields by the names that the standard gives them. */
export const mandatoryFields = [
  'schema_version',
  'record_id',
  'pii_principal_id',
  'privacy_notice',
  'language',
  'purpose',
  'pii_information',
  'pii_controllers',
  'storage_locations',
  'retention_period',
  'jurisdiction',
  'recipient_third_parties',
  'withdrawal_method',
  'party_id',
  'party_address',
  'party_name',
  'party_contact',
  'party_type',
  'event_time',
  'validity_duration',
  'entity_id',
  'event_type',
  'event_state',
] as const;
export type MandatoryField = (typeof mandatoryFields)[number];

type Json = { readonly [key: string]: unknown };
export type Exported =
  | { readonly kind: 'exported'; readonly json: Json }
  | { readonly kind: 'refused'; readonly code: 'consent-unknown'; readonly lacking: readonly [] }
  | {
      readonly kind: 'refused';
      readonly code: 'fields-lacking';
      readonly lacking: readonly MandatoryField[];
    };

const context = {
  ...prefixes,
  dct: 'http://purl.org/dc/terms/',
  loc: 'https://w3id.org/dpv/loc#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  schema: 'https://schema.org/',
};
const states = {
  given: 'dpv:ConsentGiven',
  refused: 'dpv:ConsentRefused',
  withdrawn: 'dpv:ConsentWithdrawn',
} as const;
const roles = {
  controller: 'dpv:DataController',
  'joint-controller': 'dpv:JointDataControllers',
  processor: 'dpv:DataProcessor',
  'third-party': 'dpv:ThirdParty',
} as const;

/** The consent record of an event. */
export function consentRecord(event: ConsentEvent, ground: ReceiptGround): Exported {
  const told = consentTold(event, ground);
  if (told === null) return { kind: 'refused', code: 'consent-unknown', lacking: [] };
  const json = { '@context': context, ...recordBody(event, ground, told) };
  const lacking = lackingFields(json);
  return lacking.length > 0
    ? { kind: 'refused', code: 'fields-lacking', lacking }
    : { kind: 'exported', json };
}

/** The receipt of a record, for the person; `issued` is an instant. */
export function consentReceipt(event: ConsentEvent, ground: ReceiptGround, issued: string): Exported {
  const record = consentRecord(event, ground);
  if (record.kind === 'refused') return record;
  if (!isInstant(issued)) return { kind: 'refused', code: 'fields-lacking', lacking: ['event_time'] };
  const { '@context': _, ...body } = record.json;
  const json = {
    '@context': context,
    '@id': `urn:astold:consent-receipt:${event.id}`,
    '@type': 'dpv:ConsentReceipt',
    'dct:identifier': `receipt-${event.id}`,
    'dct:conformsTo': receiptProfile,
    'dct:created': issued,
    'dct:publisher': ground.controllers[0]?.id ?? null,
    'dpv:hasRecordOfActivity': body,
  };
  return { kind: 'exported', json };
}

function recordBody(event: ConsentEvent, ground: ReceiptGround, told: ConsentTold): Json {
  const parties = [...ground.controllers, ...ground.recipients];
  return {
    '@id': `urn:astold:consent-record:${event.id}`,
    '@type': 'dpv:ConsentRecord',
    'dct:identifier': event.id,
    'dct:conformsTo': recordProfile,
    'dpv:hasDataSubject': {
      '@id': prefixed('urn:astold:principal:', event.principal),
      '@type': 'dpv:DataSubject',
    },
    'dpv:hasDataController': ground.controllers.map(({ id }) => id),
    'dpv:hasJurisdiction': [prefixed('loc:', ground.jurisdiction)],
    'dpv:hasLegalBasis': 'eu-gdpr:A6-1-a',
    'dpv:hasNotice': {
      '@id': ground.noticeUrl,
      '@type': 'dpv:PrivacyNotice',
      'dct:identifier': ground.notice.id,
      'dct:language': ground.language,
    },
    'dpv:hasProcess': {
      '@type': 'dpv:Process',
      'dpv:hasPurpose': told.consent.purposes,
      'dpv:hasPersonalData': told.items.map((item) => ({
        '@type': item.term,
        ...(item.of === 'child' ? { 'dpv:hasDataSubject': 'dpv:Child' } : {}),
      })),
      'dpv:hasStorageCondition': [
        {
          '@type': 'dpv:StorageLocation',
          'dpv:hasLocation': ground.storageLocations.map((each) => prefixed('loc:', each)),
        },
        ...told.retention.map((each) => ({
          '@type': 'dpv:StorageDuration',
          'dpv:hasDuration': duration(each),
        })),
      ],
      'dpv:hasRecipient': ground.recipients.map(({ id }) => id),
    },
    'dpv:hasEntity': parties.map(entityOf),
    'dpv:hasConsentStatus': [
      {
        '@type': [states[event.state], 'dpv:ExpressedConsent'],
        'dpv:isIndicatedBy': 'dpv:DataSubject',
        'dpv:isIndicatedAtTime': event.at,
        'dpv:hasIndicationMethod': event.method,
        // Consent is good for as long as the data may be kept, and no longer.
        'dpv:hasDuration': told.retention.map(duration),
        'dpv:isExercisedAt': ground.withdrawal,
      },
    ],
  };
}

/** What is empty stays so, and is found lacking. */
const prefixed = (prefix: string, text: string): string => (text.trim() === '' ? '' : prefix + text);

function duration(retention: Retention): Json {
  if (retention.kind === 'until') return { '@type': 'dpv:UntilTimeDuration', 'rdf:value': retention.date };
  return retention.from.kind === 'collection'
    ? { '@type': 'dpv:TemporalDuration', 'rdf:value': periodText(retention.period) }
    : { '@type': 'dpv:UntilEventDuration', 'rdf:value': retentionText(retention) };
}

function entityOf({ id, name, role, address, contact, email, phone, url }: ReceiptParty): Json {
  return {
    '@id': id,
    '@type': roles[role],
    'dpv:hasName': name,
    'dpv:hasAddress': address,
    'dpv:hasContact': contact,
    'schema:contactPoint': {
      '@type': 'schema:ContactPoint',
      'schema:email': email,
      'schema:telephone': phone,
    },
    ...(url === null ? {} : { 'schema:url': url }),
  };
}

/** Where each mandatory field of a record stands. One of a list must be there in every item, and the list not be empty. */
const places: Readonly<Record<MandatoryField, readonly string[]>> = {
  schema_version: ['dct:conformsTo'],
  record_id: ['dct:identifier'],
  pii_principal_id: ['dpv:hasDataSubject', '@id'],
  privacy_notice: ['dpv:hasNotice', '@id'],
  language: ['dpv:hasNotice', 'dct:language'],
  purpose: ['dpv:hasProcess', 'dpv:hasPurpose'],
  pii_information: ['dpv:hasProcess', 'dpv:hasPersonalData', '@type'],
  pii_controllers: ['dpv:hasDataController'],
  storage_locations: ['dpv:hasProcess', 'dpv:hasStorageCondition', 'dpv:StorageLocation', 'dpv:hasLocation'],
  retention_period: [
    'dpv:hasProcess',
    'dpv:hasStorageCondition',
    'dpv:StorageDuration',
    'dpv:hasDuration',
    'rdf:value',
  ],
  jurisdiction: ['dpv:hasJurisdiction'],
  recipient_third_parties: ['dpv:hasProcess', 'dpv:hasRecipient'],
  withdrawal_method: ['dpv:hasConsentStatus', 'dpv:isExercisedAt'],
  party_id: ['dpv:hasEntity', '@id'],
  party_address: ['dpv:hasEntity', 'dpv:hasAddress'],
  party_name: ['dpv:hasEntity', 'dpv:hasName'],
  party_contact: ['dpv:hasEntity', 'dpv:hasContact'],
  party_type: ['dpv:hasEntity', '@type'],
  event_time: ['dpv:hasConsentStatus', 'dpv:isIndicatedAtTime'],
  validity_duration: ['dpv:hasConsentStatus', 'dpv:hasDuration', 'rdf:value'],
  entity_id: ['dpv:hasConsentStatus', 'dpv:isIndicatedBy'],
  event_type: ['dpv:hasConsentStatus', 'dpv:hasIndicationMethod'],
  event_state: ['dpv:hasConsentStatus', '@type'],
};

/** The mandatory fields that a record lacks, wherever it comes from; none: it is whole. */
export function lackingFields(record: Json): readonly MandatoryField[] {
  return mandatoryFields.filter((field) => {
    if (!isThere(record, places[field])) return true;
    if (field === 'schema_version') return record['dct:conformsTo'] !== recordProfile;
    return field === 'event_time' && !everyTime(record);
  });
}

function isThere(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (Array.isArray(value)) {
    // Of storage conditions those of one type are meant: the next step names it.
    const typed = key?.startsWith('dpv:Storage') === true;
    const meant = typed ? value.filter((item) => isObject(item) && item['@type'] === key) : value;
    return meant.length > 0 && meant.every((item) => isThere(item, typed ? rest : path));
  }
  if (key === undefined)
    return typeof value === 'string' ? value.trim() !== '' : isObject(value) && Object.keys(value).length > 0;
  return isObject(value) && isThere(value[key], rest);
}

function everyTime(record: Json): boolean {
  const statuses = record['dpv:hasConsentStatus'];
  return (Array.isArray(statuses) ? statuses : [statuses]).every((status: unknown) => {
    const at = isObject(status) ? status['dpv:isIndicatedAtTime'] : null;
    return typeof at === 'string' && isInstant(at);
  });
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
