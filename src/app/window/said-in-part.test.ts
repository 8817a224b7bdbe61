import { expect, test } from 'vitest';
import { refused } from '../flow/service.ts';
import { begunOnce, recordedBefore, refusedAfter, SayError, saidAfter, toldOf } from './said-in-part.ts';

const away = new TypeError('away');
const failing = (): Promise<never> => Promise.reject(away);

test('where nothing is recorded yet, what comes in between is thrown as it is', async () => {
  await expect(saidAfter([], failing)).rejects.toBe(away);
});

test('what is recorded before is not lost, of a part in another part neither', async () => {
  const inner = () => saidAfter(['b'], failing);
  const error = await saidAfter(['a'], inner).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SayError);
  expect(error).toMatchObject({ code: 'said-in-part', recorded: ['a', 'b'], cause: away });
  await expect(toldOf(['a'], failing)).rejects.toMatchObject({ code: 'said-untold', recorded: ['a'] });
  expect(await saidAfter(['a'], async () => 'b')).toBe('b');
});

test('what was begun is cut short by what is thrown after it, and by nothing before it', async () => {
  await expect(begunOnce(failing)).rejects.toBe(away);
  const cut = begunOnce(async (begin) => {
    begin();
    return failing();
  });
  await expect(cut).rejects.toMatchObject({ code: 'cut-short', recorded: [], cause: away });
  // That it was is not lost among what is recorded before it.
  const after = saidAfter(['a'], () => cut);
  await expect(after).rejects.toMatchObject({ recorded: ['a'], cause: { code: 'cut-short' } });
});

test('a refusal names what is recorded before it, and nothing where there is none', () => {
  const no = refused('preference-refused', 'no');
  expect(recordedBefore(refusedAfter(['a'], no))).toEqual(['a']);
  expect(refusedAfter([], no)).toBe(no);
});
