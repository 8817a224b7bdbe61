import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { openTurns } from './turns.ts';

describe('work left for later', () => {
  it('is done in turn, one at a time, and after whoever left it has gone on', async () => {
    const turns = openTurns(pino({ level: 'silent' }), 10);
    const seen: string[] = [];
    for (const name of ['a', 'b'])
      turns.add(name, async () => {
        seen.push(`${name} began`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(`${name} ended`);
      });
    seen.push('went on');
    await turns.settled();
    expect(seen).toEqual(['went on', 'a began', 'a ended', 'b began', 'b ended']);
  });

  it('is not taken on where too much waits, and again once that is done', async () => {
    const turns = openTurns(pino({ level: 'silent' }), 2);
    const held = Promise.withResolvers<void>();
    const add = (): boolean => turns.add('waiting', () => held.promise);
    expect([add(), add(), add()]).toEqual([true, true, false]);
    held.resolve();
    await turns.settled();
    expect(add()).toBe(true);
    await turns.settled();
  });

  it('that fails is logged by its code alone, and the next is done all the same', async () => {
    const logged: string[] = [];
    const turns = openTurns(pino({}, { write: (line: string) => logged.push(line) }), 10);
    let done = false;
    turns.add('mailing', async () => {
      throw Object.assign(new Error('no mail to ann@home.example'), { code: 'E1' });
    });
    turns.add('the next', async () => {
      done = true;
    });
    await turns.settled();
    expect(done).toBe(true);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('"code":"E1"');
    expect(logged[0]).not.toContain('ann@');
  });
});
