import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import { approveRequest } from './approve-request.ts';
import { beginOrganisation, type TestService, testService } from './duties.fixture.ts';
import { freeze } from './freeze.ts';
import { listWebhooks } from './list-webhooks.ts';
import { refuseRequest } from './refuse-request.ts';
import { sendBackRequest } from './send-back-request.ts';
import type { Actor, Answer } from './service.ts';
import { terminateAgreement } from './terminate-agreement.ts';

const key: Actor = {
  ...{ kind: 'machine', id: 'officer-1', key: 'k', org: 'club', party: null, mayFreeze: false },
  roles: new Set(['officer', 'steward']),
};
const deed = { request: 'r', words: 'why', version: 1 };

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  let service: TestService;
  beforeAll(async () => {
    made = await database.create();
    service = testService(made.state, made.data);
    await beginOrganisation(made.state, made.data, 'club');
  });
  afterAll(() => made.drop());

  test.each<readonly [string, (actor: Actor) => Promise<Answer<unknown>>]>([
    ['approved', (actor) => approveRequest(service, actor, { ...deed, check: 'c' })],
    ['sent back', (actor) => sendBackRequest(service, actor, deed)],
    ['refused', (actor) => refuseRequest(service, actor, deed)],
    ['ended', (actor) => terminateAgreement(service, actor, { agreement: 'a', words: 'why' })],
  ])('what is %s is by a person, and by no key of theirs', async (_, act) => {
    expect(await act(key)).toMatchObject({ code: 'not-allowed' });
    expect(await act({ ...key, kind: 'staff' } as Actor)).toMatchObject({ code: 'not-found' });
  });

  test('a key freezes: that stops, and lets nothing go', async () => {
    const asked = { kind: 'everything', subject: null, words: 'An alarm.' } as const;
    expect(await freeze(service, key, asked)).toMatchObject({ kind: 'done' });
  });

  test('an auditor reads every webhook, and a steward the organisation’s', async () => {
    await made.state.as('club', (tx) =>
      tx
        .insertInto('webhook')
        .values(
          [null, 'toys'].map((party) => ({
            ...{ org: 'club', id: party ?? 'own', party, url: 'https://x.example', secret: 'sesame' },
            ...{ made_by: 'x', made_at: service.now() },
          })),
        )
        .execute(),
    );
    const list = (roles: readonly ('auditor' | 'steward')[]) =>
      listWebhooks(service, { ...key, kind: 'staff', roles: new Set(roles) } as Actor, { limit: 10 });
    expect(await list(['steward'])).toMatchObject({ value: { items: [{ webhook: 'own' }] } });
    const all = await list(['auditor']);
    expect(all).toMatchObject({ value: { items: [{ webhook: 'toys' }, { webhook: 'own' }] } });
    expect(JSON.stringify(all)).not.toContain('sesame');
  });
});
