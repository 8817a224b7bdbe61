import { expect, test } from 'vitest';
import { regularly } from './regularly.ts';
import { saidOnce } from './said-once.ts';

test('what goes on going wrong is said once, until it is something else or is over', () => {
  let at = 0;
  const said = saidOnce(() => at);
  expect(said.well()).toBe(false);
  expect(said.failed('database-unreachable')).toBe(true);
  for (at = 1_000; at < 600_000; at += 1_000) expect(said.failed('database-unreachable')).toBe(false);
  expect(said.failed('disk-full')).toBe(true);
  expect(said.well()).toBe(true);
  expect(said.well()).toBe(false);
  expect(said.failed('disk-full')).toBe(true);
});

test('what was not met for a minute is said anew', () => {
  let at = 0;
  const said = saidOnce(() => at);
  expect(said.failed('x')).toBe(true);
  at = 60_000;
  expect(said.failed('x')).toBe(true);
});

test('a deed that fails each time is in the log once, and again when it works', async () => {
  const lines: string[] = [];
  const write = (_: unknown, words: string): void => void lines.push(words);
  const log = { warn: write, info: write } as never;
  let runs = 0;
  let worked: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    worked = resolve;
  });
  const deed = {
    ...{ name: 'mail', every: 1 },
    run: async () => {
      runs += 1;
      if (runs <= 5) throw new Error('away');
      if (runs === 8) worked();
    },
  };
  const timers = regularly([deed], log);
  await over;
  await timers.stop();
  expect(lines).toEqual(['it is tried again', 'it works again']);
});
