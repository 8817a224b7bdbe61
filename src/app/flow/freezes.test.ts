import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import {
  beginOrganisation,
  day,
  putTexts,
  register,
  staff,
  type TestService,
  testService,
} from './duties.fixture.ts';
import { code, contentsOf, must } from './duties-club.fixture.ts';
import { type FreezeView, freeze } from './freeze.ts';
import { frozenBy, gateFreezes } from './frozen.ts';
import { liftFreeze, liftFreezeInput } from './lift-freeze.ts';
import { listFreezes } from './list-freezes.ts';
import type { Actor, Answer } from './service.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  let service: TestService;
  let org: string;
  let [officer, freezer]: Actor[] = [];
  let count = 0;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());
  beforeEach(async () => {
    count += 1;
    org = `club-${count}`;
    service = testService(made.state, made.data);
    await beginOrganisation(made.state, made.data, org);
    await putTexts(made.state, org, register);
    officer = staff(org, 'officer');
    freezer = staff(org, 'auditor', { mayFreeze: true });
  });

  type Asked = Parameters<typeof freeze>[2];
  const set = (asked: Partial<Asked> = {}, by: Actor = officer as Actor): Promise<Answer<FreezeView>> =>
    freeze(service, by, { kind: 'everything', subject: null, words: 'An enforcement notice.', ...asked });
  const met = (parties: readonly string[], purposes: readonly string[] = ['dpv:DirectMarketing']) =>
    made.state.as(org, (tx) => frozenBy(tx, org, { parties, purposes }));
  const list = async (by: Actor) =>
    must(await listFreezes(service, by, { limit: 50, cursor: undefined })).items;
  const contents = () => contentsOf(made.state, made.data, org);

  describe('a freeze', () => {
    test('of everything meets everybody, and is in the log', async () => {
      const frozen = must(await set());
      expect(await met(['toys'])).toMatchObject({ id: frozen.freeze });
      expect(await met([], [])).toMatchObject({ id: frozen.freeze });
      expect(await contents()).toMatchObject([{ kind: 'freeze', freeze: frozen.freeze, lifted: false }]);
      expect(frozen.entry).toBe(0);
    });

    test('of a party meets it and its group, and nobody else', async () => {
      must(await set({ kind: 'party', subject: 'toys' }));
      expect(await met(['broker', 'toys'])).not.toBeNull();
      expect(await met(['toy-shop'])).not.toBeNull();
      expect(await met(['broker', 'mailer'])).toBeNull();
    });

    test('of a purpose meets it and what is within it or around it, and nothing else', async () => {
      must(await set({ kind: 'purpose', subject: 'dpv:DirectMarketing' }));
      expect(await met(['toys'], ['dpv:DirectMarketing'])).not.toBeNull();
      expect(await met(['toys'], ['dpv:Marketing'])).not.toBeNull();
      expect(await met(['toys'], ['dpv:ServiceProvision'])).toBeNull();
    });

    test('of a party that left the register meets everybody', async () => {
      must(await set({ kind: 'party', subject: 'toys' }));
      await made.state.as(org, (tx) => tx.deleteFrom('document_current').where('org', '=', org).execute());
      expect(await met(['broker'])).not.toBeNull();
    });

    test.each<readonly [string, Partial<Asked>]>([
      ['a party nobody knows', { kind: 'party', subject: 'nobody' }],
      ['no party', { kind: 'party', subject: null }],
      ['a purpose that is none', { kind: 'purpose', subject: 'dpv:Nothing' }],
      ['everything and something', { kind: 'everything', subject: 'toys' }],
    ])('of %s is refused, and nothing is logged', async (_, asked) => {
      expect(await set(asked)).toMatchObject({ code: 'input-invalid' });
      expect(await contents()).toEqual([]);
    });

    test('is not for whoever has not the power', async () => {
      for (const by of [
        staff(org, 'auditor'),
        staff(org, 'steward', { mayFreeze: true }),
        staff(org, 'recipient'),
      ])
        expect(await set({}, by)).toMatchObject({ code: 'not-allowed' });
    });

    test('is no other organisation’s', async () => {
      must(await set());
      const other = `${org}-b`;
      await beginOrganisation(made.state, made.data, other);
      expect(
        await made.state.as(other, (tx) => frozenBy(tx, other, { parties: [], purposes: [] })),
      ).toBeNull();
      expect(await made.state.as(other, (tx) => frozenBy(tx, org, { parties: [], purposes: [] }))).toBeNull();
    });

    test('is written for the gate from its day, and for a reconstruction from the day it decides on', async () => {
      must(await set({ kind: 'party', subject: 'toys' }));
      const gate = (on: string) => made.state.as(org, (tx) => gateFreezes(tx, org, on));
      const written = { party: 'toys', purpose: null, until: null, why: 'An enforcement notice.' };
      expect(await gate('2026-11-05')).toEqual([{ ...written, from: '2026-11-02' }]);
      expect(await gate('2017-05-05')).toEqual([{ ...written, from: '2017-05-05' }]);
    });
  });

  describe('a freeze is lifted', () => {
    const lift = (frozen: FreezeView, by: Actor) =>
      liftFreeze(service, by, { freeze: frozen.freeze, words: 'The notice was set aside.' });

    test('by an officer where an officer froze it: it meets nobody, and both are in the log', async () => {
      const frozen = must(await set());
      service.pass(day);
      const lifted = must(await lift(frozen, staff(org, 'officer', { id: 'officer-2' })));
      expect(lifted).toMatchObject({ lifted: service.now().toISOString(), liftedBy: 'officer-2' });
      expect(lifted).toMatchObject({ liftWords: 'The notice was set aside.', entry: 0, liftEntry: 1 });
      expect(await met(['toys'])).toBeNull();
      expect(await made.state.as(org, (tx) => gateFreezes(tx, org, '2026-11-05'))).toEqual([]);
      expect((await contents()).map(({ lifted }) => lifted)).toEqual([false, true]);
    });

    test('by no officer where an auditor froze it, and by no auditor where an officer did', async () => {
      const byAuditor = must(await set({}, freezer));
      const byOfficer = must(await set());
      expect(await lift(byAuditor, officer as Actor)).toMatchObject({ code: 'not-allowed' });
      expect(await lift(byOfficer, freezer as Actor)).toMatchObject({ code: 'not-allowed' });
      expect(await lift(byAuditor, staff(org, 'auditor'))).toMatchObject({ code: 'not-allowed' });
      expect(await lift(byAuditor, freezer as Actor)).toMatchObject({ kind: 'done' });
    });

    test('by somebody who is both, it was the auditor that froze it', async () => {
      const both: Actor = {
        ...{ kind: 'staff', id: 'both', org, party: null, mayFreeze: true },
        roles: new Set(['officer', 'auditor']),
      };
      const frozen = must(await set({}, both));
      expect(frozen.frozenAs).toBe('auditor');
      expect(await lift(frozen, officer as Actor)).toMatchObject({ code: 'not-allowed' });
      expect(await lift(must(await set()), both)).toMatchObject({ kind: 'done' });
      expect(await lift(frozen, both)).toMatchObject({ kind: 'done' });
    });

    test('with words that say why', () => {
      for (const words of [undefined, '', '  '])
        expect(liftFreezeInput.safeParse({ freeze: 'one', words }).success).toBe(false);
    });

    test('once', async () => {
      const frozen = must(await set());
      const answers = await Promise.all([lift(frozen, officer as Actor), lift(frozen, officer as Actor)]);
      expect(answers.map(code).sort()).toEqual([...['already-done', 'done']]);
    });

    test('of another organisation it is not found', async () => {
      const frozen = must(await set());
      expect(await lift(frozen, staff('club-0', 'officer'))).toMatchObject({ code: 'not-found' });
    });
  });

  test('a recipient sees what concerns it, and the words of what is about it alone', async () => {
    must(await set({ words: 'all' }));
    service.pass(1000);
    must(await set({ kind: 'party', subject: 'toys', words: 'own' }));
    service.pass(1000);
    must(await set({ kind: 'party', subject: 'broker', words: 'other' }));
    expect((await list(staff(org, 'steward'))).map(({ words }) => words)).toEqual(['other', 'own', 'all']);
    const seen = await list(staff(org, 'recipient', { party: 'toys' }));
    expect(seen.map(({ subject, words, frozenBy: by }) => [subject, words, by])).toEqual([
      ['toys', 'own', null],
      [null, null, null],
    ]);
  });

  test('of a party is news to its group, and to nobody else', async () => {
    await made.state.as(org, (tx) =>
      tx
        .insertInto('webhook')
        .values(
          [null, 'toys', 'toy-shop', 'broker'].map((party) => ({
            ...{ org, id: party ?? 'own', party, url: 'https://x.example', secret: 's' },
            ...{ made_by: 'x', made_at: service.now() },
          })),
        )
        .execute(),
    );
    const frozen = must(await set({ kind: 'party', subject: 'toys' }));
    must(await liftFreeze(service, officer as Actor, { freeze: frozen.freeze, words: 'over' }));
    const told = await made.state.as(org, (tx) =>
      tx.selectFrom('webhook_delivery').select(['webhook', 'event']).where('org', '=', org).execute(),
    );
    const expected = ['own', 'toy-shop', 'toys'].flatMap((party) => [
      `${party} freeze.lifted`,
      `${party} freeze.set`,
    ]);
    expect(told.map(({ webhook, event }) => `${webhook} ${event}`).sort()).toEqual(expected);
    const [seen] = await list(staff(org, 'recipient', { party: 'toy-shop' }));
    expect(seen).toMatchObject({ subject: 'toys', words: null, liftWords: null });
    expect(await list(staff(org, 'recipient', { party: 'broker' }))).toEqual([]);
  });
});
