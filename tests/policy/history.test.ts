/** What later notices take away and add (A6, A7), where several of them do. */
import { describe, expect, it } from 'vitest';
import type { Assessment, Consent, Notice } from '../../src/policy/model.ts';
import { consent, context, decided, given, notice, quote, statement } from './world.ts';

const version = (n: number, changed: Partial<Notice> = {}): Notice => ({
  ...notice,
  id: `web@${n}`,
  version: String(n),
  shown: { from: '2026-01-01', until: null },
  ...changed,
});
const silent: Notice = { ...notice, statements: [], collectedOn: 'eu-gdpr:A6-1-a' };
const said = (...versions: readonly number[]) => ({
  permissions: versions.map((n) => ({ ...given, event: `c${n}`, notice: `web@${n}` })),
});
const interests = 'eu-gdpr:A6-1-f';
const { request, agreement, organisations } = context;
const onInterests = {
  request: {
    ...request,
    disclosureBasis: interests,
    chain: request.chain.map((p) => (p.role === 'controller' ? { ...p, basis: interests } : p)),
  },
  agreement: agreement && { ...agreement, bases: [interests] },
};

describe('where data were collected on consent', () => {
  const notices = [silent, version(2), version(3)];
  const later = 'web@2~2026-03-01~sent|web@3~2026-04-01~sent';
  const codes = (...versions: readonly number[]) =>
    decided({ context: { notices }, person: said(...versions), later }).codes;
  it('consent to any one of the later notices that tell it is enough', () => {
    expect(codes()).toEqual(['consent-missing']);
    expect(codes(2)).toEqual([]);
    expect(codes(3)).toEqual([]);
    expect(codes(1)).toEqual(['consent-missing']);
  });
  it('a version shown twice is new once', () => {
    const again = 'web@2~2026-03-01~sent|web@3~2026-04-01~sent|web@2~2026-05-01~sent';
    const dropped = [silent, version(2), version(3, { statements: [] })];
    expect(decided({ context: { notices: dropped }, person: said(2), later: again }).codes).toEqual([
      'consent-missing',
    ]);
  });
  it('nothing said of the basis of collection is taken for consent', () => {
    const unsaid = [{ ...silent, collectedOn: null }, version(2)];
    const at = { context: { notices: unsaid }, later: 'web@2~2026-03-01~sent' };
    expect(decided(at).codes).toEqual(['consent-missing']);
    expect(decided({ ...at, person: said(2) }).codes).toEqual([]);
  });
  it('one of several forms that may have been shown is enough to need it', () => {
    const form = (id: string, collectedOn: string): Notice => ({
      ...silent,
      id,
      collectedBy: ['paper'],
      collectedOn,
    });
    const forms = [form('paper@1', 'eu-gdpr:A6-1-b'), form('paper@2', 'eu-gdpr:A6-1-a'), version(2)];
    const at = { base: 'd:paper:2025-06-01^own', later: 'web@2~2026-03-01~sent' };
    expect(decided({ ...at, context: { notices: forms } }).codes).toEqual(['consent-missing']);
    expect(decided({ ...at, context: { notices: forms }, person: said(2) }).codes).toEqual([]);
  });
  it('a later notice on another basis asks for no consent, and so adds nothing', () => {
    const told = { ...statement, basis: statement.basis && { ...statement.basis, terms: [interests] } };
    const world = interested([silent, version(2, { statements: [told] })]);
    expect(decided({ context: world, later: 'web@2~2026-03-01~delivered' }).codes).toEqual([
      'consent-missing',
    ]);
  });
});

const compatible = (changed: Partial<Assessment> = {}): Assessment => ({
  id: 'c',
  kind: 'compatibility',
  organisation: 'club',
  purposes: ['dpv:DirectMarketing', 'astold:Profiling'],
  notice: 'web@2',
  inForce: { from: '2026-01-01', until: null },
  digest: 'c',
  ...changed,
});
/** A request on legitimate interests, assessed by both. */
function interested(notices: readonly Notice[], assessments: readonly Assessment[] = [compatible()]) {
  const lia = (organisation: string): Assessment =>
    compatible({ id: organisation, kind: 'legitimate-interests', organisation, notice: null });
  return { ...onInterests, notices, assessments: [...assessments, lia('club'), lia('acme')] };
}
describe('where data were collected on another basis', () => {
  const told = { ...statement, basis: statement.basis && { ...statement.basis, terms: [interests] } };
  const before: Notice = { ...notice, statements: [], collectedOn: 'eu-gdpr:A6-1-b' };
  const notices = [before, version(2, { statements: [told] })];
  const codes = (on: string, assessments?: readonly Assessment[]) =>
    decided({ context: interested(notices, assessments), later: `web@2~${on}~delivered` }).codes;
  it('what is new needs no consent, once assessed, delivered and waited for', () => {
    expect(codes('2026-03-01')).toEqual([]);
  });
  it('the waiting is over on the thirtieth day', () => {
    expect(codes('2026-10-22')).toEqual([]);
    expect(codes('2026-10-23')).toEqual(['new-too-soon']);
  });
  it('the assessment is one of compatibility, of this very notice, in force on the day', () => {
    for (const changed of [
      { kind: 'legitimate-interests' as const },
      { notice: 'web@1' },
      { notice: null },
      { inForce: { from: '2026-11-22', until: null } },
      { inForce: { from: '2026-01-01', until: '2026-11-20' } },
    ])
      expect(codes('2026-03-01', [compatible(changed)])).toEqual(['new-needs-assessment']);
  });
});

describe('what is asked of a consent, beside the notice', () => {
  const asked = (changed: Partial<Consent>) =>
    decided({ context: { notices: [{ ...notice, consents: [{ ...consent, ...changed }] }] } });
  it('the way of contact', () => {
    const found = asked({ contactChannels: ['email', 'sms'] });
    expect(found.codes).toEqual(['consent-invalid']);
    expect(found.findings[0]?.detail).toBe('the consent "partners" does not speak of contact by post');
    expect(asked({ contactChannels: ['email', 'post'] }).codes).toEqual([]);
    expect(asked({ contactChannels: [] }).codes).toEqual(['consent-invalid']);
  });
  it('the controller’s name, of which one suffices', () => {
    const aliased = organisations.map((o) => (o.id === 'acme' ? { ...o, aliases: ['Acme'] } : o));
    const wording = (text: string) => ({
      organisations: aliased,
      notices: [{ ...notice, consents: [{ ...consent, wording: quote(text) }] }],
    });
    expect(decided({ context: wording('Acme may send me offers by post.') }).codes).toEqual([]);
    const found = decided({ context: wording('Partners may send me offers by post.') });
    expect(found.codes).toEqual(['consent-invalid']);
    expect(found.findings[0]?.detail).toBe('the consent "partners" does not name Acme Toys Ltd');
  });
  it('is of the consent that the statement rests on, and of no other', () => {
    const consents = [{ ...consent, id: 'first', kind: 'opt-out' as const }, consent];
    expect(decided({ context: { notices: [{ ...notice, consents }] } }).codes).toEqual([]);
    expect(decided({ context: { notices: [{ ...notice, consents: consents.toReversed() }] } }).codes).toEqual(
      [],
    );
  });
});
