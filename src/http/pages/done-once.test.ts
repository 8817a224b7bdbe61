import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FlowFixture, flowFixture, officer, steward } from '../../app/flow/flow.fixture.ts';
import type { Asker } from '../../app/flow/service.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { HttpProblem } from '../problems.ts';
import { type DoneNow, doneOnce, newOnce } from './done-once.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  beforeAll(async () => {
    club = await flowFixture(database);
  }, 120_000);
  afterAll(() => club.drop());

  /** How often the work of a form was begun; it says what `say` gives. */
  function formOf(say: () => DoneNow<string>) {
    let begun = 0;
    const work = async (): Promise<DoneNow<string>> => {
      begun++;
      return say();
    };
    const send = (fields: Readonly<Record<string, string>>, asker: Asker = steward): Promise<string> =>
      doneOnce(club.service, asker, '/desk/letter', fields, work, async (kept) => `again: ${kept}`);
    return { send, begun: () => begun };
  }
  const recorded = (): DoneNow<string> => ({ given: 'recorded', kept: '/recorded' });

  test('a form that is sent twice, or at once, is done once', async () => {
    const { send, begun } = formOf(recorded);
    const form = { words: 'stop', once: newOnce() };
    expect((await Promise.all([send(form), send(form)])).sort()).toEqual(['again: /recorded', 'recorded']);
    expect(await send(form)).toBe('again: /recorded');
    expect(begun()).toBe(1);
    await expect(send({ ...form, words: 'changed' })).rejects.toMatchObject({
      problem: { code: 'input-invalid' },
    });
    // Another's form is their own, whatever value it has.
    expect(await send(form, officer)).toBe('recorded');
    expect(await send({ ...form, once: newOnce() })).toBe('recorded');
  });

  test('what was refused, or surely changed nothing, can be sent again', async () => {
    const says: (() => DoneNow<string>)[] = [
      () => ({ given: 'refused', kept: null }),
      () => {
        throw new HttpProblem({ code: 'busy', detail: 'nothing was changed' });
      },
      recorded,
    ];
    const { send, begun } = formOf(() => says.shift()?.() ?? recorded());
    const form = { once: newOnce() };
    expect(await send(form)).toBe('refused');
    await expect(send(form)).rejects.toThrow(HttpProblem);
    expect(await send(form)).toBe('recorded');
    expect(await send(form)).toBe('again: /recorded');
    expect(begun()).toBe(3);
  });

  test('a form of no page of ours is done as often as it is sent', async () => {
    const { send, begun } = formOf(recorded);
    for (const form of [{}, { once: '' }, { once: 'x' }]) expect(await send(form)).toBe('recorded');
    expect(begun()).toBe(3);
  });

  test('what was typed is held under the value of the form alone, which is not held', async () => {
    const { send } = formOf(recorded);
    const form = { surname: 'Amberley', once: newOnce() };
    await send(form);
    const held = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('answered').selectAll().execute(),
    );
    expect(held.length).toBeGreaterThan(0);
    expect(JSON.stringify(held)).not.toMatch(new RegExp(`Amberley|${form.once}`));
  });
});
