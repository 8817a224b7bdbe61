import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newOrganisation, testService } from '../../app/flow/duties.fixture.ts';
import type { Actor } from '../../app/flow/service.ts';
import { databases, type TestState } from '../../store/postgres/databases.fixture.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { type Place, places } from '../places.ts';
import { HttpProblem } from '../problems.ts';
import type { ApiService } from '../route.ts';
import { answerOnce, askedOf } from './answer-once.ts';

const longest = 120_000;
const steward: Actor = {
  ...{ kind: 'staff', id: 's', org: 'club', roles: new Set(['steward']), party: null, mayFreeze: false },
};

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let service: ReturnType<typeof testService>;
  beforeAll(async () => {
    made = await database.create();
    await newOrganisation(made.state, 'club');
    service = testService(made.state, made.data);
  });
  afterAll(() => made.drop());

  const once = async (
    key: string,
    work: () => Promise<Response>,
    keeps?: readonly string[],
  ): Promise<Response | string> => {
    const asked = askedOf(steward, key, 'freeze', { words: 'x' }, longest);
    try {
      return await answerOnce(service as unknown as ApiService, asked, keeps, work);
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
    }
  };
  const fails = (error: () => unknown) => async (): Promise<Response> => {
    throw error();
  };
  const done = async (): Promise<Response> => Response.json({ event: 'e-1', receipt: { master: 'secret' } });

  const perhaps: readonly (readonly [string, () => unknown])[] = [
    ['a commit whose outcome is not known', () => new StateError('commit-unknown', '')],
    ['an answer that is not as described', () => z.object({ id: z.string() }).safeParse({}).error],
    ['what nobody expected', () => new TypeError('x')],
  ];
  test.each(perhaps)('after %s it is not done again while it may have been done', async (name, error) => {
    await once(name.replaceAll(' ', '-'), fails(error));
    const again = () => once(name.replaceAll(' ', '-'), done);
    expect(await again()).toBe('idempotency-in-progress');
    service.pass(longest);
    expect(await again()).toBeInstanceOf(Response);
  });

  const surelyNot: readonly (readonly [string, () => unknown])[] = [
    ['a refusal', () => new HttpProblem({ code: 'frozen', detail: '' })],
    ['a database that was not reached', () => new StateError('database-unreachable', '')],
    ['a full disk', () => Object.assign(new Error('x'), { code: 'ENOSPC' })],
  ];
  test.each(surelyNot)('after %s the key is free', async (name, error) => {
    await once(name.replaceAll(' ', '-'), fails(error));
    expect(await once(name.replaceAll(' ', '-'), done)).toBeInstanceOf(Response);
  });

  test('a receipt is not kept: who asks again is told where it is read', async () => {
    const keeps = ['event', 'entry'];
    const first = (await once('receipt', done, keeps)) as Response;
    expect(await first.json()).toHaveProperty('receipt');
    const again = (await once('receipt', done, keeps)) as Response;
    expect([await again.json(), again.headers.get('Idempotency-Replayed')]).toEqual([
      { event: 'e-1' },
      'true',
    ]);
    const rows = await made.state.as('club', (tx) => tx.selectFrom('answered').select('body').execute());
    const bodies = rows.map(({ body }) => body);
    expect(bodies).toContain('{"event":"e-1"}');
  });

  test('what keeps nothing says again only that it was said', async () => {
    await once('secret', done, []);
    expect(await once('secret', done, [])).toBe('answer-shown-once');
  });

  test.each(['acknowledge-passed-on', 'acknowledge-many-passed-on'] as const)(
    'of an answer by %s neither the value of a correction nor words are kept',
    async (name) => {
      const { keeps }: Place = places[name];
      const task = { task: 't', answer: 'done', words: 'Anna', correction: { field: 'f', value: 'Anna' } };
      const said = name === 'acknowledge-passed-on' ? task : { items: [task] };
      await once(name, async () => Response.json(said), keeps);
      const { body } = await made.state.as('club', (tx) =>
        tx.selectFrom('answered').select('body').where('key', '=', name).executeTakeFirstOrThrow(),
      );
      expect(body ?? '').not.toContain('Anna');
    },
  );
});
