import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { approveRequest } from './approve-request.ts';
import { checkRequest } from './check-request.ts';
import { holdAgreement } from './ended-agreement.ts';
import {
  approved,
  auditor,
  checked,
  code,
  type FlowFixture,
  flowFixture,
  mailing,
  must,
  officer,
  requested,
  steward,
  stranger,
  toys,
} from './flow.fixture.ts';
import { listRequests } from './list-requests.ts';
import { putDocument } from './put-document.ts';
import { readDocument } from './read-document.ts';
import { refuseRequest } from './refuse-request.ts';
import { releaseRequest } from './release-request.ts';
import { requestRelease } from './request-release.ts';
import { sendBackRequest } from './send-back-request.ts';
import { showCheck } from './show-check.ts';
import { showRequest } from './show-request.ts';
import { withdrawRequest } from './withdraw-request.ts';

const words = 'they ticked the box that names the maker';

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  const as = () => club.service;
  beforeAll(async () => {
    club = await flowFixture(database);
  });
  afterAll(() => club.drop());

  describe('a request', () => {
    test('is a document, prepared by who asks', async () => {
      const view = await requested(club, 'asked');
      expect(view).toMatchObject({ state: 'REQUESTED', preparedBy: 's.steward', version: 1 });
      const { text } = must(await readDocument(as(), steward, { path: 'requests/asked.yaml' }));
      expect(text).toContain('prepared-by: s.steward');
    });

    test('that does not fit is refused with its faults, and nothing is kept', async () => {
      const document = { ...club.document('unfit'), fields: ['forename', 'shoe_size'] };
      const answer = await requestRelease(as(), steward, {
        recipient: 'example-mailing',
        document,
        version: 0,
      });
      expect(answer).toMatchObject({ code: 'documents-faulty', faults: [{ code: 'unknown-field' }] });
      expect(code(await showRequest(as(), steward, { request: 'unfit' }))).toBe('not-found');
      expect(code(await readDocument(as(), steward, { path: 'requests/unfit.yaml' }))).toBe('not-found');
    });

    test('of an id that is there is not made twice', async () => {
      await requested(club, 'twice');
      const document = club.document('twice');
      const again = await requestRelease(as(), steward, {
        recipient: 'example-mailing',
        document,
        version: 0,
      });
      expect(code(again)).toBe('changed-meanwhile');
    });

    test('names its preparer itself for nobody', async () => {
      const document = { ...club.document('forged'), 'prepared-by': 'o.officer' };
      const answer = await requestRelease(as(), steward, {
        recipient: 'example-mailing',
        document,
        version: 0,
      });
      expect(code(answer)).toBe('input-invalid');
    });

    test('is asked by a party for itself alone, in a chain and an agreement that have it', async () => {
      const ask = (recipient: string, document: ReturnType<FlowFixture['document']>) =>
        requestRelease(as(), toys, { recipient, document, version: 0 });
      const document = club.document('example-toys-own');
      expect(code(await ask('example-mailing', document))).toBe('input-invalid');
      const [, , ...none] = document.chain as object[];
      const [printer] = document.chain as object[];
      expect(code(await ask('example-toys', { ...document, chain: [printer, ...none] }))).toBe(
        'input-invalid',
      );
      expect(must(await ask('example-toys', document)).recipient).toBe('example-toys');
    });

    test('of another party is not found out by its id, whether it is there or not', async () => {
      const { version } = await approved(club, 'secret-plan');
      const taken = club.document('example-mailing-taken');
      must(
        await requestRelease(as(), mailing, {
          ...{ recipient: 'example-mailing', document: taken, version: 0 },
        }),
      );
      const ask = (id: string, version: number) =>
        requestRelease(as(), toys, { recipient: 'example-toys', document: club.document(id), version });
      for (const seen of [0, 1, version]) {
        const [there, other, none] = [
          await ask('secret-plan', seen),
          await ask('example-mailing-taken', seen),
          await ask('no-such-plan', seen),
        ].map((answer) =>
          JSON.stringify(answer).replaceAll(/secret-plan|example-mailing-taken/g, 'no-such-plan'),
        );
        expect(there).toBe(none);
        expect(other).toBe(none);
      }
      expect(code(await ask('secret-plan', 0))).toBe('input-invalid');
      expect(code(await ask('secret-plan', version))).toBe('not-found');
      expect(must(await showRequest(as(), steward, { request: 'secret-plan' })).version).toBe(version);
    });

    test('of a party is named after it, and not after one whose name only begins so', async () => {
      const { text, version } = must(await readDocument(as(), steward, { path: 'organisations.yaml' }));
      const [entry = ''] = / {2}- id: example-toys\n(?: {4}.*\n)+/.exec(text) ?? [];
      const other = entry
        .replace('example-toys', 'example-toys-club')
        .replace(/ {4}signing-key:.*\n| {4}age-key:.*\n/g, '');
      const put = { path: 'organisations.yaml', text: text.replace(entry, `${entry}${other}`), version };
      must(await putDocument(as(), steward, put));
      const ask = (id: string) =>
        requestRelease(as(), toys, { recipient: 'example-toys', document: club.document(id), version: 0 });
      for (const id of ['spring', 'example-toys', 'example-toysspring', 'example-toys-club-spring'])
        expect(code(await ask(id)), id).toBe('input-invalid');
      expect(must(await ask('example-toys-spring')).id).toBe('example-toys-spring');
      expect(code(await ask('example-toys-spring'))).toBe('changed-meanwhile');
    });

    test("by a party may not look into the supplier's files", async () => {
      const sets = { seats: { file: '../data/members.csv', column: 'email' } };
      const document = {
        ...club.document('example-mailing-peek'),
        audience: { where: 'postcode in seats', sets },
      };
      const answer = await requestRelease(as(), mailing, {
        recipient: 'example-mailing',
        document,
        version: 0,
      });
      expect(code(answer)).toBe('input-invalid');
    });

    test('reads no file but the data of its own organisation', async () => {
      for (const file of ['/etc/passwd', '../../other-club/data/members.csv', '../keys/organisation.key']) {
        const sets = { seats: { file, column: 'x' } };
        const document = { ...club.document('outside'), audience: { where: 'postcode in seats', sets } };
        const answer = await requestRelease(as(), steward, {
          recipient: 'example-mailing',
          document,
          version: 0,
        });
        expect(answer).toMatchObject({ code: 'documents-faulty', faults: [{ code: 'document-unreadable' }] });
      }
    });

    test('is unknown to another party and to another organisation', async () => {
      await requested(club, 'private');
      expect(code(await showRequest(as(), toys, { request: 'private' }))).toBe('not-found');
      expect(code(await showRequest(as(), stranger, { request: 'private' }))).toBe('not-found');
      const { items } = must(await listRequests(as(), toys, { limit: 50 }));
      expect(items.map(({ recipient }) => recipient)).not.toContain('example-mailing');
      expect(must(await listRequests(as(), stranger, { limit: 50 })).items).toEqual([]);
    });

    test('is refused by an end of its agreement that is under way', async () => {
      const document = club.document('overtaken');
      const ended = { org: club.org, agreement: document.agreement };
      const asked = await as().state.as(club.org, async (tx) => {
        await holdAgreement(tx, ended.org, ended.agreement);
        const by = { ended_by: 'o.officer', ended_at: new Date(), words: 'they sold it on' };
        await tx
          .insertInto('agreement_end')
          .values({ ...ended, ...by })
          .execute();
        const answer = requestRelease(as(), steward, { recipient: 'example-mailing', document, version: 0 });
        await Promise.race([answer, pause(2_000)]);
        return { answer };
      });
      expect(code(await asked.answer)).toBe('agreement-ended');
      await club.made.asOwner((client) =>
        client.query("SELECT set_config('app.org', $1, false)", [ended.org]).then(async () => {
          await client.query('DELETE FROM astold.agreement_end');
          await client.query("SELECT set_config('app.org', '', false)");
        }),
      );
    });

    test('is taken back by its own side, and is then at its end', async () => {
      await requested(club, 'withdrawn');
      const at = { request: 'withdrawn', words: 'no longer needed', version: 1 };
      expect(must(await withdrawRequest(as(), mailing, at)).state).toBe('TERMINATED');
      expect(code(await checkRequest(as(), steward, { request: 'withdrawn' }))).toBe('wrong-state');
      expect(code(await refuseRequest(as(), officer, { ...at, version: 2 }))).toBe('wrong-state');
    });

    test('changed by two at once is changed by one', async () => {
      await requested(club, 'raced');
      const at = { request: 'raced', words: 'no longer needed', version: 1 };
      const answers = await Promise.all([
        withdrawRequest(as(), steward, at),
        refuseRequest(as(), officer, at),
        withdrawRequest(as(), mailing, at),
      ]);
      expect(answers.map(code).sort()).toEqual(['changed-meanwhile', 'changed-meanwhile', 'done']);
      const { events } = must(await showRequest(as(), steward, { request: 'raced' }));
      expect(events.length).toBe(2);
    });
  });

  describe('a check', () => {
    test('is made by a job, and its report attached', async () => {
      const check = await checked(club, 'checked');
      const view = must(await showCheck(as(), auditor, { check }));
      expect(view).toMatchObject({ state: 'done', evaluated: 20, faultCode: null });
      expect(view.released).toBeGreaterThan(0);
      expect(view.outcome).toMatchObject({ evaluated: 20 });
      expect(must(await showRequest(as(), steward, { request: 'checked' })).state).toBe('OFFERED');
    });

    test('tells a party nothing before it is approved, and then a rounded total alone', async () => {
      const check = await checked(club, 'rounded');
      const before = must(await showCheck(as(), mailing, { check }));
      expect(before).toMatchObject({
        evaluated: null,
        released: null,
        outcome: null,
        atLeast: null,
        progress: null,
        askedAt: expect.stringMatching(/T\d\d:\d\d:00\.000Z$/),
        finishedAt: expect.stringMatching(/T\d\d:\d\d:00\.000Z$/),
      });
      must(await approveRequest(as(), officer, { request: 'rounded', check, words, version: 2 }));
      const service = { ...as(), limits: { ...as().limits, smallest: 1 } };
      const { released } = must(await showCheck(service, officer, { check }));
      const after = must(await showCheck(service, mailing, { check }));
      expect(after).toMatchObject({ evaluated: null, released: null, outcome: null });
      expect(after.atLeast).toBe(Math.floor((released ?? -1) / 10) * 10);
      const few = { ...as(), limits: { ...as().limits, smallest: 100 } };
      expect(must(await showCheck(few, mailing, { check })).atLeast).toBeNull();
    });

    test('under way is not begun twice', async () => {
      await requested(club, 'once');
      const [first, second] = await Promise.all([
        checkRequest(as(), steward, { request: 'once' }),
        checkRequest(as(), mailing, { request: 'once' }),
      ]);
      expect(must(first).id).toBe(must(second).id);
      await club.work();
    });

    test('is refused when a day has had its number, of a request or of a party', async () => {
      await requested(club, 'limited');
      const service = (limits: object) => ({ ...as(), limits: { ...as().limits, ...limits } });
      for (const limits of [{ checksOfRequest: 0 }, { checksOfParty: 1 }])
        expect(code(await checkRequest(service(limits), steward, { request: 'limited' }))).toBe(
          'too-many-checks',
        );
    });

    test('is of the request as it is when the check begins', async () => {
      await requested(club, 'moving');
      const check = must(await checkRequest(as(), steward, { request: 'moving' }));
      const document = { ...club.document('moving'), title: 'Another' };
      const change = { recipient: 'example-mailing', document, version: 1 };
      must(await requestRelease(as(), steward, change));
      await club.work();
      const view = must(await showCheck(as(), steward, { check: check.id }));
      expect(view.outcome).toMatchObject({ request: { title: 'Another' } });
      expect(must(await showRequest(as(), steward, { request: 'moving' })).version).toBe(3);
    });
  });

  describe('an approval', () => {
    test('is given on a check, by somebody else than who prepared it', async () => {
      const check = await checked(club, 'two-people');
      const by = { ...steward, roles: new Set(['steward', 'officer']) } as typeof steward;
      const given = { request: 'two-people', check, words, version: 2 };
      expect(code(await approveRequest(as(), by, given))).toBe('two-people');
      expect(must(await approveRequest(as(), officer, given)).state).toBe('AGREED');
    });

    test('is not given by anybody who wrote any version of it', async () => {
      await requested(club, 'rewritten');
      const other = { ...steward, id: 'another.steward' };
      const document = { ...club.document('rewritten'), title: 'Another' };
      must(await requestRelease(as(), other, { recipient: 'example-mailing', document, version: 1 }));
      const check = must(await checkRequest(as(), other, { request: 'rewritten' })).id;
      await club.work();
      const by = { ...officer, id: 's.steward' };
      const given = { request: 'rewritten', check, words, version: 3 };
      expect(code(await approveRequest(as(), by, given))).toBe('two-people');
    });

    test('is of the documents as they are, and of no earlier check', async () => {
      const check = await checked(club, 'outdated');
      const path = 'contacts.yaml';
      const text =
        'language: en\njurisdiction: GB\nstorage-locations: [GB]\nnotice-url: https://club.example/notices/{notice}\nwithdrawal: https://club.example/stop\nparties: []\n';
      must(await putDocument(as(), steward, { path, text, version: 0 }));
      const given = { request: 'outdated', check, words, version: 2 };
      expect(code(await approveRequest(as(), officer, given))).toBe('check-outdated');
      expect(must(await showRequest(as(), steward, { request: 'outdated' })).state).toBe('OFFERED');
    });

    test.each([
      ['a send-back', true],
      ['another check', false],
    ])('is of the latest check, and not of one before %s', async (what, back) => {
      const request = `older-${what.length}`;
      const check = await checked(club, request);
      if (back) must(await sendBackRequest(as(), officer, { request, words: 'too wide', version: 2 }));
      const latest = must(await checkRequest(as(), steward, { request })).id;
      await club.work();
      const given = { request, words, version: back ? 4 : 3 };
      expect(code(await approveRequest(as(), officer, { ...given, check }))).toBe('check-outdated');
      expect(must(await approveRequest(as(), officer, { ...given, check: latest })).state).toBe('AGREED');
    });

    test('ends when the request is changed or sent back', async () => {
      const { version } = await approved(club, 'sent-back');
      const back = { request: 'sent-back', words: 'the audience is too wide', version };
      expect(must(await sendBackRequest(as(), officer, back)).state).toBe('REQUESTED');
      const { approvedOn } = must(await showRequest(as(), steward, { request: 'sent-back' }));
      expect(approvedOn).toBeNull();
      const at = { request: 'sent-back', version: version + 1 };
      expect(code(await releaseRequest(as(), steward, at))).toBe('wrong-state');
    });

    test('says why it is lawful to its own organisation, and not to the party', async () => {
      await approved(club, 'lawful');
      const said = async (who: typeof steward) =>
        must(await showRequest(as(), who, { request: 'lawful' })).events.find(
          ({ deed }) => deed === 'approved',
        )?.words;
      expect(await said(auditor)).toBe(words);
      expect(await said(mailing)).toBeNull();
    });
  });
});
