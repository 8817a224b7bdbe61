/** The scope of a stop: what it takes in, and whether it is a stop of everything (A5, C1, C3). */
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/policy/judge.ts';
import type { ContactChannel, Scope } from '../../src/policy/model.ts';
import { context, decided, request, stop } from './world.ts';

const all: Scope = { purpose: 'all', organisation: 'all', contactChannel: 'all', field: 'all' };
const judgement = (changed: Partial<typeof context> = {}) => judge({ ...context, ...changed }, []);

describe('a stop of everything', () => {
  const scopes: readonly (readonly [Partial<Scope>, boolean])[] = [
    [{}, true],
    [{ purpose: 'whatever', organisation: 'who knows', contactChannel: 'pigeon', field: 'something' }, true],
    [{ purpose: 'dpv:AcademicResearch' }, false],
    [{ organisation: 'party' }, false],
    [{ field: 'pd:Interest' }, false],
    // The name of a field of the source, which is no term.
    [{ field: 'interest' }, false],
    [{ field: 'no_such_field' }, true],
    ...['post', 'email', 'sms', 'call', 'automated-call', 'online-audience'].map(
      (contactChannel) => [{ contactChannel }, false] as const,
    ),
  ];
  it.each(scopes)('%o: %s', (named, whole) => {
    expect(judgement().isWhole({ ...all, ...named })).toBe(whole);
  });
});

describe('a stop of a part', () => {
  it('of one way of contact meets a request that asks for it among others', () => {
    const by = (contactChannels: readonly ContactChannel[], contactChannel: string) =>
      judgement({ request: { ...request, contactChannels } }).meets({ ...all, contactChannel });
    expect(by(['post', 'email'], 'email')).toBe(true);
    expect(by(['post', 'email'], 'sms')).toBe(false);
    expect(by(['post'], 'all')).toBe(true);
  });
  it('of profiling meets a request that selects people, and not one for everyone', () => {
    const scope = { ...all, purpose: 'astold:Profiling' };
    const everyone = { request: { ...request, audience: { kind: 'everyone' } as const } };
    expect(judgement().meets(scope)).toBe(true);
    expect(judgement(everyone).meets(scope)).toBe(false);
  });
  it.each([
    ['interest', false],
    ['surname', true],
    ['area', true],
    // A part of an address says where a person lives, and that selects.
    ['pd:HouseNumber', true],
    ['pd:PhysicalAddress', true],
    // What is given of the child’s date is an age band, and what selects is the date.
    ['pd:AgeRange', true],
    ['pd:BirthDate', true],
    ['pd:Family', true],
    ['pd:Religion', false],
  ])('of the field %s meets the request: %s', (field, meets) => {
    expect(judgement().meets({ ...all, field })).toBe(meets);
    expect(decided({ person: { stops: [{ ...stop, scope: { ...all, field } }] } }).codes).toEqual(
      meets ? ['stopped'] : [],
    );
  });
  it('of an age band meets a request that gives just that of a date', () => {
    const given = {
      ...request,
      audience: { kind: 'everyone' } as const,
      fields: [{ field: 'child_born', as: { kind: 'age-band', width: 5 } as const, name: 'band' }],
    };
    const world = judgement({ request: given, source: { ...context.source, implies: [] } });
    expect(world.meets({ ...all, field: 'pd:AgeRange' })).toBe(true);
    expect(world.meets({ ...all, field: 'surname' })).toBe(false);
  });
});

it('an automated call is held against the lists of numbers, as any call is', () => {
  const first = context.lists[0];
  if (!first) throw new Error('the world has no list');
  const lists = [{ ...first, list: { ...first.list, kind: 'tps' as const } }];
  const screened = (channel: ContactChannel) =>
    judgement({ lists, request: { ...request, contactChannels: [channel] } }).lists.length;
  expect([screened('call'), screened('automated-call'), screened('sms'), screened('post')]).toEqual([
    1, 1, 0, 0,
  ]);
});
