/** The agreement is read whole (B5): what it says of special category data, of passing on, and of being read again. */
import { describe, expect, it } from 'vitest';
import type { Agreement, Party } from '../../src/policy/model.ts';
import { agreement, controller, decided, processor, request, source } from './world.ts';

const under = (changed: Partial<Agreement>) => ({ context: { agreement: { ...agreement, ...changed } } });
const details = (world: Parameters<typeof decided>[0], code: string) =>
  decided(world)
    .findings.filter((f) => f.reason === code)
    .map((f) => f.detail);

describe('the day it is to be read again', () => {
  // The use ends on 31 December 2026.
  it.each([
    ['2026-11-20', 'long past', ['agreement-not-in-force']],
    ['2026-12-30', 'the day before the use ends', ['agreement-not-in-force']],
    ['2026-12-31', 'the day the use ends', []],
    ['2027-01-01', 'later', []],
  ])('%s, %s', (review, _, codes) => {
    expect(decided(under({ review })).codes).toEqual(codes);
  });
  it('says by when someone was to read it', () => {
    expect(details(under({ review: '2026-12-01' }), 'agreement-not-in-force')).toEqual([
      'a1: due for review on 2026-12-01, before the use ends on 2026-12-31',
    ]);
  });
});

describe('special category data', () => {
  const bases = ['eu-gdpr:A6-1-a', 'eu-gdpr:A9-2-a'];
  const asked = (changed: Partial<Agreement>) => ({
    context: {
      request: {
        ...request,
        fields: [...request.fields, { field: 'health', as: null, name: 'health' }],
      },
      agreement: {
        ...agreement,
        data: [...agreement.data, { term: 'pd:Health', of: 'person' as const }],
        bases,
        specialCategory: ['pd:Health'],
        ...changed,
      },
    },
  });
  it('go where the agreement names the very data and the condition', () => {
    expect(decided(asked({})).codes).not.toContain('beyond-agreement');
  });
  it('go nowhere under an agreement that says none', () => {
    expect(details(asked({ specialCategory: [] }), 'beyond-agreement')).toEqual([
      'special category data pd:Health',
    ]);
  });
  it('are not allowed by a wider term, a narrower one, or another', () => {
    for (const term of ['pd:SpecialCategoryPersonalData', 'astold:PregnancyDueDate', 'pd:Religion'])
      expect(decided(asked({ specialCategory: [term] })).codes).toContain('beyond-agreement');
  });
  it('go nowhere without their condition among the bases', () => {
    expect(details(asked({ bases: ['eu-gdpr:A6-1-a'] }), 'beyond-agreement')).toEqual([
      'special category data, with no eu-gdpr:A9-2-a among its bases',
    ]);
  });
  it('are so where membership of the list gives them away too', () => {
    const implied = { ...source, implies: [{ term: 'pd:PoliticalOpinion', of: 'person' as const }] };
    expect(decided({ context: { source: implied } }).findings.map((f) => f.detail)).toContain(
      'special category data pd:PoliticalOpinion',
    );
  });
  it('are not so where the data are of no special category', () => {
    expect(decided(under({ specialCategory: [] })).codes).toEqual([]);
  });
});

describe('onward supply', () => {
  const partner: Party = { ...controller, organisation: 'party' };
  const chain = (parties: readonly Party[], changed: Partial<Agreement>) => ({
    context: {
      request: { ...request, chain: parties },
      agreement: { ...agreement, ...changed },
    },
  });
  const behind = [processor, controller, partner];
  it('to one whom the agreement does not name is beyond it', () => {
    expect(details(chain(behind, {}), 'beyond-agreement')).toEqual([
      'party as controller: no party to it, and not named for onward supply',
    ]);
  });
  it('to one whom it names, behind a controller that is its party, is within it: what is left is to have been told', () => {
    expect(decided(chain(behind, { onwardSupply: ['party'] })).codes).toEqual([
      'party-not-told',
      'consent-invalid',
    ]);
  });
  it('to another of the group of one it names is beyond it', () => {
    expect(decided(chain(behind, { onwardSupply: ['acme-loans'] })).codes).toContain('beyond-agreement');
  });
  it('goes through a controller: not before it, and not from a processor alone', () => {
    for (const parties of [
      [processor, partner, controller],
      [processor, partner],
      [partner, controller],
    ])
      expect(details(chain(parties, { onwardSupply: ['party'] }), 'beyond-agreement')).toEqual([
        'party as controller: named for onward supply, and behind no controller that is a party to it',
      ]);
  });
  it('is to controllers: a processor has its terms with the supplier', () => {
    const helper = { ...processor, organisation: 'party' };
    expect(details(chain([controller, helper], { onwardSupply: ['party'] }), 'beyond-agreement')).toEqual([
      'party as processor: named for onward supply, and that is to controllers alone',
    ]);
  });
  it('changes nobody’s role: a party agreed as processor is no controller', () => {
    const both = chain([controller, { ...controller, organisation: 'printer' }], {
      onwardSupply: ['printer'],
    });
    expect(details(both, 'beyond-agreement')).toEqual(['printer as controller: agreed as processor']);
  });
  it('passes on from a party in the role agreed, and from no other', () => {
    const parties = [{ ...controller, role: 'joint-controller' as const }, partner];
    expect(details(chain(parties, { onwardSupply: ['party'] }), 'beyond-agreement')).toEqual([
      'acme as joint-controller: agreed as controller',
      'party as controller: named for onward supply, and behind no controller that is a party to it',
    ]);
  });
});
