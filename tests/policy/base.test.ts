import { expect, it } from 'vitest';
import { decided } from './world.ts';

it('releases a person who was told, consented, is in the audience and said no stop', () => {
  const d = decided({});
  expect(d.findings).toEqual([]);
  expect(d.bits).toBe(0n);
  expect(d.known).toBe('recorded');
});
