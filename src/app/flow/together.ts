/** Questions that many ask at once. */
type Asked<T> = { readonly current: Promise<T>; next: Promise<T> | null };

/** One question asked by many at once is asked once for all who came before it: no answer is older than its question. */
export function together<T>(): (question: string, ask: () => Promise<T>) => Promise<T> {
  const asked = new Map<string, Asked<T>>();
  const begin = (question: string, ask: () => Promise<T>): Promise<T> => {
    const one: Asked<T> = { current: ask(), next: null };
    asked.set(question, one);
    const ended = (): void => {
      if (one.next === null) asked.delete(question);
    };
    one.current.then(ended, ended);
    return one.current;
  };
  return (question, ask) => {
    const one = asked.get(question);
    if (one === undefined) return begin(question, ask);
    const again = (): Promise<T> => begin(question, ask);
    one.next ??= one.current.then(again, again);
    return one.next;
  };
}
