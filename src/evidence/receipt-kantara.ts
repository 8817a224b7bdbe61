/** Consent receipts in the form of the Kantara Consent Receipt Specification v1.1. */
import type { Term } from '../policy/model.ts';
import { label } from '../policy/vocab.ts';
import {
  type ConsentEvent,
  type ConsentTold,
  consentTold,
  isInstant,
  type ReceiptGround,
  type ReceiptParty,
  retentionText,
} from './consent-event.ts';

export const kantaraVersion = 'KI-CR-v1.1.0';

export type KantaraRefusal =
  /** The notice asks no such consent. */
  | 'consent-unknown'
  /** The form knows consents that were given alone. */
  | 'not-given'
  | 'fields-lacking';
export type KantaraExport =
  | { readonly kind: 'exported'; readonly json: { readonly [key: string]: unknown } }
  /** `lacking` names the fields that would be empty. */
  | { readonly kind: 'refused'; readonly code: KantaraRefusal; readonly lacking: readonly string[] };

/** The receipt of a consent that was given. A field that would be empty refuses: the form requires it. */
export function kantaraReceipt(event: ConsentEvent, ground: ReceiptGround): KantaraExport {
  const refused = (code: KantaraRefusal, lacking: readonly string[]): KantaraExport => ({
    kind: 'refused',
    code,
    lacking,
  });
  if (event.state !== 'given') return refused('not-given', []);
  const told = consentTold(event, ground);
  if (told === null) return refused('consent-unknown', []);
  const lacking = lackingFields(event, ground, told);
  if (lacking.length > 0) return refused('fields-lacking', lacking);
  const special = told.items.map(({ term }) => term).filter((term) => ground.specialCategories.has(term));
  const json = {
    version: kantaraVersion,
    jurisdiction: ground.jurisdiction,
    consentTimestamp: Math.floor(Date.parse(event.at) / 1000),
    collectionMethod: event.method,
    consentReceiptID: event.id,
    language: ground.language,
    piiPrincipalId: event.principal,
    piiControllers: ground.controllers.map((party) => ({
      piiController: party.name,
      onBehalf: party.role === 'processor',
      contact: party.contact,
      address: { streetAddress: party.address },
      email: party.email,
      phone: party.phone,
      ...(party.url === null ? {} : { piiControllerUrl: party.url }),
    })),
    policyUrl: ground.noticeUrl,
    services: [
      {
        service: told.consent.wording.text,
        purposes: told.consent.purposes.map((purpose, i) => purposeOf(purpose, i === 0, ground, told)),
      },
    ],
    sensitive: special.length > 0,
    spiCat: special.map(label),
  };
  return { kind: 'exported', json };
}

function purposeOf(purpose: Term, primary: boolean, ground: ReceiptGround, told: ConsentTold) {
  const disclosed = ground.recipients.length > 0;
  return {
    purpose: label(purpose),
    consentType: 'EXPLICIT',
    purposeCategory: [purpose],
    piiCategory: told.items.map(({ term, of }) =>
      of === 'child' ? `a child\u2019s ${label(term)}` : label(term),
    ),
    primaryPurpose: primary,
    termination: told.retention.map(retentionText).join('; '),
    thirdPartyDisclosure: disclosed,
    ...(disclosed ? { thirdPartyName: ground.recipients.map(({ name }) => name).join('; ') } : {}),
  };
}

function lackingFields(event: ConsentEvent, ground: ReceiptGround, told: ConsentTold): readonly string[] {
  const empty = (text: string): boolean => text.trim() === '';
  const party = (field: keyof ReceiptParty & ('name' | 'contact' | 'address' | 'email' | 'phone')): boolean =>
    ground.controllers.length === 0 || ground.controllers.some((each) => empty(each[field]));
  const checks: readonly (readonly [string, boolean])[] = [
    ['jurisdiction', empty(ground.jurisdiction)],
    ['consentTimestamp', !isInstant(event.at) || Date.parse(event.at) < 0],
    ['collectionMethod', empty(event.method)],
    ['consentReceiptID', empty(event.id)],
    ['piiPrincipalId', empty(event.principal)],
    ['policyUrl', empty(ground.noticeUrl)],
    ['piiController', party('name')],
    ['contact', party('contact')],
    ['address', party('address')],
    ['email', party('email')],
    ['phone', party('phone')],
    ['purposeCategory', told.consent.purposes.length === 0],
    ['piiCategory', told.items.length === 0],
    ['termination', told.retention.length === 0],
    ['thirdPartyName', ground.recipients.some((each) => empty(each.name))],
  ];
  return checks.filter(([, lacks]) => lacks).map(([field]) => field);
}
