/** The other documents of the random worlds: parties, source, rules, agreement, assessments, request. */
import { addPeriod } from '../../src/policy/dates.ts';
import type {
  Agreement,
  Assessment,
  CivilDate,
  DataItem,
  Organisation,
  Request,
  Source,
} from '../../src/policy/model.ts';
import { reasons } from '../../src/policy/reasons.ts';
import type { RulePack } from '../../src/policy/rules.ts';
import type { Draw } from './draw.ts';
import { allData, noticeId, person } from './notices.ts';

export const organisations: readonly Organisation[] = [
  ['club', 'The Club', null, ['club'], null],
  ['acme', 'Acme Toys Ltd', 'acme-group', ['consumer-goods/baby'], null],
  ['print', 'Print Co Ltd', null, ['mailing-house'], null],
  ['elsewhere', 'Elsewhere Ltd', null, ['charity'], null],
  ['closed', 'Closed Ltd', null, ['consumer-goods/baby'], '2001-01-01'],
].map(([id, legalName, group, categories, until]) => ({
  id: String(id),
  legalName: String(legalName),
  number: null,
  aliases: [],
  group: group === null ? null : String(group),
  categories: Array.isArray(categories) ? categories : [],
  from: '1990-01-01',
  until: until === null ? null : String(until),
}));

export function sourceOf(dir: string, day: CivilDate): Source {
  const csv = (name: string) =>
    ({
      path: `${dir}/${name}.csv`,
      format: 'csv',
      encoding: 'utf-8',
      delimiter: ',',
      dateFormat: 'YYYY-MM-DD',
    }) as const;
  const field = (
    name: string,
    term: string,
    type: 'text' | 'date' | 'integer' | 'boolean' = 'text',
    collection = 'joined',
    of: DataItem['of'] = 'person',
  ) => ({ name, column: name, type, data: { term, of }, collection }) as const;
  return {
    id: 'members',
    organisation: 'club',
    synthetic: true,
    file: csv('members'),
    record: 'id',
    collections: [
      {
        id: 'joined',
        notice: { column: 'notice' },
        printCode: { column: 'form' },
        collectedBy: { column: 'channel' },
        date: 'joined',
        origin: { column: 'origin' },
        upstream: null,
        reconstructions: [
          {
            collectedBy: 'phone',
            from: '1995-01-01',
            until: day,
            notice: noticeId('phone-signed'),
            signedOff: true,
          },
          {
            collectedBy: 'web',
            from: '1995-01-01',
            until: day,
            notice: noticeId('phone-signed'),
            signedOff: false,
          },
        ],
      },
      {
        id: 'kids',
        notice: { column: 'kids_notice' },
        printCode: null,
        collectedBy: null,
        date: 'kids_on',
        origin: { constant: 'own' },
        upstream: null,
        reconstructions: [],
      },
    ],
    fields: [
      field('forename', 'astold:GivenName'),
      field('surname', 'astold:FamilyName'),
      field('address', 'pd:PhysicalAddress'),
      field('postcode', 'pd:PostalCode'),
      field('email', 'pd:EmailAddress'),
      field('phone', 'pd:TelephoneNumber'),
      field('dob', 'pd:BirthDate', 'date'),
      field('faith', 'pd:Religion'),
      field('odd', 'pd:Nonsense'),
      field('tier', 'pd:Preference'),
      field('score', 'pd:Income', 'integer'),
      field('active', 'pd:Language', 'boolean'),
      field('seen', 'pd:Demographic', 'date'),
      field('left', 'pd:Demographic', 'date'),
      field('died', 'pd:Demographic'),
      field('gone', 'pd:Demographic'),
      field('c1', 'pd:BirthDate', 'date', 'kids', 'child'),
      field('c2', 'pd:BirthDate', 'date', 'kids', 'child'),
      field('c1_died', 'pd:Demographic', 'text', 'kids', 'child'),
      field('c1_name', 'pd:Name', 'text', 'kids', 'child'),
      field('c2_died', 'pd:Demographic', 'text', 'kids', 'child'),
      {
        name: 'area',
        column: 'area',
        type: 'text',
        data: { term: 'pd:HomeLocation', of: 'person' },
        collection: 'joined',
      },
    ],
    roles: {
      forename: 'forename',
      surname: 'surname',
      addressLine: 'address',
      postcode: 'postcode',
      email: 'email',
      phone: 'phone',
      birthDate: 'dob',
      deceased: 'died',
      goneAway: 'gone',
      lastAct: 'seen',
      membershipEnd: 'left',
    },
    children: [
      { birthDate: 'c1', died: 'c1_died', name: 'c1_name' },
      { birthDate: 'c2', died: 'c2_died', name: null },
    ],
    implies: [person('pd:Offspring')],
    consents: [
      { column: 'optin', consent: 'partners', notice: null, date: 'optin_on', yes: ['Y', '1'] },
      { column: 'named', consent: 'partners', notice: noticeId('again'), date: 'named_on', yes: ['yes'] },
    ],
    presented: [
      { notice: { column: 'renotice' }, date: 'renotice_on', delivery: { column: 'renotice_status' } },
      { notice: { constant: noticeId('mailed') }, date: 'mailed_on', delivery: { column: 'mailed_how' } },
      { notice: { constant: noticeId('mailed') }, date: 'mailed_again', delivery: { constant: 'sent' } },
    ],
    preferences: { file: csv('preferences'), postKeyedTo: day },
    areas: { file: csv('areas'), postcode: 'postcode', area: 'area' },
    digest: 'members',
  };
}

export const rules: RulePack = {
  id: 'test',
  version: '1',
  explicit: [],
  finer: [],
  specialCategory: ['pd:SpecialCategoryPersonalData'],
  rules: reasons.map(({ code }) => ({
    reason: code,
    label: 'policy',
    citation: 'test',
    from: '1990-01-01',
    until: null,
    severity: 'refuse',
  })),
  necessary: [
    {
      purposes: ['dpv:DirectMarketing'],
      contactChannels: ['post', 'email', 'call'],
      exact: allData,
      coarse: [],
    },
  ],
  requiredLists: [{ contactChannel: 'post', kinds: ['own'], implying: null }],
  consentChannels: ['email'],
  waitingPeriod: { months: 0, days: 30 },
  minimumCount: 100,
  consentAgeWarning: { months: 6, days: 0 },
  digest: 'rules',
};

export function agreementOf(day: CivilDate): Agreement {
  return {
    id: 'agreed',
    supplier: 'club',
    purposes: ['dpv:DirectMarketing'],
    data: allData,
    contactChannels: ['post', 'email', 'call'],
    parties: [
      { organisation: 'acme', role: 'controller', processorTerms: false },
      { organisation: 'closed', role: 'controller', processorTerms: false },
      { organisation: 'print', role: 'processor', processorTerms: true },
    ],
    bases: ['eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-f', 'eu-gdpr:A9-2-a'],
    specialCategory: ['pd:Religion'],
    onwardSupply: [],
    retention: { kind: 'until', date: addPeriod(day, { months: 12, days: 0 }) },
    inForce: { from: '2000-01-01', until: null },
    review: addPeriod(day, { months: 12, days: 0 }),
    digest: 'agreed',
  };
}

export function assessmentsOf(): readonly Assessment[] {
  const base = {
    purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
    inForce: { from: '2000-01-01', until: null },
    digest: 'lia',
  };
  return [
    ...['club', 'acme', 'closed'].map((organisation) => ({
      ...base,
      id: organisation,
      kind: 'legitimate-interests' as const,
      organisation,
      notice: null,
    })),
    { ...base, id: 'compatible', kind: 'compatibility', organisation: 'club', notice: noticeId('good') },
  ];
}

export function requestOf(draw: Draw, day: CivilDate): Request {
  const basis = draw.pick(['eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-f']);
  const fields = [
    'forename',
    'surname',
    'address',
    'postcode',
    ...(draw.chance(60) ? ['c1'] : []),
    ...(draw.chance(20) ? ['dob'] : []),
  ];
  return {
    id: 'toys',
    title: 'Toys',
    agreement: 'agreed',
    source: 'members',
    purposes: ['dpv:DirectMarketing'],
    disclosureBasis: basis,
    chain: [
      {
        organisation: 'print',
        role: 'processor',
        basis: null,
        keeps: false,
        enriches: false,
        profits: false,
      },
      { organisation: 'acme', role: 'controller', basis, keeps: null, enriches: null, profits: null },
    ],
    contactChannels: ['post'],
    fields: fields.map((field) => ({ field, as: null, name: field })),
    use: { from: day, until: addPeriod(day, { months: 1, days: 0 }) },
    deleteBy: addPeriod(day, { months: 2, days: 0 }),
    audience: { kind: 'everyone' },
    preparedBy: 'a.steward',
    format: 'csv',
    digest: 'toys',
  };
}
