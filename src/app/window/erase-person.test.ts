import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { StateError } from '../../store/postgres/state-error.ts';
import { code, must, officer, steward } from '../flow/flow.fixture.ts';
import { ingestSource } from '../flow/ingest-source.ts';
import { isOnRecord } from '../flow/is-on-record.ts';
import type { Actor } from '../flow/service.ts';
import { answerCase, answerCaseInput } from './answer-case.ts';
import { addressOf } from './change-case.ts';
import { endCase } from './end-case.ts';
import { heldRecord } from './held-record.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { ownKeyed } from './record-key.ts';
import { isSafe, setSafeContact } from './safe-contact.ts';
import { showCase } from './show-case.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  const as = () => club.service;
  const gwen = () => club.member('gwen@people.example');
  beforeAll(async () => {
    club = await windowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  test('an erasure that is done takes the person out of the state, and leaves the case and its clock', async () => {
    must(await setSafeContact(as(), gwen(), { source: null, person: null, safe: true }));
    must(await setSafeContact(as(), gwen(), { source: null, person: null, safe: false }));
    const complaint = must(
      await openCase(as(), gwen(), openCaseInput.parse({ kind: 'complaint', words: 'I am Gwen Garside.' })),
    );
    const rang = { case: complaint.case, version: 1, deed: 'note', words: 'Gwen Garside rang.' };
    must(await answerCase(as(), officer, answerCaseInput.parse(rang)));
    await signedIn('gwen@people.example');
    await kept();
    expect(await tablesWith(/gwen|garside|M007/i)).toEqual([
      ...['astold.answered', 'astold.mail', 'astold.member_case', 'astold.member_case_step'],
      ...['member_auth."user"', 'member_auth.verification'],
    ]);
    const { case: id } = must(await openCase(as(), gwen(), openCaseInput.parse({ kind: 'erasure' })));
    // What else she asked for would be open for ever, and nobody could answer it.
    const gone = { case: id, version: 1, outcome: 'done', words: 'She is erased.' } as const;
    expect(code(await endCase(as(), officer, gone))).toBe('wrong-state');
    const others = must(await showCase(as(), officer, { case: id })).others;
    expect(others.map((each) => each.case)).toEqual([complaint.case]);
    expect(must(await showCase(as(), gwen(), { case: id })).others).toEqual([]);
    expect(await heldRecord(as(), club.org, { source: 'members', record: 'M007' })).not.toBeNull();
    const answered = { case: complaint.case, version: 2, outcome: 'refused', words: 'No, Gwen.' } as const;
    must(await endCase(as(), officer, answered));
    const done = must(
      await endCase(as(), officer, {
        case: id,
        version: 1,
        outcome: 'done',
        words: 'Gwen Garside is erased.',
      }),
    );
    expect(done).toMatchObject({ state: 'done', mailed: true });
    expect(done.leftToDo?.join('\n')).toContain('data/members.csv');

    const found = await tablesWith(/gwen|garside|M007/i);
    // The last mail waits to be sent; once it has gone, nothing is left of it.
    expect(found).toEqual(['astold.mail']);
    await as().state.as(club.org, async (tx) => {
      const mails = await tx
        .selectFrom('mail')
        .select(['kind', 'recipient'])
        .where('org', '=', club.org)
        .execute();
      expect(mails).toEqual([{ kind: 'erased', recipient: 'gwen@people.example' }]);
      await tx.deleteFrom('mail').where('org', '=', club.org).execute();
    });
    expect(await tablesWith(/gwen|garside|M007/i)).toEqual([]);
    const shown = must(await showCase(as(), officer, { case: complaint.case }));
    expect(shown).toMatchObject({ kind: 'complaint', record: null, said: { words: null } });
    expect(shown.steps.map(({ deed, words }) => [deed, words])).toEqual([
      ['opened', null],
      ['note', null],
      ['refused', null],
    ]);
    // What is left to people stands there for whoever closed the page.
    const note = must(await showCase(as(), officer, { case: id })).steps.at(-1);
    expect([note?.deed, note?.words]).toEqual(['note', done.leftToDo?.join('\n')]);
  });

  test('who was erased is erased again while the file has them: what was said since goes', async () => {
    const of = { source: 'members', person: 'M007', by: 'letter', received: '2026-03-01' };
    const complaint = { kind: 'complaint', words: 'Gwen Garside was rung again.', ...of };
    const { case: said } = must(await openCase(as(), steward, openCaseInput.parse(complaint)));
    const erasure = openCaseInput.parse({ kind: 'erasure', words: 'Gwen Garside once more', ...of });
    const again = must(await openCase(as(), steward, erasure));
    expect(again).toMatchObject({ state: 'open', event: null });
    expect(again.receipt).toBeUndefined();
    const objection = openCaseInput.parse({ ...complaint, kind: 'objection' });
    expect(code(await openCase(as(), steward, objection))).toBe('preference-refused');
    const end = { version: 1, outcome: 'done', words: 'Gwen Garside is gone.' } as const;
    must(await endCase(as(), officer, { ...end, case: said }));
    const done = must(await endCase(as(), officer, { case: again.case, ...end }));
    expect(done.leftToDo?.join('\n')).toContain('data/members.csv');
    expect(must(await showCase(as(), officer, { case: said })).said.words).toBeNull();
    await as().state.as(club.org, (tx) => tx.deleteFrom('mail').where('org', '=', club.org).execute());
    expect(await tablesWith(/gwen|garside|M007/i)).toEqual([]);
  });

  test('of two requests for one erasure the second ends as done, and erases nobody again', async () => {
    const of = { source: 'members', person: 'M010', by: 'letter', received: '2026-03-01' };
    const erasure = openCaseInput.parse({ kind: 'erasure', ...of });
    const { case: first } = must(await openCase(as(), steward, erasure));
    const second = await twin(first);
    const end = { version: 1, outcome: 'done', words: 'It is done.' } as const;
    must(await endCase(as(), officer, { case: first, ...end }));
    const note = { case: second, version: 1, deed: 'note', words: 'That was M010.' };
    must(await answerCase(as(), officer, answerCaseInput.parse(note)));
    const done = must(await endCase(as(), officer, { case: second, ...end, version: 2 }));
    expect(done).toMatchObject({ state: 'done', mailed: false, leftToDo: [] });
    const { steps } = must(await showCase(as(), officer, { case: second }));
    expect(steps.map(({ deed, words }) => [deed, words])).toEqual([
      ['note', null],
      ['done', null],
    ]);
  });

  /** As two at once were written before one of them waited. */
  const twin = (id: string): Promise<string> =>
    as().state.as(club.org, async (tx) => {
      const { said, ...row } = await tx
        .selectFrom('member_case')
        .selectAll()
        .where('org', '=', club.org)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const values = { ...row, id: `${id}-2`, number: row.number + 1, said: JSON.stringify(said) };
      await tx.insertInto('member_case').values(values).execute();
      return values.id;
    });

  /** As their e-mail address stands in the accounts while they are signed in, and in a link on its way. */
  async function signedIn(email: string): Promise<void> {
    const { internalAdapter } = await club.auths.members.$context;
    const user = await internalAdapter.createUser({ email, name: '', emailVerified: true }, {
      method: 'magic-link',
    } as never);
    const session = await internalAdapter.createSession(user.id);
    await internalAdapter.updateSession(session.token, { org: club.org });
    await internalAdapter.createVerificationValue({
      identifier: `a-link-${email}`,
      value: JSON.stringify({ email }),
      expiresAt: new Date(Date.now() + 60_000),
    });
  }

  /** As the desk's answers to a program stand in what is kept for a replay. */
  async function kept(): Promise<void> {
    const row = { org: club.org, actor: 'machine:desk', route: 'open-case', digest: 'd', at: as().now() };
    const said = { status: 201, type: 'application/json' };
    await as().state.as(club.org, (tx) =>
      tx
        .insertInto('answered')
        .values([{ ...row, ...said, key: 'k-1', body: JSON.stringify({ person: 'M007', name: 'Gwen' }) }])
        .execute(),
    );
  }

  const mailsTo = async (email: string): Promise<readonly string[]> => {
    const mails = await as().state.as(club.org, (tx) =>
      tx.selectFrom('mail').select('kind').where('recipient', '=', email).execute(),
    );
    return mails.map(({ kind }) => kind);
  };
  const forgetMails = () =>
    as().state.as(club.org, (tx) => tx.deleteFrom('mail').where('org', '=', club.org).execute());

  async function tablesWith(pattern: RegExp): Promise<readonly string[]> {
    return [...(await club.tables())].flatMap(([name, text]) => (pattern.test(text) ? [name] : []));
  }

  test('an erasure of a record that nobody knows is not done, and a second end finds it ended', async () => {
    const given = openCaseInput.parse({
      kind: 'erasure',
      by: 'letter',
      received: '2026-01-05',
      replyTo: 'x@y.example',
      details: { email: 'x@y.example' },
    });
    const { case: id } = must(await openCase(as(), steward, given));
    const end = { case: id, version: 1, outcome: 'done', words: 'gone' } as const;
    expect(code(await endCase(as(), officer, end))).toBe('wrong-state');
    must(await endCase(as(), officer, { ...end, outcome: 'refused' }));
    expect(code(await endCase(as(), officer, { ...end, version: 2 }))).toBe('wrong-state');
  });

  test('whoever is taken out of the file before the end is forgotten all the same, and has their last mail', async () => {
    const email = 'dev@people.example';
    const dev = club.member(email);
    await signedIn(email);
    const { case: id } = must(await openCase(as(), dev, openCaseInput.parse({ kind: 'erasure' })));
    expect(await mailsTo(email)).toEqual(['case']);
    const path = join(as().data, club.org, 'data/members.csv');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.filter((line) => !line.includes(email)).join('\n'));
    must(await ingestSource(as(), steward, { source: 'members' }));
    await club.work();
    must(await endCase(as(), officer, { case: id, version: 1, outcome: 'done', words: 'done' }));
    expect(await mailsTo(email)).toEqual(['erased']);
    await forgetMails();
    expect(await tablesWith(/dev@people/i)).toEqual([]);
  });

  test('whoever was erased signs in no more while the file has them, and stays out of sight', async () => {
    const email = 'cara@people.example';
    const cara = club.member(email);
    must(await setSafeContact(as(), cara, { source: null, person: null, safe: true }));
    const [own] = await ownKeyed(as(), cara);
    if (own === undefined) throw new RangeError('Cara is not in the club');
    const change = { org: club.org, source: own.source, record_key: own.key, changed_at: new Date(0) };
    await as().state.as(club.org, (tx) =>
      tx
        .insertInto('contact_change')
        .values({ ...change, contact_key: 'of-her-address' })
        .execute(),
    );
    const { case: id } = must(await openCase(as(), cara, openCaseInput.parse({ kind: 'erasure' })));
    expect(
      must(await endCase(as(), officer, { case: id, version: 1, outcome: 'done', words: '-' })),
    ).toMatchObject({
      mailed: false,
    });
    expect(await heldRecord(as(), club.org, own)).not.toBeNull();
    expect(await ownKeyed(as(), cara)).toEqual([]);
    expect(await isOnRecord(as(), club.org, email)).toBe(false);
    await as().state.as(club.org, async (tx) => {
      expect(await isSafe(tx, club.org, own.source, own.key)).toBe(true);
      const kept = tx.selectFrom('contact_change').selectAll().where('record_key', '=', own.key);
      expect(await kept.execute()).toEqual([{ ...change, contact_key: '' }]);
    });
  });

  test('an erasure that is refused keeps no address', async () => {
    const { case: id } = must(
      await openCase(as(), club.member('ben@people.example'), openCaseInput.parse({ kind: 'erasure' })),
    );
    const kept = () =>
      as().state.as(club.org, (tx) =>
        tx.selectFrom('member_case').select('reply_to').where('id', '=', id).executeTakeFirstOrThrow(),
      );
    expect(await kept()).toEqual({ reply_to: 'ben@people.example' });
    must(
      await endCase(as(), officer, { case: id, version: 1, outcome: 'refused', words: 'We must keep it.' }),
    );
    expect(await kept()).toEqual({ reply_to: null });
  });

  test('the same address in another record stays theirs', async () => {
    const path = join(as().data, club.org, 'data/members.csv');
    const text = await readFile(path, 'utf8');
    const [first = ''] = text.split('\n').filter((line) => line.startsWith('M008'));
    await writeFile(path, `${text}${first.replace('M008', 'H008').replace('Hugo', 'Hilda')}\n`);
    must(await ingestSource(as(), steward, { source: 'members' }));
    await club.work();
    const hugo = club.member('hugo@people.example');
    const given = openCaseInput.parse({ kind: 'erasure', source: 'members', person: 'M008' });
    const { case: id } = must(await openCase(as(), hugo, given));
    must(
      await openCase(as(), hugo, openCaseInput.parse({ kind: 'complaint', words: 'Hm.', person: 'H008' })),
    );
    must(await endCase(as(), officer, { case: id, version: 1, outcome: 'done', words: 'done' }));
    const left = await as().state.as(club.org, (tx) =>
      tx
        .selectFrom('mail')
        .select('kind')
        .where('org', '=', club.org)
        .where('recipient', '=', 'hugo@people.example')
        .orderBy('kind')
        .execute(),
    );
    expect(left.map(({ kind }) => kind)).toContain('case');
    expect(left.map(({ kind }) => kind)).toContain('erased');
  });

  const letter = { by: 'letter', received: '2026-03-01' };
  const opened = async (given: object, who: Actor = steward) =>
    must(await openCase(as(), who, openCaseInput.parse({ ...letter, ...given })));

  test('what was opened while its person is erased ends with the erasure, and is not open for ever', async () => {
    const of = { source: 'members', person: 'M011' };
    const email = String((await addressOf(as(), { org: club.org, source: 'members', record: 'M011' })) ?? '');
    expect(email).toContain('@');
    const { case: id, number } = await opened({ kind: 'erasure', ...of });
    const meanwhile: string[] = [];
    const { accounts } = as();
    const busy = {
      ...as(),
      accounts: {
        ...accounts,
        async forgetMember(org: string, address: string) {
          const words = { kind: 'complaint', words: 'While you erased me.' };
          meanwhile.push((await opened({ ...words, ...of })).case);
          meanwhile.push((await opened({ ...words, replyTo: email })).case);
          return accounts.forgetMember(org, address);
        },
      },
    };
    must(await endCase(busy, officer, { case: id, version: 1, outcome: 'done', words: 'done' }));
    expect(meanwhile).toHaveLength(2);
    for (const other of meanwhile) {
      const shown = must(await showCase(as(), officer, { case: other }));
      expect(shown).toMatchObject({ state: 'done', said: { words: null }, replyTo: null });
      expect(shown.steps.slice(-2).map(({ deed }) => deed)).toEqual(['done', 'note']);
      expect(shown.steps.at(-1)?.words).toContain(String(number));
      const again = { case: other, version: shown.version, outcome: 'refused', words: 'No.' } as const;
      expect(code(await endCase(as(), officer, again))).toBe('wrong-state');
    }
  });

  test('an erasure that is cut short is not said to be undone, and ends when it is asked again', async () => {
    const of = { source: 'members', person: 'M005' };
    const { case: id } = await opened({ kind: 'erasure', ...of });
    const { accounts } = as();
    const away = new StateError('database-unreachable', '');
    const cut = { ...as(), accounts: { ...accounts, forgetMember: () => Promise.reject(away) } };
    const end = { case: id, version: 1, outcome: 'done', words: 'done' } as const;
    await expect(endCase(cut, officer, end)).rejects.toMatchObject({ code: 'cut-short', cause: away });
    expect(must(await showCase(as(), officer, { case: id }))).toMatchObject({ state: 'open', version: 1 });
    expect(must(await endCase(as(), officer, end)).state).toBe('done');
  });

  test('an erasure waits for an erasure of somebody in no record at the same address, and not at a shared one', async () => {
    const of = (record: string) => ({ source: 'members', person: record });
    const email = await addressOf(as(), { org: club.org, source: 'members', record: 'M012' });
    const details = { surname: 'Nobody', postcode: 'ZZ1 1ZZ' };
    const nobodys = await opened({ kind: 'erasure', replyTo: email, details });
    const { case: id } = await opened({ kind: 'erasure', ...of('M012') });
    const end = { case: id, version: 1, outcome: 'done', words: 'done' } as const;
    expect(code(await endCase(as(), officer, end))).toBe('wrong-state');
    const { others } = must(await showCase(as(), officer, { case: id }));
    expect(others.map((each) => each.case)).toEqual([nobodys.case]);
    const path = join(as().data, club.org, 'data/members.csv');
    const text = await readFile(path, 'utf8');
    const [line = ''] = text.split('\n').filter((each) => each.startsWith('M012'));
    await writeFile(path, `${text}${line.replace('M012', 'H012')}\n`);
    must(await ingestSource(as(), steward, { source: 'members' }));
    await club.work();
    // It may be of the other record there, and is not blanked: nothing waits for it.
    expect(must(await showCase(as(), officer, { case: id })).others).toEqual([]);
    must(await endCase(as(), officer, end));
    expect(must(await showCase(as(), officer, { case: nobodys.case }))).toMatchObject({
      state: 'open',
      replyTo: email,
    });
  });

  test('in which language somebody is written to is forgotten with them, after their last mail', async () => {
    const language = 'tlh-langtest';
    const of = { source: 'members', person: 'M009' };
    const first = await opened({ kind: 'complaint', words: 'Hm.', language, ...of });
    must(await endCase(as(), officer, { case: first.case, version: 1, outcome: 'refused', words: 'No.' }));
    const { case: id } = await opened({ kind: 'erasure', language, ...of });
    expect(await tablesWith(new RegExp(language))).toEqual(['astold.member_case']);
    must(await endCase(as(), officer, { case: id, version: 1, outcome: 'done', words: 'done' }));
    expect(await tablesWith(new RegExp(language))).toEqual([]);
  });
});
