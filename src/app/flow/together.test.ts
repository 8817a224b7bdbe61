import { describe, expect, test } from 'vitest';
import { together } from './together.ts';

const soon = (): Promise<void> => new Promise((later) => setImmediate(later));

/** A question whose answer is what was there when it was asked, given once `answer` is called. */
function question(): {
  there: string;
  readonly asked: string[];
  readonly ask: () => Promise<string>;
  answer(): Promise<void>;
} {
  const waiting: (() => void)[] = [];
  const asked: string[] = [];
  const self = {
    there: 'nothing',
    asked,
    ask: async () => {
      const seen = self.there;
      asked.push(seen);
      await new Promise<void>((go) => waiting.push(go));
      return seen;
    },
    async answer() {
      while (waiting.length === 0) await soon();
      waiting.shift()?.();
      // What follows from the answer is begun before this ends.
      await soon();
    },
  };
  return self;
}

describe('a question that many ask at once', () => {
  test('is asked once more for all who came while it was being answered', async () => {
    const once = together<string>(0);
    const documents = question();
    const first = once('club', documents.ask);
    await soon();
    documents.there = 'a stop';
    const later = [1, 2, 3].map(() => once('club', documents.ask));
    expect(documents.asked).toEqual(['nothing']);
    await documents.answer();
    await documents.answer();
    expect(await first).toBe('nothing');
    // Whoever came after the change sees it, though the first was still being answered.
    expect(await Promise.all(later)).toEqual(['a stop', 'a stop', 'a stop']);
    expect(documents.asked).toEqual(['nothing', 'a stop']);
  });

  test('is asked anew by who comes while the second is being answered', async () => {
    const once = together<string>(0);
    const documents = question();
    const answers = [once('club', documents.ask)];
    await soon();
    answers.push(once('club', documents.ask));
    await documents.answer();
    documents.there = 'a stop';
    answers.push(once('club', documents.ask));
    await documents.answer();
    await documents.answer();
    expect(await Promise.all(answers)).toEqual(['nothing', 'nothing', 'a stop']);
  });

  test('is another than the same of somebody else', async () => {
    const once = together<string>(0);
    const [club, choir] = [question(), question()];
    choir.there = 'theirs';
    const answers = [once('club', club.ask), once('choir', choir.ask)];
    await club.answer();
    await choir.answer();
    expect(await Promise.all(answers)).toEqual(['nothing', 'theirs']);
  });

  test('that fails is a failure of those who asked it, and of nobody after', async () => {
    const once = together<string>(0);
    let failing = true;
    const ask = async (): Promise<string> => {
      await soon();
      if (failing) throw new RangeError('away');
      return 'there';
    };
    const first = once('club', ask);
    await soon();
    const later = once('club', ask);
    await expect(first).rejects.toThrow('away');
    failing = false;
    expect(await later).toBe('there');
    expect(await once('club', ask)).toBe('there');
  });

  test('asked when all have their answers is asked at that time', async () => {
    const once = together<string>(0);
    const documents = question();
    for (const there of ['one', 'two', 'three']) {
      documents.there = there;
      const answer = once('club', documents.ask);
      await documents.answer();
      expect(await answer).toBe(there);
    }
  });

  test('is asked no more often than it may, and then for all who came meanwhile', async () => {
    const once = together<number>(30);
    const begun: number[] = [];
    const ask = async (): Promise<number> => begun.push(performance.now());
    const first = await once('club', ask);
    const later = await Promise.all([1, 2, 3].map(() => once('club', ask)));
    expect([first, ...later]).toEqual([1, 2, 2, 2]);
    expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(29);
  });
});
