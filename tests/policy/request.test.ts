/** The rules about a request, each part on both sides of its line (A1, B1 to B5, B8, C9). */
import { describe, expect, it } from 'vitest';
import type { GateContext } from '../../src/policy/judgement.ts';
import type { Agreement, Assessment, Duty, Freeze, Party, Request } from '../../src/policy/model.ts';
import {
  agreement,
  context,
  controller,
  day,
  decided,
  notice,
  processor,
  quote,
  request,
  rules,
  source,
  statement,
} from './world.ts';

const details = (changed: Partial<GateContext>, code: string): readonly string[] =>
  decided({ context: changed })
    .findings.filter((f) => f.reason === code)
    .map((f) => f.detail);
const asked = (changed: Partial<Request>): Partial<GateContext> => ({ request: { ...request, ...changed } });
const under = (changed: Partial<Agreement>): Partial<GateContext> => ({
  agreement: { ...agreement, ...changed },
});

describe('what an agreement allows', () => {
  it('is said part by part', () => {
    const beyond = (changed: Partial<GateContext>) => details(changed, 'beyond-agreement');
    expect(beyond({})).toEqual([]);
    expect(beyond(under({ supplier: 'party' }))).toEqual(['the supplier is party']);
    expect(beyond(under({ purposes: ['dpv:Marketing'] }))).toEqual(['purpose dpv:DirectMarketing']);
    expect(beyond(under({ contactChannels: ['email'] }))).toEqual(['contact by post']);
    expect(beyond(under({ bases: ['eu-gdpr:A6-1-f'] }))).toEqual(['legal basis eu-gdpr:A6-1-a']);
    expect(beyond(under({ data: agreement.data.filter((d) => d.term !== 'pd:Name') }))).toEqual([
      'data surname',
    ]);
    expect(beyond(under({ data: agreement.data.filter((d) => d.of === 'person') }))).toEqual([
      'data child_born',
      'data child_born',
    ]);
  });
  it('a field given coarser is allowed by the field, or by what is given of it', () => {
    const band = [
      ...agreement.data.filter((d) => d.of === 'person'),
      { term: 'pd:AgeRange', of: 'child' } as const,
    ];
    const everyone = { audience: { kind: 'everyone' } as const };
    expect(details({ ...under({ data: band }), ...asked(everyone) }, 'beyond-agreement')).toEqual([]);
    expect(details({ ...under({}), ...asked(everyone) }, 'beyond-agreement')).toEqual([]);
  });
  it('the bases of those who decide are asked for, and not that of a processor', () => {
    const idle: Party = { ...processor, basis: 'eu-gdpr:A6-1-f' };
    expect(details(asked({ chain: [idle, controller] }), 'beyond-agreement')).toEqual([]);
    expect(details(asked({ disclosureBasis: null }), 'beyond-agreement')).toEqual([]);
  });
  it('a processor without processor terms refuses', () => {
    const bare = agreement.parties.map((p) => ({ ...p, processorTerms: false }));
    expect(details(under({ parties: bare }), 'processor-terms-missing')).toEqual(['printer']);
  });
  it('data are kept no longer than agreed, until a day or for a time from the release', () => {
    const kept = (retention: Agreement['retention']) => details(under({ retention }), 'beyond-agreement');
    expect(kept({ kind: 'until', date: '2027-01-30' })).toEqual([
      'kept until 2027-01-31, and the agreement allows 2027-01-30',
    ]);
    expect(kept({ kind: 'period', period: { months: 2, days: 10 } })).toEqual([]);
    expect(kept({ kind: 'period', period: { months: 2, days: 9 } })).toHaveLength(1);
  });
  it('a use that ends on the day of release is not over', () => {
    const use = (until: string) => details(asked({ use: { from: '2026-01-01', until } }), 'beyond-agreement');
    expect(use(day)).toEqual([]);
    expect(use('2026-11-20')).toEqual(['the use was to end on 2026-11-20']);
  });
});

describe('what a request names', () => {
  it('is in the vocabulary, each term', () => {
    const unknown = (changed: Partial<GateContext>) => details(changed, 'term-unknown');
    expect(unknown(asked({ purposes: ['dpv:Nonsense'] }))).toEqual(['dpv:Nonsense']);
    expect(unknown(asked({ disclosureBasis: 'eu-gdpr:A6-1-z' }))).toEqual(['eu-gdpr:A6-1-z']);
    expect(unknown(asked({ chain: [processor, { ...controller, basis: 'dpv:Nonsense' }] }))).toEqual([
      'dpv:Nonsense',
    ]);
    const odd = { ...source, implies: [{ term: 'pd:Nonsense', of: 'person' as const }] };
    expect(unknown({ source: odd })).toEqual(['pd:Nonsense']);
    expect(unknown(asked({ disclosureBasis: null }))).toEqual([]);
  });
  it('is mapped by the source, and children are asked for as a whole', () => {
    const empty = (field: Request['fields'][number], changed: Partial<GateContext> = {}) =>
      details({ ...asked({ fields: [field] }), ...changed }, 'request-empty');
    const under5 = { kind: 'child-under', years: 5 } as const;
    expect(empty({ field: 'surname', as: null, name: 'a' })).toEqual([]);
    expect(empty({ field: 'no_such', as: null, name: 'a' })).toEqual(['the source has no field no_such']);
    expect(empty({ field: 'children', as: under5, name: 'a' })).toEqual([]);
    expect(empty({ field: 'children', as: null, name: 'a' })).toEqual(['the source has no field children']);
    expect(empty({ field: 'surname', as: under5, name: 'a' })).toEqual(['the source has no field surname']);
    expect(
      empty({ field: 'children', as: under5, name: 'a' }, { source: { ...source, children: [] } }),
    ).toEqual(['the source has no field children']);
  });
});

describe('a processor that acts as a controller', () => {
  it('is told what it does, and what it does not say', () => {
    const why = (acts: Partial<Party>) =>
      details(asked({ chain: [{ ...processor, ...acts }, controller] }), 'processor-acts-as-controller');
    expect(why({})).toEqual([]);
    expect(why({ keeps: true })).toEqual(['printer keeps the data']);
    expect(why({ enriches: null, profits: true })).toEqual([
      'printer does not say whether it enriches the data, profits from the data',
    ]);
  });
});

describe('legal bases', () => {
  const interests = 'eu-gdpr:A6-1-f';
  const bases = [interests, 'eu-gdpr:A6-1-a'];
  const lia = (organisation: string, changed: Partial<Assessment> = {}): Assessment => ({
    id: organisation,
    kind: 'legitimate-interests',
    organisation,
    purposes: ['dpv:DirectMarketing'],
    notice: null,
    inForce: { from: '2026-01-01', until: '2026-12-31' },
    digest: 'lia',
    ...changed,
  });
  const on = (assessments: readonly Assessment[]): Partial<GateContext> => ({
    request: { ...request, disclosureBasis: interests },
    agreement: { ...agreement, bases },
    assessments,
  });
  const missing = (...assessments: readonly Assessment[]) => details(on(assessments), 'assessment-missing');
  it('legitimate interests are assessed by whoever claims them, for each purpose, until the end of the use', () => {
    expect(missing(lia('club'))).toEqual([]);
    expect(missing(lia('acme'))).toEqual(['club']);
    expect(missing(lia('club', { kind: 'compatibility' }))).toEqual(['club']);
    expect(missing(lia('club', { purposes: ['dpv:Marketing'] }))).toEqual(['club']);
    expect(missing(lia('club', { inForce: { from: '2026-01-01', until: '2026-12-30' } }))).toEqual(['club']);
    expect(missing(lia('club', { inForce: { from: '2026-11-22', until: null } }))).toEqual(['club']);
    const two = {
      ...on([lia('club')]),
      ...asked({ disclosureBasis: interests, purposes: ['dpv:DirectMarketing', 'dpv:CustomerCare'] }),
    };
    expect(details(two, 'assessment-missing')).toEqual(['club']);
  });
  it('a consent channel needs consent of every one who claims a basis', () => {
    const by = (changed: Partial<Request>) =>
      details(asked({ contactChannels: ['email'], ...changed }), 'channel-needs-consent');
    expect(by({})).toEqual([]);
    expect(by({ disclosureBasis: null })).toEqual(['contact by email']);
    expect(by({ disclosureBasis: interests })).toEqual(['contact by email']);
    expect(by({ chain: [{ ...controller, basis: interests }] })).toEqual(['contact by email']);
    expect(by({ contactChannels: ['post'], disclosureBasis: interests })).toEqual([]);
  });
  it('special category data need explicit consent of every one of them', () => {
    const health = { ...source, implies: [{ term: 'pd:Health', of: 'person' as const }] };
    const explicit = 'eu-gdpr:A9-2-a';
    const at = (disclosureBasis: string, basis: string) =>
      details(
        { source: health, ...asked({ disclosureBasis, chain: [{ ...controller, basis }] }) },
        'special-category',
      );
    expect(at(explicit, explicit)).toEqual([]);
    expect(at(explicit, 'eu-gdpr:A6-1-a')).toEqual(['(membership) pd:Health']);
    expect(at('eu-gdpr:A6-1-a', explicit)).toEqual(['(membership) pd:Health']);
  });
});

describe('what a purpose needs', () => {
  const needs = (changed: Partial<(typeof rules.necessary)[number]>) => ({
    rules: { ...rules, necessary: rules.necessary.map((n) => ({ ...n, ...changed })) },
  });
  const not = (changed: Partial<GateContext>) => details(changed, 'not-necessary');
  it('is asked by the way of contact, of which one is enough', () => {
    expect(not(needs({ contactChannels: ['email', 'post'] }))).toEqual([]);
    expect(not(needs({ contactChannels: ['email'] }))).not.toEqual([]);
  });
  it('is told by any one entry', () => {
    const more = [
      ...rules.necessary,
      { ...(rules.necessary[0] as (typeof rules.necessary)[number]), exact: [], coarse: [] },
    ];
    expect(not({ rules: { ...rules, necessary: more } })).toEqual([]);
  });
  it('is coarse where a field only selects, or is given coarser, and in full otherwise', () => {
    const area = { field: 'area', as: null, name: 'area' };
    expect(not(asked({ fields: [...request.fields, area] }))).toEqual(['area in full']);
    expect(not(needs({ coarse: [] }))).toEqual(['child_born', 'area', 'child_born']);
    const band = [
      { term: 'pd:AgeRange', of: 'child' as const },
      { term: 'pd:Location', of: 'person' as const },
    ];
    expect(not(needs({ coarse: band }))).toEqual(['child_born']);
    expect(not({ ...needs({ coarse: band }), ...asked({ audience: { kind: 'everyone' } }) })).toEqual([]);
  });
});

describe('duties and freezes', () => {
  const duty = (changed: Partial<Duty>): Partial<GateContext> => ({
    duties: [{ party: 'acme', what: 'delete', due: '2026-11-20', done: null, ...changed }],
  });
  it('a duty is overdue from the day after it was due until the day it was done', () => {
    const overdue = (changed: Partial<Duty>) => details(duty(changed), 'duty-overdue');
    expect(overdue({})).toEqual(['acme: delete, due 2026-11-20']);
    expect(overdue({ due: day })).toEqual([]);
    expect(overdue({ done: day })).toEqual([]);
    expect(overdue({ done: '2026-11-22' })).toHaveLength(1);
    expect(overdue({ party: 'party' })).toEqual([]);
    expect(overdue({ party: 'acme-loans' })).toHaveLength(1);
    expect(details({ duties: null }, 'document-missing')).toEqual(['duties.yaml']);
  });
  it('a freeze holds on any day from the release to the end of the use', () => {
    const frozen = (changed: Partial<Freeze>) =>
      details(
        { freezes: [{ party: null, purpose: null, from: day, until: null, why: 'why', ...changed }] },
        'frozen',
      );
    expect(frozen({})).toEqual(['why']);
    expect(frozen({ from: '2026-12-31' })).toEqual(['why']);
    expect(frozen({ from: '2027-01-01' })).toEqual([]);
    expect(frozen({ from: '2026-01-01', until: day })).toEqual(['why']);
    expect(frozen({ from: '2026-01-01', until: '2026-11-20' })).toEqual([]);
    expect(frozen({ purpose: 'dpv:Marketing' })).toEqual(['why']);
    expect(frozen({ purpose: 'dpv:AcademicResearch' })).toEqual([]);
    expect(frozen({ party: 'acme' })).toEqual(['why']);
    expect(frozen({ party: 'party' })).toEqual([]);
    expect(details({ freezes: null }, 'document-missing')).toEqual(['freezes.yaml']);
  });
  it('an approval of another request is none', () => {
    const given = {
      request: 'another',
      requestDigest: 'r',
      by: 'b',
      on: day,
      lawfulBecause: 'they asked for it',
      digest: 'ap',
    };
    expect(details({ approval: { required: true, given } }, 'not-approved')).toHaveLength(1);
    expect(
      details({ approval: { required: true, given: { ...given, request: 'offer' } } }, 'not-approved'),
    ).toEqual([]);
  });
});

describe('what is said of a notice that does not cover', () => {
  const untold = (changed: Partial<typeof statement>, code: string) =>
    decided({
      context: { notices: [{ ...notice, statements: [{ ...statement, ...changed }] }] },
    }).findings.find((f) => f.reason === code);
  it.each([
    ['purposes', 'purpose-not-told', 'purpose direct marketing'],
    ['recipients', 'party-not-told', 'recipient Print Co'],
    ['data', 'data-not-told', 'surname'],
    ['data', 'child-not-told', 'a child’s age band'],
    ['contactChannels', 'channel-not-told', 'contact by post'],
    ['basis', 'basis-not-told', 'legal basis consent'],
    ['retention', 'retention-not-told', 'how long the data are kept'],
  ] as const)('%s: %s, of %s', (dimension, code, detail) => {
    expect(untold({ [dimension]: null }, code)?.detail).toBe(detail);
  });
  it('names the nearest statement, its quotes each once, and what it lacks', () => {
    const same = quote('we share your name with Acme Toys Ltd by post');
    const near = {
      ...statement,
      id: 'near',
      purposes: null,
      contactChannels: { terms: ['post' as const], quote: same },
      recipients: statement.recipients && { ...statement.recipients, quote: same },
    };
    const far = { ...statement, id: 'far', purposes: null, data: null, retention: null };
    for (const statements of [
      [far, near],
      [near, far],
    ]) {
      const found = decided({ context: { notices: [{ ...notice, statements }] } }).findings.find(
        (f) => f.reason === 'purpose-not-told',
      );
      expect(found).toMatchObject({ notice: 'web@1', statement: 'near', lacks: ['purpose'] });
      expect(found?.quotes.filter((q) => q.text === same.text)).toHaveLength(1);
      expect(found?.quotes).toHaveLength(4);
      expect(found?.atom).toMatchObject({ purpose: 'dpv:DirectMarketing', contactChannel: 'post' });
    }
  });
  it('names no statement where the notice has none', () => {
    const found = decided({ context: { notices: [{ ...notice, statements: [] }] } }).findings[0];
    expect(found).toMatchObject({ statement: null, quotes: [] });
    expect(found?.lacks).toHaveLength(6);
  });
  it('a statement resting on a consent that the notice does not ask is no consent', () => {
    const basis = statement.basis && { ...statement.basis, consent: 'no such box' };
    expect(untold({ basis }, 'consent-invalid')?.detail).toContain(
      'rests on a consent that web@1 does not ask',
    );
  });
  it('a promise tells nothing', () => {
    expect(untold({ kind: 'only' }, 'purpose-not-told')).toMatchObject({ statement: null });
  });
});

it('nobody is released under a world with nothing in it', () => {
  expect(decided({ context: { ...context, notices: [], lists: [], organisations: [] } }).bits).not.toBe(0n);
});
