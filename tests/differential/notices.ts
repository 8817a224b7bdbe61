/** The notices of the random worlds: one that tells everything, and versions that each lack one thing. */
import { addPeriod } from '../../src/policy/dates.ts';
import type {
  CivilDate,
  DataItem,
  Notice,
  Quote,
  RetentionAnchor,
  Statement,
  Upstream,
} from '../../src/policy/model.ts';

const quote: Quote = { text: 'we share all this with Acme Toys Ltd and Print Co Ltd', layer: 1 };
export const person = (term: string): DataItem => ({ term, of: 'person' });
const child = (term: string): DataItem => ({ term, of: 'child' });

export const allData: readonly DataItem[] = [
  person('astold:GivenName'),
  person('astold:FamilyName'),
  person('pd:PhysicalAddress'),
  person('pd:PostalCode'),
  person('pd:EmailAddress'),
  person('pd:TelephoneNumber'),
  person('pd:BirthDate'),
  person('pd:Religion'),
  person('pd:Nonsense'),
  person('pd:Preference'),
  person('pd:Income'),
  person('pd:Language'),
  person('pd:HomeLocation'),
  person('pd:Offspring'),
  person('pd:Demographic'),
  child('pd:BirthDate'),
];

/** Each version of the notice by what it lacks; `good` lacks nothing. */
export const variants = [
  'good',
  'no-purpose',
  'no-party',
  'no-data',
  'no-child',
  'no-channel',
  'no-selection',
  'no-membership',
  'no-basis',
  'no-retention',
  'split',
  'never',
  'only',
  'opt-out',
  'not-named',
  'li-lacking',
  'again',
  'form',
  'paper-old',
  'phone-signed',
  'until',
  'either',
] as const;
export type Variant = (typeof variants)[number];
export const noticeId = (variant: Variant): string => `web@${variant}`;

type Told = { -readonly [K in keyof Statement]: Statement[K] };

function tells(anchor: RetentionAnchor): Told {
  return {
    id: 'all',
    kind: 'tells',
    purposes: { terms: ['dpv:DirectMarketing', 'astold:Profiling'], narrower: false, quote },
    recipients: { organisations: ['acme', 'print', 'closed'], categories: [], quote },
    data: { items: allData, quote },
    contactChannels: { terms: ['post', 'email', 'call'], quote },
    basis: { terms: ['eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-f'], consent: 'partners', quote },
    retention: { told: { kind: 'period', period: { months: 24, days: 0 }, from: anchor }, quote },
    limits: null,
    signedTerms: ['child'],
  };
}

function without(statement: Told, lacks: (item: DataItem) => boolean): Told {
  return { ...statement, data: { items: allData.filter((item) => !lacks(item)), quote } };
}

function statementsOf(variant: Variant, anchor: RetentionAnchor, day: CivilDate): readonly Statement[] {
  const all = tells(anchor);
  const promise = { ...all, id: 'promise', data: null, contactChannels: null, basis: null, retention: null };
  switch (variant) {
    case 'no-purpose':
    case 'li-lacking':
      return [{ ...all, purposes: { terms: ['astold:Profiling'], narrower: false, quote } }];
    case 'no-party':
      return [{ ...all, recipients: { organisations: ['print'], categories: [], quote } }];
    case 'no-data':
      return [without(all, (item) => item.term === 'astold:GivenName')];
    case 'no-child':
      return [without(all, (item) => item.of === 'child')];
    case 'no-channel':
      return [{ ...all, contactChannels: { terms: ['sms'], quote } }];
    case 'no-selection':
      return [{ ...all, purposes: { terms: ['dpv:DirectMarketing'], narrower: false, quote } }];
    case 'no-membership':
      return [without(all, (item) => item.term === 'pd:Offspring')];
    case 'no-basis':
      return [{ ...all, basis: { terms: ['eu-gdpr:A6-1-b'], consent: 'partners', quote } }];
    case 'no-retention':
      return [{ ...all, retention: null }];
    case 'split':
      return [
        { ...all, recipients: { organisations: ['print'], categories: [], quote } },
        { ...all, id: 'other', contactChannels: { terms: ['sms'], quote } },
      ];
    case 'never':
      return [all, { ...promise, kind: 'never', recipients: null }];
    case 'only':
      return [
        all,
        {
          ...promise,
          kind: 'only',
          purposes: null,
          recipients: { organisations: ['print'], categories: [], quote },
        },
      ];
    case 'until':
      return [{ ...all, retention: { told: { kind: 'until', date: day }, quote } }];
    case 'either':
      // Two ways to hold: either consent, each with a retention of its own.
      return [
        {
          ...all,
          retention: {
            told: { kind: 'period', period: { months: 24, days: 3 }, from: { kind: 'last-act' } },
            quote,
          },
        },
        {
          ...all,
          id: 'second',
          basis: { terms: ['eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-f'], consent: 'second', quote },
        },
      ];
    default:
      return [all];
  }
}

/** The notices of a world. Retention runs from `anchor`; the version `until` tells a fixed day. */
export function noticesOf(anchor: RetentionAnchor, day: CivilDate): readonly Notice[] {
  return variants.map((variant) => {
    const consent = {
      id: 'partners',
      kind: variant === 'opt-out' ? ('opt-out' as const) : ('opt-in' as const),
      bundled: false,
      wording: quote,
      purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
      controllers: variant === 'not-named' ? ['print'] : ['acme', 'print', 'closed'],
    };
    const wording = { text: `${quote.text} and Closed Ltd`, layer: 1 };
    return {
      id: noticeId(variant),
      family: 'web',
      version: variant,
      organisation: 'club',
      collectedBy:
        variant === 'paper-old'
          ? ['paper']
          : variant === 'phone-signed'
            ? []
            : variant === 'good'
              ? ['app']
              : [],
      printCode: variant === 'form' ? 'PF-1' : null,
      shown: {
        from: '1995-01-01',
        until: variant === 'paper-old' ? addPeriod(day, { months: -12, days: 0 }) : null,
      },
      collectedOn: variant === 'li-lacking' ? 'eu-gdpr:A6-1-f' : 'eu-gdpr:A6-1-a',
      mappedBy: 'a',
      layers: [{ number: 1, text: quote.text }],
      consents: [
        { ...consent, wording },
        { ...consent, id: 'second', kind: 'opt-in', wording },
      ],
      statements: statementsOf(variant, anchor, day),
      digest: variant,
    };
  });
}

export function upstreamOf(anchor: RetentionAnchor): readonly Upstream[] {
  return [
    { id: 'bought', supplier: 'elsewhere', until: null, statements: [tells(anchor)], digest: 'bought' },
  ];
}
