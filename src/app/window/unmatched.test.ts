/** Somebody who is in no record, or cannot be matched: they are answered, and whoever they may be is stopped. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { checked, code, must, officer, steward } from '../flow/flow.fixture.ts';
import { putDocument } from '../flow/put-document.ts';
import { readDocument } from '../flow/read-document.ts';
import { showCheck } from '../flow/show-check.ts';
import { type EndedCase, endCase, endCaseInput } from './end-case.ts';
import { findPerson, findPersonInput } from './find-person.ts';
import { listCases } from './list-cases.ts';
import { listUnresolved } from './list-unresolved.ts';
import { type OpenedCase, openCase, openCaseInput } from './open-case.ts';
import { ownLookUp } from './own-look-up.ts';
import { resolveEvent } from './resolve-event.ts';
import { showCase } from './show-case.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

const page = { limit: 50 } as const;
const nearAda = { surname: 'Ambzzz', postcode: 'ZZ1 1ZZ' };
const replyTo = '4 Elm Row, ZZ1 1ZZ';

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  beforeAll(async () => {
    club = await windowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  const letter = { by: 'letter', signed: '2026-01-02', received: '2026-01-05', replyTo };
  const open = async (given: object): Promise<OpenedCase> =>
    must(await openCase(club.service, steward, openCaseInput.parse({ ...letter, ...given })));
  const shown = async (id: string) => must(await showCase(club.service, steward, { case: id }));
  const waiting = async () => must(await listUnresolved(club.service, steward, page)).items;
  const end = async (id: string, outcome: 'done' | 'refused', words: string) =>
    endCase(
      club.service,
      steward,
      endCaseInput.parse({ case: id, version: (await shown(id)).version, outcome, words }),
    );
  const nobodys = async (event: string, records: readonly string[] = []) =>
    must(
      await resolveEvent(club.service, steward, {
        ...{ event, source: 'members', records: [...records], words: 'looked' },
      }),
    );

  test.each([
    [{ kind: 'access' }, '2026-02-05'],
    [{ kind: 'complaint', words: 'You wrote to me.' }, '2026-02-04'],
    [{ kind: 'correction', source: 'members', field: 'surname', value: 'Ambry' }, '2026-02-05'],
  ])('%o stands in the list with its clock, is answered, and ends without a mail', async (given, due) => {
    const made = await open(given);
    expect(made).toMatchObject({ mailed: false, signed: '2026-01-02', received: '2026-01-05' });
    expect(made.due).toMatchObject({ on: due, overdue: true });
    expect(await shown(made.case)).toMatchObject({ replyTo, record: null, isUnmatched: true, stops: [] });
    const listed = async () => must(await listCases(club.service, officer, { ...page, state: 'open' })).items;
    expect((await listed()).map((one) => one.case)).toContain(made.case);
    const ended = must<EndedCase>(await end(made.case, 'done', 'We hold nothing on you.'));
    expect(ended).toMatchObject({ state: 'done', mailed: false });
    expect(await shown(made.case)).toMatchObject({ answer: 'We hold nothing on you.', replyTo });
    expect((await listed()).map((one) => one.case)).not.toContain(made.case);
    expect(await waiting()).toEqual([]);
  });

  test('an erasure and an objection hold back everybody they may be of, and wait for a person to say whose they are', async () => {
    const released = async (id: string): Promise<number> =>
      must(await showCheck(club.service, officer, { check: await checked(club, id) })).released ?? 0;
    const before = await released('before');
    const erasure = await open({ kind: 'erasure', details: nearAda });
    const objection = await open({ kind: 'objection', words: 'No more.', details: nearAda });
    expect(erasure.receipt).toBeDefined();
    expect(await released('held')).toBeLessThan(before);
    const [stop, ...others] = (await shown(erasure.case)).stops;
    expect([stop, others]).toEqual([{ event: erasure.event, waits: true }, []]);
    expect((await waiting()).map(({ event }) => event).sort()).toEqual(
      [erasure.event, objection.event].sort(),
    );
    for (const one of await waiting()) expect(one).toMatchObject({ received: '2026-01-05' });
    expect((await waiting()).every(({ plausible }) => plausible > 0)).toBe(true);
    expect(code(await end(erasure.case, 'done', 'We hold nothing on you.'))).toBe('wrong-state');
    await nobodys(erasure.event ?? '');
    expect((await shown(erasure.case)).stops).toEqual([{ event: erasure.event, waits: false }]);
    const ended = must<EndedCase>(await end(erasure.case, 'done', 'We hold nothing on you.'));
    expect([ended.state, ended.leftToDo]).toEqual(['done', undefined]);
    expect(await shown(erasure.case)).toMatchObject({ answer: 'We hold nothing on you.', replyTo });
    expect(code(await end(objection.case, 'done', 'It is stopped.'))).toBe('done');
    await nobodys(objection.event ?? '');
    expect(await released('resolved')).toBe(before);
  }, 240_000);

  test('nobody is told that nothing is held of them whose stop is of somebody, or surely matches somebody', async () => {
    const theirs = await open({ kind: 'erasure', details: nearAda });
    await nobodys(theirs.event ?? '', ['M001']);
    expect(code(await end(theirs.case, 'done', 'We hold nothing on you.'))).toBe('wrong-state');
    expect(code(await end(theirs.case, 'refused', 'It goes on as another request.'))).toBe('done');
    const sure = await open({ kind: 'erasure', details: { email: 'ben@people.example' } });
    await nobodys(sure.event ?? '');
    expect(code(await end(sure.case, 'done', 'We hold nothing on you.'))).toBe('wrong-state');
  });

  test('what stops nobody, as nothing is said of whom it may be, is not opened', async () => {
    const opening = (given: object) =>
      openCase(club.service, steward, openCaseInput.parse({ ...letter, ...given }));
    const before = must(await listCases(club.service, officer, page)).items.length;
    expect(code(await opening({ kind: 'erasure' }))).toBe('input-invalid');
    expect(code(await opening({ kind: 'erasure', details: { surname: 'Ambzzz' } }))).toBe(
      'preference-refused',
    );
    const known = { source: 'members', person: 'M001' };
    expect(code(await opening({ kind: 'erasure', details: nearAda, ...known }))).toBe('input-invalid');
    expect(code(await opening({ kind: 'access', details: nearAda }))).toBe('input-invalid');
    expect(must(await listCases(club.service, officer, page)).items.length).toBe(before);
  });

  test('it stops in every source that there is', async () => {
    const { service } = club;
    const path = 'sources/members.yaml';
    const { text } = must(await readDocument(service, steward, { path }));
    const twin = text.replace(/^source: members$/m, 'source: guests');
    expect(twin).not.toBe(text);
    must(await putDocument(service, steward, { path: 'sources/guests.yaml', text: twin, version: 0 }));
    const before = new Set((await waiting()).map(({ event }) => event));
    const made = await open({ kind: 'erasure', details: { surname: 'Nobzzz', postcode: 'ZZ9 9ZZ' } });
    const { stops } = await shown(made.case);
    expect(stops).toHaveLength(2);
    const now = (await waiting()).filter(({ event }) => !before.has(event));
    expect(now.map(({ source }) => source).sort()).toEqual(['guests', 'members']);
    expect(now.map(({ event }) => event).sort()).toEqual(stops.map(({ event }) => event).sort());
  });

  test.each([
    ['of somebody in no record', { details: nearAda }],
    ['of a record', { source: 'members', person: 'M004', words: 'Leave me be.', replyTo: null }],
  ])('a stop by telephone %s holds from the day that was said, where no other is', async (_, of) => {
    const input = { kind: 'objection', words: 'No more.', by: 'phone', received: null, ...of };
    expect((await open({ ...input, signed: '2026-01-02' })).receipt).toMatchObject({
      content: { signed: '2026-01-02', received: expect.stringMatching(/T/) },
    });
  });

  test('a look-up is gone on from by who made it, for an hour', async () => {
    const input = findPersonInput.parse({ reason: 'they rang', email: 'nobody@example.invalid' });
    const { lookUp } = must(await findPerson(club.service, steward, input));
    expect(must(await ownLookUp(club.service, steward, { lookUp }))).toEqual({ lookUp });
    expect(code(await ownLookUp(club.service, officer, { lookUp }))).toBe('not-found');
    expect(code(await ownLookUp(club.service, steward, { lookUp: 'x' }))).toBe('not-found');
    const later = { ...club.service, now: () => new Date(Date.now() + 3_700_000) };
    expect(code(await ownLookUp(later, steward, { lookUp }))).toBe('link-expired');
  });
});
