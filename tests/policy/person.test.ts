/** What is decided of one person, at its edges (C1 to C8): each day and each instant on both sides. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import type { Permission, PersonFacts } from '../../src/policy/facts.ts';
import { judge } from '../../src/policy/judge.ts';
import type { ContactChannel, RetentionAnchor, Roles, Source } from '../../src/policy/model.ts';
import {
  agreement,
  consent,
  context,
  cutOff,
  day,
  decided,
  given,
  notice,
  person,
  quote,
  request,
  source,
  statement,
  stop,
} from './world.ts';

const hour = 3_600_000;
const begun = Date.parse('2024-12-31T23:00:00Z');
const valued = (values: Readonly<Record<string, string | null>>): Partial<PersonFacts> => ({
  values: new Map([...person.values, ...Object.entries(values)]),
});
const withRoles = (roles: Partial<Roles>) => ({ ...source, roles: { ...source.roles, ...roles } });

describe('a consent kept in a column', () => {
  const column = { consent: 'partners', notice: null, given: true, received: cutOff - hour } as const;
  const codes = (changed: Partial<PersonFacts['consents'][number]>) =>
    decided({ person: { permissions: [], consents: [{ ...column, ...changed }] } }).codes;
  it('of the governing notice counts, and so does one of the version named', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ notice: 'web@1' })).toEqual([]);
  });
  it.each([
    ['not given', { given: false }],
    ['of another consent', { consent: 'another' }],
    ['of another version', { notice: 'web@2' }],
    ['of no known time', { received: null }],
    ['at the cut-off', { received: cutOff }],
    ['before the version was first shown', { received: begun - 1 }],
  ])('%s does not', (_, changed) => {
    expect(codes(changed)).toEqual(['consent-missing']);
  });
  it('counts up to the last instant before the cut-off, from the first on which the version was shown', () => {
    expect(codes({ received: cutOff - 1 })).toEqual([]);
    expect(codes({ received: begun })).toEqual([]);
  });
});

describe('a consent given', () => {
  const codes = (changed: Partial<PersonFacts['permissions'][number]>) =>
    decided({ person: { permissions: [{ ...given, ...changed }] } }).codes;
  it('counts up to the last instant before the cut-off, from the first on which the version was shown', () => {
    expect(codes({ signed: begun, received: cutOff - 1 })).toEqual([]);
    expect(codes({ signed: begun - 1 })).toEqual(['consent-missing']);
    expect(codes({ signed: cutOff - 2, received: cutOff - 2 })).toEqual([]);
    expect(codes({ signed: cutOff - 1, received: cutOff - 2 })).toEqual(['consent-missing']);
  });
  it('is given by an act of consent, and no other', () => {
    expect(codes({ kind: 'lift' })).toEqual(['consent-missing']);
  });
});

describe('retention', () => {
  // All must be deleted by 31 January 2027.
  const told = (from: RetentionAnchor, months: number) => ({
    source: withRoles({ lastAct: 'acted', membershipEnd: 'left' }),
    notices: [
      {
        ...notice,
        statements: [
          {
            ...statement,
            retention: {
              told: { kind: 'period' as const, period: { months, days: 0 }, from },
              quote: quote('so long'),
            },
          },
        ],
      },
    ],
  });
  const codes = (from: RetentionAnchor, months: number, facts: Partial<PersonFacts>) =>
    decided({ context: told(from, months), person: facts }).codes;
  const [acted, left]: RetentionAnchor[] = [{ kind: 'last-act' }, { kind: 'end-of-membership' }];

  it('told until a day covers what is deleted on that day, and nothing after', () => {
    const until = (date: string) => ({
      ...notice,
      statements: [
        { ...statement, retention: { told: { kind: 'until' as const, date }, quote: quote('until then') } },
      ],
    });
    expect(decided({ context: { notices: [until('2027-01-31')] } }).codes).toEqual([]);
    expect(decided({ context: { notices: [until('2027-01-30')] } }).codes).toEqual(['retention-over']);
  });
  it('runs from the last act, or from the end of membership, of this person', () => {
    if (!acted || !left) throw new Error('no anchors');
    expect(codes(acted, 12, valued({ acted: '2026-01-31' }))).toEqual([]);
    expect(codes(acted, 12, valued({ acted: '2026-01-30' }))).toEqual(['retention-over']);
    expect(codes(left, 12, valued({ left: '2026-01-31' }))).toEqual([]);
    expect(codes(left, 12, valued({ left: '2026-01-30' }))).toEqual(['retention-over']);
    expect(codes(acted, 12, valued({ left: '2026-01-31' }))).toEqual(['retention-anchor-missing']);
    expect(codes(left, 12, valued({ acted: '2026-01-31' }))).toEqual(['retention-anchor-missing']);
  });
  it('never runs from an act or a collection yet to come, and may from an end of membership', () => {
    if (!acted || !left) throw new Error('no anchors');
    expect(codes(acted, 12, valued({ acted: day }))).toEqual([]);
    expect(codes(acted, 12, valued({ acted: '2026-11-22' }))).toEqual(['retention-anchor-missing']);
    const joined = (on: string) => ({ collectedOn: new Map([['joined', on]]) });
    expect(codes({ kind: 'collection' }, 12, joined(day))).toEqual([]);
    expect(codes({ kind: 'collection' }, 12, joined('2026-11-22'))).toEqual(['retention-anchor-missing']);
    expect(codes(left, 12, valued({ left: '2026-11-22' }))).toEqual([]);
  });
  it('runs from the birthday of the first child to reach it, or of the youngest', () => {
    const first: RetentionAnchor = { kind: 'child-birthday', years: 5 };
    const youngest: RetentionAnchor = { kind: 'youngest-child-birthday', years: 5 };
    const living = (born: string | null) => ({ born, state: 'living' as const });
    const two = { children: [living('2024-03-01'), living('2022-01-31')] };
    expect(codes(first, 0, two)).toEqual([]);
    expect(codes(youngest, 0, two)).toEqual([]);
    const older = { children: [living('2024-03-01'), living('2022-01-30')] };
    expect(codes(first, 0, older)).toEqual(['retention-over']);
    expect(codes(youngest, 0, older)).toEqual([]);
    const died = { children: [living('2024-03-01'), { born: '2021-01-01', state: 'died' as const }] };
    expect(codes(first, 0, died)).toEqual([]);
    const onlyDied = { children: [{ born: '2024-03-01', state: 'died' as const }] };
    expect(codes(youngest, 0, onlyDied)).toContain('retention-anchor-missing');
    const unknown = { children: [living('2024-03-01'), { born: null, state: 'unknown' as const }] };
    expect(codes(first, 0, unknown)).toContain('retention-anchor-missing');
  });
});

describe('state', () => {
  it('what cannot be read of having died, or gone away, refuses as if it were so', () => {
    expect(decided({ person: { deceased: null } }).codes).toEqual(['deceased']);
    expect(decided({ person: { goneAway: null } }).codes).toEqual(['gone-away']);
  });
  const by = (channels: readonly ContactChannel[]) => ({
    request: { ...request, contactChannels: channels },
    agreement: { ...agreement, contactChannels: channels },
    rules: context.rules && { ...context.rules, requiredLists: [] },
    source: withRoles({ phone: 'phone' }),
  });
  const reached = (channels: readonly ContactChannel[], values: Readonly<Record<string, string | null>>) =>
    decided({ context: by(channels), person: valued(values) })
      .findings.filter((f) => f.reason === 'no-contact')
      .map((f) => f.detail);
  it.each([
    ['post', 'line', 'address'],
    ['post', 'postcode', 'address'],
    ['email', 'email', 'email'],
    ['online-audience', 'email', 'email'],
    ['sms', 'phone', 'phone'],
    ['call', 'phone', 'phone'],
    ['automated-call', 'phone', 'phone'],
  ] as const)('%s needs %s', (channel, field, need) => {
    const all = { email: 'ann@example.org', phone: '07700 900123' };
    expect(reached([channel], all)).toEqual([]);
    expect(reached([channel], { ...all, [field]: null })).toEqual([need]);
  });
  it('every way of contact asked has its need, each once', () => {
    expect(reached(['sms', 'call', 'post', 'email'], { line: null })).toEqual(['phone', 'address', 'email']);
  });
});

describe('suppression lists', () => {
  const match = (list: string, how: 'exact' | 'near' | 'unmatchable') => ({
    person: { lists: [{ list, match: how }] },
  });
  it('give each its own reason', () => {
    const kinds = (['own', 'mps', 'baby-mps', 'tps', 'ctps'] as const).map((kind) => ({
      list: { ...(context.lists[0]?.list as NonNullable<(typeof context.lists)[0]>['list']), id: kind, kind },
      readable: true,
    }));
    const world = {
      lists: kinds,
      request: { ...request, contactChannels: ['post', 'call'] as const },
    };
    const codes = (kind: string) =>
      decided({ context: world, ...match(kind, 'exact') }).codes.filter((c) => c.startsWith('suppressed'));
    expect(codes('own')).toEqual(['suppressed-own']);
    expect(codes('mps')).toEqual(['suppressed-mps']);
    expect(codes('baby-mps')).toEqual(['suppressed-baby-mps']);
    expect(codes('tps')).toEqual(['suppressed-tps']);
    expect(codes('ctps')).toEqual(['suppressed-tps']);
  });
  it('refuse who cannot be screened, and leave alone who is on a list that is not asked', () => {
    expect(decided(match('mps', 'unmatchable')).codes).toEqual(['not-screened']);
    expect(decided(match('another', 'exact')).codes).toEqual([]);
  });
});

describe('several collections', () => {
  const two: Source = {
    ...source,
    collections: source.collections.flatMap((c) => [c, { ...c, id: 'kids' }]),
  };
  const both = { ...context, source: two };
  const keys = (base: string) => [
    { collection: 'joined', base: 'v:web@1^own', later: '' },
    { collection: 'kids', base, later: '' },
  ];
  const at = (base: string, verdicts: readonly string[]) => {
    const judgement = judge(both, keys(base));
    const known = judgement.assignments.filter((a) => verdicts.includes(a.collection));
    return decide(judgement, two, person, new Map(known.map((a) => [a.collection, a.verdict])));
  };
  it('a collection of which no history is known refuses', () => {
    expect(at('v:web@1^own', ['joined', 'kids']).bits).toBe(0n);
    const half = at('v:web@1^own', ['joined']);
    expect(half.findings.map((f) => [f.reason, f.detail])).toEqual([
      ['no-notice', 'nothing is known of kids'],
    ]);
    expect(half.known).toBe('unknown');
  });
  it('the notice is known as well as that of the collection that is known least', () => {
    const kids = {
      ...two,
      fields: two.fields.map((f) => (f.name === 'child_born' ? { ...f, collection: 'kids' } : f)),
    };
    const judgement = judge({ ...both, source: kids }, keys('d:web:2025-06-01^own'));
    const verdicts = new Map(judgement.assignments.map((a) => [a.collection, a.verdict]));
    expect(decide(judgement, kids, person, verdicts).known).toBe('derived');
    expect(decide(judgement, kids, person, new Map([...verdicts].reverse())).known).toBe('derived');
  });
});

describe('a judgement that lacks what it points at', () => {
  const judgement = judge(context, [{ collection: 'joined', base: 'v:web@1^own', later: '' }]);
  const verdict = new Map([['joined', 0]]);
  const codes = (changed: Partial<typeof judgement>) =>
    decide({ ...judgement, ...changed }, source, person, verdict).findings.map((f) => f.reason);
  it('refuses, and never takes a missing condition for one that holds', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ conditionSets: [] })).toEqual(['consent-missing']);
    expect(codes({ conditionSets: judgement.conditionSets.map(() => [[]]) })).toEqual(['consent-missing']);
    expect(codes({ consents: [] })).toContain('consent-missing');
    expect(codes({ retentions: [] })).toContain('retention-anchor-missing');
  });
  it('holds where one of two ways holds, and otherwise says what each lacks', () => {
    const clause = [
      { consent: 0, retention: null },
      { consent: null, retention: 0 },
    ];
    const sets = { conditionSets: judgement.conditionSets.map(() => [clause]) };
    const told = { kind: 'until' as const, date: '2000-01-01' };
    expect(codes(sets)).toEqual([]);
    expect(codes({ ...sets, consents: [] })).toEqual([]);
    expect(codes({ ...sets, retentions: [{ collection: 'joined', told }] })).toEqual([]);
    expect(codes({ ...sets, consents: [], retentions: [{ collection: 'joined', told }] })).toEqual([
      'consent-missing',
      'retention-over',
    ]);
  });
});

describe('an act that showed a stop', () => {
  const act = { ...given, event: 'l1', kind: 'lift' as const, consent: null, notice: null, lifts: 'e1' };
  const codes = (changed: Partial<Permission>, said: Partial<typeof stop> = {}) =>
    decided({
      person: {
        stops: [{ ...stop, ...said }],
        permissions: [given, { ...act, signed: cutOff - hour, received: cutOff - hour, ...changed }],
      },
    }).codes;
  it('lifts it, and not one received at the instant it was signed, or at no known time', () => {
    expect(codes({})).toEqual([]);
    expect(codes({}, { received: cutOff - hour })).toEqual(['stopped']);
    expect(codes({}, { received: cutOff - hour - 1 })).toEqual([]);
    expect(codes({}, { received: null })).toEqual(['stopped']);
  });
  it('lifts nothing once it is received at the cut-off, or at no known time', () => {
    expect(codes({ received: cutOff })).toEqual(['stopped']);
    expect(codes({ received: null })).toEqual(['stopped']);
    expect(codes({ signed: null })).toEqual(['stopped']);
    expect(codes({ lifts: null })).toEqual(['stopped']);
  });
  it('and a consent lifts a stop only where every part of the scope is the same', () => {
    const scope = {
      purpose: 'dpv:DirectMarketing',
      organisation: 'acme',
      contactChannel: 'post',
      field: 'surname',
    };
    const yes = { ...given, event: 'c2', signed: cutOff - hour, received: cutOff - hour };
    const lifted = (changed: Partial<typeof scope>) =>
      decided({
        person: {
          stops: [{ ...stop, scope }],
          permissions: [given, { ...yes, scope: { ...scope, ...changed } }],
        },
      }).codes;
    expect(lifted({})).toEqual([]);
    for (const part of ['purpose', 'organisation', 'contactChannel', 'field'])
      expect(lifted({ [part]: 'all' })).toEqual(['stopped']);
  });
  it('and a consent to letters lifts no stop of a request that would telephone too', () => {
    const scope = { ...stop.scope, organisation: 'acme' };
    const world = (channels: readonly ContactChannel[]) => ({
      context: {
        request: { ...request, contactChannels: channels },
        notices: [{ ...notice, consents: [{ ...consent, contactChannels: ['post' as const] }] }],
      },
      person: {
        stops: [{ ...stop, scope }],
        permissions: [
          given,
          { ...given, event: 'c2', scope, signed: cutOff - hour, received: cutOff - hour },
        ],
      },
    });
    expect(decided(world(['post'])).codes).toEqual([]);
    expect(decided(world(['post', 'call'])).codes).toContain('stopped');
  });
});
