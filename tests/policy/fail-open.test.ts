/** The ways a gate like this has failed open elsewhere, or could. Each must refuse, and say why. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../src/policy/model.ts';
import {
  agreement,
  consent,
  context,
  controller,
  cutOff,
  day,
  decided,
  given,
  notice,
  organisations,
  person,
  processor,
  quote,
  request,
  rules,
  source,
  statement,
  stop,
} from './world.ts';

const withNotice = (changed: Partial<typeof notice>) => ({
  context: { notices: [{ ...notice, ...changed }] },
});
const withStatement = (changed: Partial<Statement>) =>
  withNotice({ statements: [{ ...statement, ...changed }] });
const later = (changed: Partial<typeof notice>) => ({
  ...notice,
  id: 'web@2',
  version: '2',
  shown: { from: '2026-01-01', until: null },
  ...changed,
});
const hour = 3_600_000;

describe('the notice', () => {
  it('no notice on record refuses', () => {
    expect(decided({ base: '?^own' }).codes).toEqual(['no-notice']);
    expect(decided({ base: '' }).codes).toContain('no-notice');
  });
  it('a notice on record that is not on file refuses', () => {
    expect(decided({ base: 'v:web@9^own' }).codes).toEqual(['notice-unknown']);
    expect(decided({ base: 'p:PF-1^own' }).codes).toEqual(['notice-unknown']);
  });
  it('an empty statement list refuses', () => {
    expect(decided(withNotice({ statements: [] })).codes).toEqual([
      'purpose-not-told',
      'party-not-told',
      'data-not-told',
      'child-not-told',
      'channel-not-told',
      'selection-not-told',
      'membership-not-told',
      'basis-not-told',
      'retention-not-told',
    ]);
  });
  it.each([
    ['purposes', ['purpose-not-told', 'selection-not-told']],
    ['recipients', ['party-not-told']],
    ['contactChannels', ['channel-not-told']],
    ['basis', ['basis-not-told']],
    ['retention', ['retention-not-told']],
  ])('a statement that does not tell its %s covers nothing', (dimension, codes) => {
    expect(decided(withStatement({ [dimension]: null })).codes).toEqual(codes);
  });
  it('a term one level wider covers nothing narrower unless it says so', () => {
    const marketing = {
      terms: ['dpv:Marketing', 'astold:Profiling'],
      narrower: false,
      quote: quote('for marketing'),
    };
    expect(decided(withStatement({ purposes: marketing })).codes).toEqual(['purpose-not-told']);
    expect(decided(withStatement({ purposes: { ...marketing, narrower: true } })).codes).toEqual([]);
  });
  it('no wider purpose reaches a political campaign', () => {
    const purposes = {
      terms: ['dpv:Marketing', 'dpv:Advertising', 'astold:Profiling', 'astold:PoliticalProfiling'],
      narrower: true,
      quote: quote('marketing'),
    };
    const asked = {
      ...request,
      purposes: ['dpv:PoliticalCampaign'],
      audience: { kind: 'everyone' } as const,
    };
    const world = {
      ...withStatement({ purposes }).context,
      request: asked,
      agreement: { ...agreement, purposes: asked.purposes },
    };
    expect(decided({ context: world }).codes).toEqual(['purpose-not-told']);
  });
  it('a political campaign told in other words, below the first layer, or without a second person is not told', () => {
    const asked = {
      ...request,
      purposes: ['dpv:PoliticalCampaign'],
      audience: { kind: 'everyone' } as const,
    };
    const told = (text: string, layer: number, signedTerms: string[]) => ({
      request: asked,
      agreement: { ...agreement, purposes: asked.purposes },
      notices: [
        {
          ...notice,
          consents: [{ ...consent, purposes: asked.purposes }],
          statements: [
            {
              ...statement,
              purposes: { terms: asked.purposes, narrower: false, quote: { text, layer } },
              signedTerms: ['child', ...signedTerms],
            },
          ],
        },
      ],
    });
    const good = ['dpv:PoliticalCampaign'];
    expect(decided({ context: told('for a political campaign', 1, good) }).codes).toEqual([]);
    expect(decided({ context: told('for a campaign that matters', 1, good) }).codes).toEqual([
      'purpose-not-told',
    ]);
    expect(decided({ context: told('for a political campaign', 2, good) }).codes).toEqual([
      'purpose-not-told',
    ]);
    expect(decided({ context: told('for a political campaign', 1, []) }).codes).toEqual(['purpose-not-told']);
  });
  it('a never beside a tells refuses', () => {
    const never: Statement = {
      ...statement,
      id: 'never',
      kind: 'never',
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
    };
    expect(decided(withNotice({ statements: [statement, never] })).codes).toEqual(['promised-never']);
  });
  it('a never about one company of a group binds the group', () => {
    const never: Statement = {
      ...statement,
      id: 'never',
      kind: 'never',
      purposes: null,
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
      recipients: { organisations: ['acme-loans'], categories: [], quote: quote('never to Acme Loans') },
    };
    expect(decided(withNotice({ statements: [statement, never] })).codes).toEqual(['promised-never']);
  });
  it('a never that names nothing forbids everything', () => {
    const never: Statement = {
      ...statement,
      id: 'never',
      kind: 'never',
      purposes: null,
      recipients: null,
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
    };
    expect(decided(withNotice({ statements: [statement, never] })).codes).toEqual(['promised-never']);
  });
  it('an only that says less refuses what is more', () => {
    const only: Statement = {
      ...statement,
      id: 'only',
      kind: 'only',
      recipients: null,
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
      purposes: { terms: ['dpv:DeliveryOfGoods'], narrower: false, quote: quote('only to deliver') },
    };
    expect(decided(withNotice({ statements: [statement, only] })).codes).toEqual(['promised-only']);
  });
  it('dimensions told in two different statements are not told together', () => {
    const gifts = {
      ...statement,
      id: 'gifts',
      purposes: { terms: ['dpv:DeliveryOfGoods'], narrower: false, quote: quote('gifts') },
    };
    const offers = {
      ...statement,
      id: 'offers',
      recipients: { organisations: ['printer'], categories: [], quote: quote('the printer') },
    };
    expect(decided(withNotice({ statements: [gifts, offers] })).codes).toEqual(['not-told-together']);
  });
  it('a group or a category does not stand in for a controller', () => {
    const recipients = {
      organisations: ['acme-loans', 'printer'],
      categories: ['consumer-goods/toys'],
      quote: quote('the Acme group'),
    };
    expect(decided(withStatement({ recipients })).codes).toEqual(['party-not-told']);
  });
  it('a child’s date without words about children refuses', () => {
    const data = {
      items: statement.data?.items.filter((item) => item.of === 'person') ?? [],
      quote: quote('your details'),
    };
    expect(decided(withStatement({ data })).codes).toEqual(['child-not-told', 'selection-not-told']);
    const vague = { items: statement.data?.items ?? [], quote: quote('details of your family') };
    expect(decided(withStatement({ data: vague })).codes).toEqual(['child-not-told', 'selection-not-told']);
  });
  it('an audience column nobody was told about refuses', () => {
    const data = {
      items: statement.data?.items.filter((item) => item.term !== 'pd:Location') ?? [],
      quote: statement.data?.quote ?? quote(''),
    };
    expect(decided(withStatement({ data })).codes).toEqual(['selection-not-told']);
  });
  it('what membership of the list gives away must be told too', () => {
    const data = {
      items: statement.data?.items.filter((item) => item.term !== 'pd:Offspring') ?? [],
      quote: statement.data?.quote ?? quote(''),
    };
    expect(decided(withStatement({ data })).codes).toEqual(['membership-not-told']);
  });
  it('two paper versions in circulation: only what both tell counts, and a promise of either binds', () => {
    const one = { ...notice, id: 'paper@1', collectedBy: ['paper' as const] };
    const two = { ...one, id: 'paper@2', statements: [{ ...statement, purposes: null }] };
    const never: Statement = {
      ...statement,
      id: 'never',
      kind: 'never',
      purposes: null,
      recipients: null,
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
    };
    const base = 'd:paper:2025-06-01^own';
    const consents = {
      permissions: [
        { ...given, notice: 'paper@1' },
        { ...given, notice: 'paper@2' },
      ],
    };
    expect(decided({ base, person: consents, context: { notices: [one] } }).codes).toEqual([]);
    expect(decided({ base, person: consents, context: { notices: [one, two] } }).codes).toEqual([
      'purpose-not-told',
      'selection-not-told',
    ]);
    expect(
      decided({
        base,
        person: consents,
        context: { notices: [one, { ...one, id: 'paper@2', statements: [statement, never] }] },
      }).codes,
    ).toEqual(['promised-never']);
    // A recorded withdrawal takes the old card out of circulation.
    expect(
      decided({
        base,
        person: consents,
        context: { notices: [one, { ...two, shown: { from: '2024-01-01', until: '2025-05-31' } }] },
      }).codes,
    ).toEqual([]);
  });
  it('data bought in, or of no recorded origin, refuses without upstream terms', () => {
    expect(decided({ base: 'v:web@1^' }).codes).toEqual(['origin-unknown']);
    expect(decided({ base: 'v:web@1^some-broker' }).codes).toEqual(['origin-unknown']);
    const upstream = {
      id: 'some-broker',
      supplier: 'x',
      until: null,
      statements: [{ ...statement, purposes: null }],
      digest: 'u',
    };
    expect(decided({ base: 'v:web@1^some-broker', context: { upstream: [upstream] } }).codes).toEqual([
      'purpose-not-told',
      'selection-not-told',
    ]);
    expect(
      decided({
        base: 'v:web@1^some-broker',
        context: { upstream: [{ ...upstream, statements: [statement] }] },
      }).codes,
    ).toEqual([]);
    expect(
      decided({
        base: 'v:web@1^some-broker',
        context: { upstream: [{ ...upstream, statements: [statement], until: '2026-12-31' }] },
      }).codes,
    ).toEqual(['origin-unknown']);
  });
});

describe('later notices', () => {
  it('a later notice that drops takes away at once, delivered or merely sent; a bounce does not', () => {
    const notices = [notice, later({ statements: [] })];
    expect(decided({ context: { notices }, later: `web@2~${day}~delivered` }).codes).toEqual([
      'dropped-later',
    ]);
    expect(decided({ context: { notices }, later: `web@2~${day}~sent` }).codes).toEqual(['dropped-later']);
    expect(decided({ context: { notices }, later: 'web@2~?~' }).codes).toEqual(['dropped-later']);
    expect(decided({ context: { notices }, later: `web@2~${day}~bounced` }).codes).toEqual([]);
  });
  it('a later notice that adds never covers an earlier record by itself', () => {
    const notices = [{ ...notice, statements: [] }, later({})];
    const person = { permissions: [{ ...given, notice: 'web@2' }] };
    const at = 'web@2~2026-10-01~';
    expect(decided({ context: { notices }, person, later: `${at}delivered` }).codes).toEqual([
      'new-needs-assessment',
    ]);
    const assessments = [
      {
        id: 'c',
        kind: 'compatibility' as const,
        organisation: 'club',
        purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
        notice: 'web@2',
        inForce: { from: '2026-01-01', until: null },
        digest: 'c',
      },
    ];
    expect(decided({ context: { notices, assessments }, person, later: `${at}delivered` }).codes).toEqual([]);
    expect(decided({ context: { notices, assessments }, person, later: `${at}sent` }).codes).toEqual([
      'new-not-delivered',
    ]);
    expect(
      decided({ context: { notices, assessments }, person, later: 'web@2~2026-11-01~delivered' }).codes,
    ).toEqual(['new-too-soon']);
    expect(decided({ context: { notices, assessments }, person, later: 'web@2~?~delivered' }).codes).toEqual([
      'new-too-soon',
    ]);
    expect(decided({ context: { notices, assessments }, later: `${at}delivered` }).codes).toEqual([
      'consent-missing',
    ]);
  });
  it('data collected on consent needs fresh consent for what is new', () => {
    const notices = [{ ...notice, statements: [], collectedOn: 'eu-gdpr:A6-1-a' }, later({})];
    const at = 'web@2~2026-10-01~sent';
    expect(decided({ context: { notices }, later: at }).codes).toEqual(['consent-missing']);
    expect(
      decided({ context: { notices }, later: at, person: { permissions: [{ ...given, notice: 'web@2' }] } })
        .codes,
    ).toEqual([]);
    const column = { consent: 'partners', notice: null, given: true, received: cutOff - hour };
    expect(
      decided({ context: { notices }, later: at, person: { permissions: [], consents: [column] } }).codes,
    ).toEqual(['consent-missing']);
  });
  it('told again after it was dropped, it is new', () => {
    const notices = [notice, later({ statements: [] }), later({ id: 'web@3' })];
    expect(
      decided({ context: { notices }, later: 'web@2~2026-03-01~delivered|web@3~2026-06-01~delivered' }).codes,
    ).toEqual(['new-needs-assessment']);
  });
  it('an unknown notice shown later refuses', () => {
    expect(decided({ later: `nobody-knows~${day}~delivered` }).codes).toEqual(['notice-unknown']);
  });
  it('a promise binds under later notices until fresh consent to the very thing', () => {
    const never: Statement = {
      ...statement,
      id: 'never',
      kind: 'never',
      purposes: null,
      recipients: null,
      data: null,
      contactChannels: null,
      basis: null,
      retention: null,
    };
    const notices = [{ ...notice, statements: [statement, never] }, later({})];
    const at = 'web@2~2026-03-01~delivered';
    expect(decided({ context: { notices } }).codes).toEqual(['promised-never']);
    expect(decided({ context: { notices }, later: at }).codes).toEqual(['consent-missing']);
    expect(
      decided({
        context: { notices },
        later: at,
        person: { permissions: [given, { ...given, notice: 'web@2' }] },
      }).codes,
    ).toEqual([]);
  });
});

describe('the request', () => {
  const asked = (changed: Partial<typeof request>) => ({ context: { request: { ...request, ...changed } } });
  it('an unknown purpose refuses', () => {
    expect(decided(asked({ purposes: ['dpv:Marketingg'] })).codes).toEqual(
      expect.arrayContaining(['term-unknown', 'beyond-agreement', 'purpose-not-told']),
    );
  });
  it('an empty audience refuses', () => {
    expect(decided(asked({ audience: null })).codes).toContain('audience-empty');
  });
  it('no purpose, no field, no channel, no controller: refused', () => {
    for (const empty of [
      { purposes: [] },
      { fields: [] },
      { contactChannels: [] },
      { chain: [] },
      { chain: [processor] },
    ]) {
      expect(decided(asked(empty)).codes).toContain('request-empty');
    }
  });
  it('an expired agreement, or none, refuses', () => {
    expect(
      decided({
        context: { agreement: { ...agreement, inForce: { from: '2025-01-01', until: '2026-11-20' } } },
      }).codes,
    ).toEqual(['agreement-not-in-force']);
    expect(decided({ context: { agreement: null } }).codes).toEqual(['document-missing']);
  });
  it('no rules for the date refuses', () => {
    expect(decided({ context: { rules: null } }).codes).toContain('no-rules');
    expect(decided({ context: { rules: { ...rules, rules: rules.rules.slice(1) } } }).codes).toContain(
      'no-rules',
    );
    expect(decided({ context: { day: '1998-07-15' } }).codes).toContain('no-rules');
  });
  it('the broker told but not the client refuses', () => {
    const recipients = {
      organisations: ['printer'],
      categories: ['mailing-house'],
      quote: quote('our mailing house'),
    };
    expect(
      decided({ context: { notices: [{ ...notice, statements: [{ ...statement, recipients }] }] } }).codes,
    ).toEqual(['party-not-told']);
  });
  it.each([{ keeps: true }, { enriches: true }, { profits: true }, { keeps: null }])(
    'a processor that keeps the data is a controller: %o',
    (acts) => {
      const codes = decided(asked({ chain: [{ ...processor, ...acts }, controller] })).codes;
      expect(codes).toEqual(
        expect.arrayContaining(['processor-acts-as-controller', 'basis-missing', 'party-not-told']),
      );
    },
  );
  it('a party outside the register, or not yet in it, refuses', () => {
    expect(
      decided({ context: { organisations: organisations.filter((o) => o.id !== 'printer') } }).codes,
    ).toContain('party-unknown');
    expect(
      decided({ context: { organisations: organisations.map((o) => ({ ...o, from: '2026-12-01' })) } }).codes,
    ).toContain('party-unknown');
  });
  it('absent duties or freezes refuse, and so do an overdue duty and a freeze', () => {
    expect(decided({ context: { duties: null } }).codes).toEqual(['document-missing']);
    expect(decided({ context: { freezes: null } }).codes).toEqual(['document-missing']);
    expect(
      decided({ context: { duties: [{ party: 'acme', what: 'delete', due: '2026-11-20', done: null }] } })
        .codes,
    ).toEqual(['duty-overdue']);
    const freeze = { party: null, purpose: null, from: '2026-11-01', until: null, why: 'x' };
    expect(decided({ context: { freezes: [freeze] } }).codes).toEqual(['frozen']);
    expect(decided({ context: { freezes: [{ ...freeze, party: 'acme-loans' }] } }).codes).toEqual(['frozen']);
    expect(decided({ context: { freezes: [{ ...freeze, party: 'party' }] } }).codes).toEqual([]);
  });
  it('a stale, unreadable or absent suppression list refuses the whole request', () => {
    const changed = (f: (l: (typeof context.lists)[number]) => (typeof context.lists)[number]) => ({
      context: { lists: context.lists.map((l) => (l.list.id === 'mps' ? f(l) : l)) },
    });
    expect(
      decided(changed((l) => ({ ...l, list: { ...l.list, allowedAge: { months: 0, days: 59 } } }))).codes,
    ).toEqual(['list-stale']);
    expect(decided(changed((l) => ({ ...l, list: { ...l.list, fileDate: null } }))).codes).toEqual([
      'list-stale',
    ]);
    expect(decided(changed((l) => ({ ...l, readable: false }))).codes).toEqual(['list-unreadable']);
    expect(
      decided({ context: { lists: context.lists.filter((l) => l.list.kind !== 'baby-mps') } }).codes,
    ).toEqual(['list-missing']);
  });
  it('a birth date in full is not necessary', () => {
    expect(decided(asked({ fields: [{ field: 'child_born', as: null, name: 'born' }] })).codes).toEqual([
      'not-necessary',
    ]);
  });
  it('a release needs the approval of someone else, for this very request, with a reason', () => {
    const ok = {
      request: 'offer',
      requestDigest: 'r',
      by: 'b',
      on: day,
      lawfulBecause: 'they asked for it',
      digest: 'ap',
    };
    const with_ = (a: typeof ok | null) =>
      decided({ context: { approval: { required: true, given: a } } }).codes;
    expect(with_(ok)).toEqual([]);
    for (const bad of [
      null,
      { ...ok, requestDigest: 'x' },
      { ...ok, by: 'a' },
      { ...ok, on: '2026-11-22' },
      { ...ok, lawfulBecause: ' ' },
    ]) {
      expect(with_(bad)).toEqual(['not-approved']);
    }
  });
  it('special category data need explicit consent', () => {
    const implied = { ...source, implies: [{ term: 'pd:Health', of: 'person' as const }] };
    expect(decided({ context: { source: implied } }).codes).toContain('special-category');
  });
  it('legitimate interests need an assessment in force', () => {
    const basis = 'eu-gdpr:A6-1-f';
    const world = {
      request: { ...request, disclosureBasis: basis },
      agreement: { ...agreement, bases: [basis, 'eu-gdpr:A6-1-a'] },
      notices: [
        {
          ...notice,
          statements: [
            {
              ...statement,
              basis: { terms: [basis, 'eu-gdpr:A6-1-a'], consent: 'partners', quote: quote('') },
            },
          ],
        },
      ],
    };
    expect(decided({ context: world }).codes).toEqual(['assessment-missing']);
  });
  it('preference events that cannot be read refuse everyone', () => {
    expect(decided({ context: { preferencesReadable: false } }).codes).toEqual(['preferences-unreadable']);
  });
});

describe('the person', () => {
  it.each([
    ['opt-out', { kind: 'opt-out' as const }, 'consent-not-opt-in'],
    ['soft', { kind: 'soft' as const }, 'consent-not-opt-in'],
    ['bundled', { bundled: true }, 'consent-not-opt-in'],
    ['for another purpose', { purposes: ['dpv:DeliveryOfGoods'] }, 'consent-invalid'],
    ['silent on the controller', { controllers: [] }, 'consent-invalid'],
    [
      'naming the controller nowhere in its words',
      { wording: quote('Tick here if our partners may write to you.') },
      'consent-invalid',
    ],
  ])('a consent that is %s does not count', (_, changed, code) => {
    expect(
      decided({ context: { notices: [{ ...notice, consents: [{ ...consent, ...changed }] }] } }).codes,
    ).toEqual([code]);
  });
  it('a missing consent column, or no consent event, refuses', () => {
    expect(decided({ person: { permissions: [] } }).codes).toEqual(['consent-missing']);
    expect(decided({ person: { permissions: [{ ...given, consent: 'another' }] } }).codes).toEqual([
      'consent-missing',
    ]);
    expect(decided({ person: { permissions: [{ ...given, notice: 'web@0' }] } }).codes).toEqual([
      'consent-missing',
    ]);
    expect(decided({ person: { permissions: [{ ...given, received: null }] } }).codes).toEqual([
      'consent-missing',
    ]);
    expect(decided({ person: { permissions: [{ ...given, signed: null }] } }).codes).toEqual([
      'consent-missing',
    ]);
    expect(decided({ person: { permissions: [{ ...given, received: cutOff }] } }).codes).toEqual([
      'consent-missing',
    ]);
  });
  it('null in every column refuses', () => {
    const nothing = {
      values: new Map(),
      children: [],
      permissions: [],
      collectedOn: new Map(),
      deceased: null,
      goneAway: null,
    };
    expect(decided({ person: nothing, base: '', later: '' }).codes).toEqual(
      expect.arrayContaining([
        'no-notice',
        'origin-unknown',
        'not-in-audience',
        'audience-unreadable',
        'deceased',
        'gone-away',
        'no-contact',
      ]),
    );
  });
  it('a stop one second before the cut-off refuses, and so does one at it; one after does not', () => {
    const at = (ms: number) => decided({ person: { stops: [{ ...stop, from: ms, received: ms }] } }).codes;
    expect(at(cutOff - 1000)).toEqual(['stopped']);
    expect(at(cutOff)).toEqual(['stopped']);
    expect(at(cutOff + 1)).toEqual([]);
    expect(decided({ person: { stops: [{ ...stop, from: null, received: null }] } }).codes).toEqual([
      'stopped',
    ]);
  });
  it('a card signed before a stop and keyed after it lifts nothing', () => {
    const scope = {
      purpose: 'dpv:DirectMarketing',
      organisation: 'acme',
      contactChannel: 'post',
      field: 'all',
    };
    const said = { ...stop, scope, from: cutOff - 10 * hour, received: cutOff - 10 * hour };
    const card = { ...given, event: 'c2', scope, received: cutOff - hour };
    const keyedAfter = (signed: number) =>
      decided({ person: { stops: [said], permissions: [given, { ...card, signed }] } }).codes;
    expect(keyedAfter(cutOff - 11 * hour)).toEqual(['stopped']);
    expect(keyedAfter(cutOff - 10 * hour)).toEqual(['stopped']);
    expect(keyedAfter(cutOff - 9 * hour)).toEqual([]);
  });
  it('only the identical scope lifts a stop, and a stop of everything only an act that showed it', () => {
    const scope = {
      purpose: 'dpv:DirectMarketing',
      organisation: 'acme',
      contactChannel: 'post',
      field: 'all',
    };
    const said = { ...stop, scope, from: cutOff - 10 * hour, received: cutOff - 10 * hour };
    const yes = { ...given, event: 'c2', signed: cutOff - hour, received: cutOff - hour };
    expect(
      decided({
        person: {
          stops: [said],
          permissions: [given, { ...yes, scope: { ...scope, contactChannel: 'all' } }],
        },
      }).codes,
    ).toEqual(['stopped']);
    expect(decided({ person: { stops: [stop], permissions: [given, yes] } }).codes).toEqual(['stopped']);
    const lift = { ...yes, kind: 'lift' as const, consent: null, notice: null };
    expect(
      decided({ person: { stops: [stop], permissions: [given, { ...lift, lifts: 'another' }] } }).codes,
    ).toEqual(['stopped']);
    expect(
      decided({ person: { stops: [stop], permissions: [given, { ...lift, lifts: stop.event }] } }).codes,
    ).toEqual([]);
  });
  it.each([
    [{ purpose: 'dpv:DirectMarketing' }, true],
    [{ purpose: 'dpv:Marketing' }, true],
    [{ purpose: 'dpv:PoliticalCampaign' }, false],
    [{ purpose: 'dpv:AcademicResearch' }, false],
    [{ purpose: 'no such purpose' }, true],
    [{ organisation: 'acme' }, true],
    [{ organisation: 'acme-loans' }, true],
    [{ organisation: 'club' }, true],
    [{ organisation: 'printer' }, true],
    [{ organisation: 'party' }, false],
    [{ organisation: 'nobody' }, true],
    [{ contactChannel: 'post' }, true],
    [{ contactChannel: 'email' }, false],
    [{ contactChannel: 'pigeon' }, true],
    [{ field: 'pd:PhysicalAddress' }, true],
    [{ field: 'email' }, false],
    [{ field: 'postcode' }, true],
    [{ field: 'whatever' }, true],
  ])('the scope %o meets the request: %s', (part, meets) => {
    expect(decided({ person: { stops: [{ ...stop, scope: { ...stop.scope, ...part } }] } }).codes).toEqual(
      meets ? ['stopped'] : [],
    );
  });
  it('an objection to direct marketing meets a political campaign, which is direct marketing', () => {
    const asked = { ...request, purposes: ['dpv:PoliticalCampaign'] };
    const scope = { ...stop.scope, purpose: 'dpv:DirectMarketing' };
    expect(decided({ context: { request: asked }, person: { stops: [{ ...stop, scope }] } }).codes).toContain(
      'stopped',
    );
  });
  it('a second record of the same person is stopped with the first', () => {
    expect(decided({ person: { stops: [{ ...stop, relation: 'linked' }] } }).codes).toEqual([
      'stopped-other-record',
    ]);
    expect(decided({ person: { stops: [{ ...stop, relation: 'plausible' }] } }).codes).toEqual([
      'stopped-plausible',
    ]);
  });
  it('a suppression match refuses, and a near one too', () => {
    expect(decided({ person: { lists: [{ list: 'mps', match: 'exact' }] } }).codes).toEqual([
      'suppressed-mps',
    ]);
    expect(decided({ person: { lists: [{ list: 'baby', match: 'near' }] } }).codes).toEqual([
      'suppressed-near',
    ]);
  });
  it('a child who died, is unknown or has no date never satisfies an age test', () => {
    const child = (state: 'living' | 'died' | 'unknown', born: string | null) =>
      decided({
        person: { children: [{ state, born }], values: new Map([...person.values, ['child_born', born]]) },
      }).codes;
    expect(child('living', '2024-03-01')).toEqual([]);
    expect(child('died', '2024-03-01')).toEqual(['not-in-audience']);
    expect(child('unknown', '2024-03-01')).toEqual(['not-in-audience', 'audience-unreadable']);
    expect(child('living', null)).toEqual(['not-in-audience', 'audience-unreadable']);
    expect(child('living', '2021-11-21')).toEqual(['not-in-audience']);
    expect(child('living', '2021-11-22')).toEqual([]);
    expect(child('living', '2026-11-22')).toEqual(['not-in-audience']);
  });
  it('retention runs to the end of the use, from an anchor that is there', () => {
    const at = (on: string | null) => decided({ person: { collectedOn: new Map([['joined', on]]) } }).codes;
    expect(at('2022-01-31')).toEqual([]);
    expect(at('2022-01-30')).toEqual(['retention-over']);
    expect(at(null)).toEqual(['retention-anchor-missing']);
  });
  it('deceased, gone away, no address: each refuses with its reason', () => {
    expect(decided({ person: { deceased: true } }).codes).toEqual(['deceased']);
    expect(decided({ person: { goneAway: true } }).codes).toEqual(['gone-away']);
    expect(decided({ person: { values: new Map([...person.values, ['line', null]]) } }).codes).toEqual([
      'no-contact',
    ]);
  });
  it('under age, or of unknown age, refuses where the source knows ages', () => {
    const aged = { ...source, roles: { ...source.roles, birthDate: 'born' } };
    const at = (born: string | null) =>
      decided({ context: { source: aged }, person: { values: new Map([...person.values, ['born', born]]) } })
        .codes;
    expect(at('2008-11-21')).toEqual([]);
    expect(at('2008-11-22')).toEqual(['under-age']);
    expect(at(null)).toEqual(['under-age']);
  });
});

describe('what a second look found open', () => {
  const never: Statement = {
    ...statement,
    id: 'never',
    kind: 'never',
    purposes: null,
    recipients: null,
    data: null,
    contactChannels: null,
    basis: null,
    retention: null,
  };
  const asked = (changed: Partial<typeof request>) => ({ context: { request: { ...request, ...changed } } });

  it('a use that is over holds no rule back: retention, lists and the agreement run to the day of release at least', () => {
    const use = { use: { from: '2020-01-01', until: '2020-01-31' }, deleteBy: '2020-02-01' };
    expect(decided(asked(use)).codes).toContain('beyond-agreement');
    expect(
      decided({ ...asked(use), person: { collectedOn: new Map([['joined', '2021-11-20']]) } }).codes,
    ).toContain('retention-over');
    const old = context.lists.map((l) => ({ ...l, list: { ...l.list, fileDate: '2019-12-01' } }));
    expect(decided({ context: { request: { ...request, ...use }, lists: old } }).codes).toContain(
      'list-stale',
    );
  });
  it('a recorded notice that was not yet shown, no longer shown, or on an unknown day is contradicted', () => {
    const dated = { ...source, collections: source.collections.map((c) => ({ ...c, date: 'joined' })) };
    const on = (day: string | null) =>
      decided({ context: { source: dated }, person: { collectedOn: new Map([['joined', day]]) } }).codes;
    expect(on('2025-06-01')).toEqual([]);
    expect(on('2024-12-31')).toEqual(['notice-unknown']);
    expect(on(null)).toEqual(['notice-unknown', 'retention-anchor-missing']);
    const ended = { ...notice, shown: { from: '2025-01-01', until: '2025-03-31' } };
    expect(decided({ context: { source: dated, notices: [ended] } }).codes).toEqual(['notice-unknown']);
  });
  it('a later notice presented before there was one is contradicted', () => {
    expect(
      decided({ context: { notices: [notice, later({})] }, later: 'web@2~2025-12-31~delivered' }).codes,
    ).toEqual(['notice-unknown']);
  });
  it('a bounce cancels the delivery it follows', () => {
    const assessments = [compatibility('club')];
    const world = { notices: [{ ...notice, statements: [] }, later({})], assessments };
    const person = { permissions: [{ ...given, notice: 'web@2' }] };
    expect(decided({ context: world, person, later: 'web@2~2026-03-01~delivered' }).codes).toEqual([]);
    expect(
      decided({ context: world, person, later: 'web@2~2026-03-01~delivered|web@2~2026-03-04~bounced' }).codes,
    ).toEqual(['new-not-delivered']);
  });
  it('an assessment of compatibility is the supplier’s, and of the purpose asked', () => {
    const world = { notices: [{ ...notice, statements: [] }, later({})] };
    const at = {
      person: { permissions: [{ ...given, notice: 'web@2' }] },
      later: 'web@2~2026-03-01~delivered',
    };
    expect(decided({ ...at, context: { ...world, assessments: [compatibility('acme')] } }).codes).toEqual([
      'new-needs-assessment',
    ]);
    const another = { ...compatibility('club'), purposes: ['astold:AskAgain', 'astold:Profiling'] };
    expect(decided({ ...at, context: { ...world, assessments: [another] } }).codes).toEqual([
      'new-needs-assessment',
    ]);
  });
  it('a later notice that tells a shorter retention shortens it', () => {
    const shorter = {
      ...statement,
      retention: {
        told: { kind: 'until' as const, date: '2026-12-31' },
        quote: quote('until the end of 2026'),
      },
    };
    const notices = [notice, later({ statements: [shorter] })];
    expect(decided({ context: { notices }, later: 'web@2~2026-03-01~sent' }).codes).toEqual([
      'retention-over',
    ]);
  });
  it('an old version presented again makes no old consent fresh', () => {
    const notices = [{ ...notice, collectedOn: 'eu-gdpr:A6-1-a' }, later({ statements: [] })];
    const again = 'web@2~2026-03-01~delivered|web@1~2026-06-01~delivered';
    expect(decided({ context: { notices }, later: again }).codes).toEqual(['consent-missing']);
  });
  it('what was signed before the version existed is no consent to it', () => {
    const notices = [{ ...notice, statements: [], collectedOn: 'eu-gdpr:A6-1-a' }, later({})];
    const at = (signed: string) =>
      decided({
        context: { notices },
        later: 'web@2~2026-03-01~sent',
        person: { permissions: [{ ...given, notice: 'web@2', signed: Date.parse(signed) }] },
      }).codes;
    expect(at('2026-01-01T00:00:00Z')).toEqual([]);
    expect(at('2025-12-31T22:00:00Z')).toEqual(['consent-missing']);
  });
  it('of one day, what drops comes after what tells', () => {
    const notices = [notice, later({ id: 'web@2' }), later({ id: 'a@1', statements: [] })];
    expect(
      decided({ context: { notices }, later: 'a@1~2026-03-01~sent|web@2~2026-03-01~sent' }).codes,
    ).toEqual(['dropped-later']);
  });
  it('a notice shown before the record was collected adds nothing, and takes away', () => {
    const adds = [{ ...notice, statements: [], collectedOn: 'eu-gdpr:A6-1-a' }, later({})];
    const consented = { permissions: [{ ...given, notice: 'web@2' }] };
    expect(
      decided({ context: { notices: adds }, person: consented, later: 'web@2~2026-03-01~earlier' }).codes,
    ).toContain('purpose-not-told');
    expect(
      decided({
        context: { notices: [notice, later({ statements: [never] })] },
        later: 'web@2~2026-03-01~earlier',
      }).codes,
    ).toEqual(['promised-never', 'dropped-later']);
  });
  it('a promise made for another field group of the record binds too', () => {
    const two = {
      ...source,
      collections: [
        ...source.collections,
        { ...(source.collections[0] as (typeof source.collections)[number]), id: 'survey' },
      ],
    };
    expect(decided({ context: { source: two } }).codes).toEqual([]);
    expect(
      decided({ context: { source: two, notices: [{ ...notice, statements: [statement, never] }] } }).codes,
    ).toEqual(['promised-never']);
  });
  it('a party that stands in the chain twice is refused', () => {
    const twice = [
      controller,
      { ...controller, role: 'processor' as const, basis: null, keeps: false, profits: false },
      processor,
    ];
    expect(decided(asked({ chain: twice })).codes).toContain('request-empty');
  });
  it('the approver is someone else, however the name is written', () => {
    const given = {
      request: 'offer',
      requestDigest: 'r',
      by: 'A. ',
      on: day,
      lawfulBecause: 'x',
      digest: 'ap',
    };
    expect(decided({ context: { approval: { required: true, given } } }).codes).toEqual(['not-approved']);
  });
  it('only a consent that counts lifts a stop', () => {
    const scope = {
      purpose: 'dpv:DirectMarketing',
      organisation: 'acme',
      contactChannel: 'post',
      field: 'all',
    };
    const said = { ...stop, scope, from: cutOff - 10 * hour, received: cutOff - 10 * hour };
    const card = { ...given, event: 'c2', scope, signed: cutOff - hour, received: cutOff - hour };
    const keyed = (changed: Partial<typeof card>) =>
      decided({ person: { stops: [said], permissions: [given, { ...card, ...changed } as typeof card] } })
        .codes;
    const cards: readonly object[] = [
      { notice: null, consent: null },
      { notice: 'web@9' },
      { consent: 'no such box' },
    ];
    expect(keyed({})).toEqual([]);
    for (const changed of cards) expect(keyed(changed)).toEqual(['stopped']);
  });
  it('what is signed after it was received, or collected on a day to come, proves nothing', () => {
    expect(decided({ person: { permissions: [{ ...given, signed: cutOff + 1 }] } }).codes).toEqual([
      'consent-missing',
    ]);
    expect(decided({ person: { collectedOn: new Map([['joined', '2062-01-01']]) } }).codes).toEqual([
      'retention-anchor-missing',
    ]);
  });
  it('who cannot be matched with a list is not screened, and a list nobody can be matched with is not read', () => {
    expect(decided({ person: { lists: [{ list: 'mps', match: 'unmatchable' }] } }).codes).toEqual([
      'not-screened',
    ]);
    const nameless = { ...source, roles: { ...source.roles, surname: null } };
    expect(decided({ context: { source: nameless } }).codes).toEqual(['list-unreadable']);
  });
  it('no preference events on file is not the same as nobody having said stop', () => {
    expect(decided({ context: { source: { ...source, preferences: null } } }).codes).toEqual([
      'document-missing',
    ]);
  });
  it('a list of a day to come is stale', () => {
    const future = context.lists.map((l) => ({ ...l, list: { ...l.list, fileDate: '2099-01-01' } }));
    expect(decided({ context: { lists: future } }).codes).toEqual(['list-stale']);
  });
  it('a promise is lifted by consent to the very thing, not by another box of the later notice', () => {
    const other: typeof consent = { ...consent, id: 'another' };
    const notices = [{ ...notice, statements: [statement, never] }, later({ consents: [consent, other] })];
    const person = { permissions: [given, { ...given, notice: 'web@2', consent: 'another' }] };
    expect(decided({ context: { notices }, person, later: 'web@2~2026-03-01~delivered' }).codes).toEqual([
      'consent-missing',
    ]);
  });
  it('an only about the basis, or about how long, limits those', () => {
    const only: Statement = { ...never, kind: 'only' };
    const basis = {
      ...only,
      purposes: statement.purposes,
      basis: { terms: ['eu-gdpr:A6-1-b'], consent: null, quote: quote('only under contract') },
    };
    expect(decided(withNotice({ statements: [statement, basis] })).codes).toEqual(['promised-only']);
    const retention = {
      told: { kind: 'until' as const, date: '2026-12-31' },
      quote: quote('no longer than 2026'),
    };
    expect(decided(withNotice({ statements: [statement, { ...only, retention }] })).codes).toEqual([
      'retention-over',
    ]);
  });
  it.each([
    [
      'to processors',
      {
        recipients: {
          organisations: [],
          categories: ['dpv:DataProcessor'],
          quote: quote('never to those who work for us'),
        },
      },
    ],
    [
      'of a birth date, whoever’s',
      {
        data: { items: [{ term: 'pd:BirthDate', of: 'person' as const }], quote: quote('never birth dates') },
      },
    ],
    [
      'of family',
      {
        data: {
          items: [{ term: 'pd:Family', of: 'person' as const }],
          quote: quote('never about your family'),
        },
      },
    ],
  ])('a never %s binds', (_, part) => {
    expect(decided(withNotice({ statements: [statement, { ...never, ...part }] })).codes).toEqual([
      'promised-never',
    ]);
  });
  it('a never of family binds what is said of a child, though the list itself gives nothing away', () => {
    const family = {
      items: [{ term: 'pd:Family', of: 'person' as const }],
      quote: quote('never about your family'),
    };
    const statements = [statement, { ...never, data: family }];
    const plain = { ...source, implies: [] };
    expect(decided({ context: { source: plain } }).codes).toEqual([]);
    expect(decided({ context: { source: plain, notices: [{ ...notice, statements }] } }).codes).toEqual([
      'promised-never',
    ]);
  });
  it('a freeze of the selecting, or one that begins during the use, holds back', () => {
    const freeze = { party: null, purpose: 'astold:Profiling', from: '2026-01-01', until: null, why: 'x' };
    expect(decided({ context: { freezes: [freeze] } }).codes).toEqual(['frozen']);
    expect(
      decided({ context: { freezes: [{ ...freeze, purpose: null, from: '2026-12-05' }] } }).codes,
    ).toEqual(['frozen']);
    expect(
      decided({ context: { freezes: [{ ...freeze, purpose: null, from: '2027-01-01' }] } }).codes,
    ).toEqual([]);
  });
  it('an agreement or an assessment that ends during the use does not cover it', () => {
    expect(
      decided({
        context: { agreement: { ...agreement, inForce: { from: '2026-01-01', until: '2026-12-15' } } },
      }).codes,
    ).toEqual(['agreement-not-in-force']);
  });
  it('of two signed reconstructions both must tell', () => {
    const reconstruction = {
      collectedBy: 'paper' as const,
      from: '2025-01-01',
      until: '2025-12-31',
      signedOff: true,
    };
    const paper = { ...notice, collectedBy: ['paper' as const] };
    const collections = source.collections.map((c) => ({
      ...c,
      reconstructions: [
        { ...reconstruction, notice: 'p@1' },
        { ...reconstruction, notice: 'p@2' },
      ],
    }));
    const notices = [
      { ...paper, id: 'p@1' },
      { ...paper, id: 'p@2', statements: [{ ...statement, purposes: null }] },
    ];
    const at = {
      base: 'd:paper:2025-06-01^own',
      person: {
        permissions: [
          { ...given, notice: 'p@1' },
          { ...given, notice: 'p@2' },
        ],
      },
    };
    expect(decided({ ...at, context: { source: { ...source, collections }, notices } }).codes).toEqual([
      'purpose-not-told',
      'selection-not-told',
    ]);
  });
  it('a source with children’s data is screened against the Baby MPS, declared or not', () => {
    const plain = { ...source, implies: [], children: [] };
    const lists = context.lists.filter((l) => l.list.kind !== 'baby-mps');
    expect(decided({ context: { source: plain, lists } }).codes).toContain('list-missing');
  });
  it('explicit consent speaks of the special category data it is for', () => {
    const health = { field: 'health', as: null, name: 'health' };
    const world = (wording: string) => ({
      request: {
        ...request,
        fields: [health],
        disclosureBasis: 'eu-gdpr:A9-2-a',
        chain: [processor, { ...controller, basis: 'eu-gdpr:A9-2-a' }],
      },
      agreement: {
        ...agreement,
        bases: ['eu-gdpr:A9-2-a'],
        specialCategory: ['pd:Health'],
        data: [...agreement.data, { term: 'pd:Health', of: 'person' as const }],
      },
      rules: {
        ...rules,
        necessary: rules.necessary.map((n) => ({
          ...n,
          exact: [...n.exact, { term: 'pd:Health', of: 'person' as const }],
        })),
      },
      notices: [
        {
          ...notice,
          consents: [{ ...consent, wording: quote(wording) }],
          statements: [
            {
              ...statement,
              signedTerms: ['child', 'pd:Health'],
              basis: { terms: ['eu-gdpr:A9-2-a'], consent: 'partners', quote: quote('if you agree') },
              data: {
                items: [...(statement.data?.items ?? []), { term: 'pd:Health', of: 'person' as const }],
                quote: quote('your health, area, your child, and name'),
              },
            },
          ],
        },
      ],
    });
    expect(decided({ context: world('Tick here if Acme Toys Ltd may write to you.') }).codes).toEqual([
      'consent-invalid',
    ]);
    expect(
      decided({
        context: world('Tick here if Acme Toys Ltd may know of your health, your child and write to you.'),
      }).codes,
    ).toEqual([]);
  });
  it('a field is necessary for every purpose it goes for', () => {
    const necessary = [
      ...rules.necessary,
      {
        ...(rules.necessary[0] as (typeof rules.necessary)[number]),
        purposes: ['dpv:CommercialResearch'],
        coarse: [],
      },
    ];
    const two = {
      request: { ...request, purposes: ['dpv:DirectMarketing', 'dpv:CommercialResearch'] },
      rules: { ...rules, necessary },
    };
    expect(decided({ context: two }).codes).toContain('not-necessary');
  });
  it('a stop of everything in words nobody knows is lifted only by an act that showed it', () => {
    const scope = { purpose: 'offers', organisation: 'them', contactChannel: 'any', field: 'whatever' };
    const said = { ...stop, scope, from: cutOff - 10 * hour, received: cutOff - 10 * hour };
    const card = { ...given, event: 'c2', scope, signed: cutOff - hour, received: cutOff - hour };
    expect(decided({ person: { stops: [said], permissions: [given, card] } }).codes).toEqual(['stopped']);
  });
  it('a letter not yet resolved is not lifted by a consent', () => {
    const scope = {
      purpose: 'dpv:DirectMarketing',
      organisation: 'acme',
      contactChannel: 'post',
      field: 'all',
    };
    const said = {
      ...stop,
      scope,
      relation: 'plausible' as const,
      from: cutOff - 10 * hour,
      received: cutOff - 10 * hour,
    };
    const card = { ...given, event: 'c2', scope, signed: cutOff - hour, received: cutOff - hour };
    expect(decided({ person: { stops: [said], permissions: [given, card] } }).codes).toEqual([
      'stopped-plausible',
    ]);
  });
  it('a resolution ends what is plausible alone, and not at the very cut-off', () => {
    const at = (relation: 'own' | 'linked' | 'plausible', resolved: number | null) =>
      decided({ person: { stops: [{ ...stop, relation, resolved }] } }).codes;
    expect(at('plausible', cutOff - 1)).toEqual([]);
    for (const late of [cutOff, cutOff + 1, null])
      expect(at('plausible', late)).toEqual(['stopped-plausible']);
    expect(at('own', cutOff - 1)).toEqual(['stopped']);
    expect(at('linked', cutOff - 1)).toEqual(['stopped-other-record']);
  });
  it('an overdue duty of the group, or of the supplier, holds back', () => {
    for (const party of ['acme-loans', 'club']) {
      expect(
        decided({ context: { duties: [{ party, what: 'delete', due: '2026-11-20', done: null }] } }).codes,
      ).toEqual(['duty-overdue']);
    }
  });

  function compatibility(organisation: string) {
    return {
      id: 'c',
      kind: 'compatibility' as const,
      organisation,
      purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
      notice: 'web@2',
      inForce: { from: '2026-01-01', until: null },
      digest: 'c',
    };
  }
});
