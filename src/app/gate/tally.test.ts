import { expect, test } from 'vitest';
import { bitsOf, type ReasonCode } from '../../policy/reasons.ts';
import { type Tally, waterfall, whatIfs } from './tally.ts';

const of = (records: number, ...codes: ReasonCode[]) => ({ bits: bitsOf(codes), records });
const known = { recorded: 0, derived: 0, reconstructed: 0, unknown: 0 };
const tally = (...counts: Tally['counts']): Tally => ({ counts, known, decided: [] });

test('the waterfall counts each record once, at its first reason, and ends at those released', () => {
  const steps = waterfall(
    tally(of(5), of(3, 'stopped', 'purpose-not-told'), of(2, 'stopped'), of(7, 'purpose-not-told')),
  );
  expect(steps).toEqual([
    { code: 'purpose-not-told', refused: 10, left: 7 },
    { code: 'stopped', refused: 2, left: 5 },
  ]);
});

test('what telling would have changed is an upper bound, for each thing and for all together', () => {
  const found = whatIfs(
    tally(
      of(1),
      of(10, 'purpose-not-told'),
      of(20, 'purpose-not-told', 'party-not-told'),
      of(40, 'stopped', 'party-not-told'),
    ),
  );
  expect(found.map(({ reasons, atMost }) => [reasons, atMost])).toEqual([
    [['purpose-not-told'], 11],
    [['purpose-not-told', 'party-not-told'], 31],
  ]);
});

test('where those told would also have to consent, that is said apart', () => {
  const found = whatIfs(tally(of(4, 'purpose-not-told', 'consent-missing')));
  expect(found.map(({ reasons, atMost }) => [reasons, atMost])).toEqual([
    [['purpose-not-told'], 0],
    [['purpose-not-told', 'consent-missing'], 4],
  ]);
});

test('where nothing was left untold there is nothing to say', () => {
  expect(whatIfs(tally(of(3), of(2, 'stopped')))).toEqual([]);
});
