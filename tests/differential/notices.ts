/** The notices of the random worlds: one that tells everything, and versions that each lack one thing. */
import { addPeriod } from '../../src/policy/dates.ts';
import type {
  CivilDate,
  CollectedBy,
  DataItem,
  Notice,
  Quote,
  Retention,
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
  'bundled',
  'not-named',
  'li-lacking',
  'again',
  'form',
  'form-old',
  'paper-old',
  'phone-signed',
  'until',
  'either',
  'late',
  'ended',
  'soon',
  'shorter',
  'only-briefly',
  'mailed',
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

/** What the notices of a world are drawn about: what retention runs from, its day, and the day that `until` tells. */
export type Ground = {
  readonly anchor: RetentionAnchor;
  readonly day: CivilDate;
  readonly until: CivilDate;
};

const forMonths = (months: number, from: RetentionAnchor): { told: Retention; quote: Quote } => ({
  told: { kind: 'period', period: { months, days: 0 }, from },
  quote,
});

function statementsOf(variant: Variant, { anchor, until }: Ground): readonly Statement[] {
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
      return [{ ...all, retention: { told: { kind: 'until', date: until }, quote } }];
    case 'shorter':
      return [{ ...all, retention: forMonths(12, { kind: 'collection' }) }];
    case 'only-briefly':
      // A promise of how long alone, to be read beside what is told.
      return [
        all,
        {
          ...promise,
          kind: 'only',
          purposes: null,
          recipients: null,
          retention: forMonths(4, { kind: 'last-act' }),
        },
      ];
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

const collectedBy: Readonly<Partial<Record<Variant, readonly CollectedBy[]>>> = {
  good: ['app'],
  'paper-old': ['paper'],
};

/** When a version may have been shown: most always, some only lately or no longer. */
function shownOf(variant: Variant, day: CivilDate): Notice['shown'] {
  const ago = (months: number): CivilDate => addPeriod(day, { months: -months, days: 0 });
  const first = '1995-01-01';
  switch (variant) {
    case 'late':
      return { from: ago(10), until: null };
    case 'ended':
      return { from: first, until: ago(10) };
    case 'soon':
      return { from: ago(2), until: null };
    case 'paper-old':
      return { from: first, until: ago(12) };
    // Two forms of one code: the record may be of either.
    case 'form':
      return { from: ago(11), until: ago(9) };
    case 'form-old':
      return { from: ago(12), until: ago(10) };
    default:
      return { from: first, until: null };
  }
}

/** The notices of a world. */
export function noticesOf(ground: Ground): readonly Notice[] {
  return variants.map((variant) => {
    const consent = {
      id: 'partners',
      kind: variant === 'opt-out' ? ('opt-out' as const) : ('opt-in' as const),
      bundled: variant === 'bundled',
      wording: quote,
      purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
      contactChannels: ['post', 'email', 'call'] as const,
      controllers: variant === 'not-named' ? ['print'] : ['acme', 'print', 'closed'],
    };
    const wording = { text: `${quote.text} and Closed Ltd`, layer: 1 };
    return {
      id: noticeId(variant),
      family: 'web',
      version: variant,
      organisation: 'club',
      collectedBy: collectedBy[variant] ?? [],
      printCode: variant === 'form' || variant === 'form-old' ? 'PF-1' : null,
      shown: shownOf(variant, ground.day),
      collectedOn: variant === 'li-lacking' ? 'eu-gdpr:A6-1-f' : 'eu-gdpr:A6-1-a',
      mappedBy: 'a',
      layers: [{ number: 1, text: quote.text }],
      consents: [
        { ...consent, wording },
        { ...consent, id: 'second', kind: 'opt-in', wording },
      ],
      statements: statementsOf(variant, ground),
      digest: variant,
    };
  });
}

export function upstreamOf(anchor: RetentionAnchor): readonly Upstream[] {
  return [
    { id: 'bought', supplier: 'elsewhere', until: null, statements: [tells(anchor)], digest: 'bought' },
  ];
}
