/** Questions that many ask at once. */
import { paced } from '../../store/paced.ts';

/** `next` is yet to be asked: whoever comes until then joins in. */
type Asked<T> = {
  readonly turn: () => Promise<void>;
  current: Promise<T> | null;
  next: Promise<T> | null;
};

/**
 * One question asked by many at once is asked once for all who came before it: no answer is older than its question. From
 * one asking to the next are `every` milliseconds, at least.
 */
export function together<T>(every: number): (question: string, ask: () => Promise<T>) => Promise<T> {
  const asked = new Map<string, Asked<T>>();
  const begin = async (question: string, one: Asked<T>, ask: () => Promise<T>): Promise<T> => {
    await one.current?.catch(() => {});
    await one.turn();
    one.next = null;
    const answer = ask();
    one.current = answer;
    const forget = (): void => {
      if (one.next === null && one.current === answer) asked.delete(question);
    };
    const later = (): void => void setTimeout(forget, every).unref();
    answer.then(later, later);
    return answer;
  };
  return (question, ask) => {
    const one = asked.get(question) ?? { turn: paced(every), current: null, next: null };
    asked.set(question, one);
    one.next ??= begin(question, one, ask);
    return one.next;
  };
}
