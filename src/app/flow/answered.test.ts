import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import {
  type Asked,
  claimAnswer,
  forgetAnswers,
  forgetClaim,
  type Kept,
  keepAnswer,
  keptHours,
} from './answered.ts';
import { newOrganisation } from './duties.fixture.ts';

const at = new Date('2026-11-22T09:00:00.000Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const kept: Kept = { status: 201, type: 'application/json', location: '/x', etag: '"1"', body: '{}' };

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  beforeAll(async () => {
    made = await database.create();
    await newOrganisation(made.state, 'club');
    await newOrganisation(made.state, 'choir');
  });
  afterAll(() => made.drop());

  const asked = (key: string, more: Partial<Asked> = {}): Asked => ({
    ...{ org: 'club', actor: 'staff:anna', key, route: 'freeze', digest: 'd1', longestMs: 120_000 },
    ...more,
  });
  const claim = (given: Asked, when = at) => claimAnswer(made.state, given, when);

  test('what is asked again is answered as it was', async () => {
    const first = await claim(asked('a'));
    if (first.kind !== 'first') throw new Error(first.kind);
    await keepAnswer(made.state, asked('a'), first.mark, kept);
    expect(await claim(asked('a'), later(1000))).toEqual({ kind: 'again', kept });
  });

  test('while it is worked on nobody else does it', async () => {
    expect((await claim(asked('b'))).kind).toBe('first');
    expect((await claim(asked('b'), later(119_999))).kind).toBe('in-progress');
  });

  test('of ten at once one does it', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => claim(asked('c'))));
    expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['first', ...Array(9).fill('in-progress')]);
  });

  test('what a killed server left undone is done by the next, and its late answer is not kept', async () => {
    const first = await claim(asked('d'));
    const second = await claim(asked('d'), later(120_000));
    expect([first.kind, second.kind]).toEqual(['first', 'first']);
    if (first.kind !== 'first' || second.kind !== 'first') return;
    await keepAnswer(made.state, asked('d'), first.mark, { ...kept, body: 'late' });
    await keepAnswer(made.state, asked('d'), second.mark, kept);
    expect(await claim(asked('d'), later(120_001))).toEqual({ kind: 'again', kept });
  });

  test('a key stands for one thing', async () => {
    await claim(asked('e'));
    expect((await claim(asked('e', { digest: 'd2' }))).kind).toBe('reused');
    expect((await claim(asked('e', { route: 'lift-freeze' }))).kind).toBe('reused');
  });

  test('somebody else, and another organisation, draw keys of their own', async () => {
    await claim(asked('f'));
    expect((await claim(asked('f', { actor: 'staff:ben' }))).kind).toBe('first');
    expect((await claim(asked('f', { org: 'choir' }))).kind).toBe('first');
  });

  test('where nothing was done the key is free', async () => {
    const first = await claim(asked('g'));
    if (first.kind !== 'first') throw new Error(first.kind);
    await forgetClaim(made.state, asked('g'), first.mark);
    expect((await claim(asked('g'))).kind).toBe('first');
  });

  test('keys are remembered for two days', async () => {
    const first = await claim(asked('h'));
    if (first.kind !== 'first') throw new Error(first.kind);
    await keepAnswer(made.state, asked('h'), first.mark, kept);
    const hour = 3_600_000;
    await forgetAnswers(made.state, later(keptHours * hour));
    expect((await claim(asked('h'), later(keptHours * hour))).kind).toBe('again');
    await forgetAnswers(made.state, later(keptHours * hour + 1));
    expect((await claim(asked('h'), later(keptHours * hour + 1))).kind).toBe('first');
  });
});
