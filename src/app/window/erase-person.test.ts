import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { code, must, officer, steward } from '../flow/flow.fixture.ts';
import { ingestSource } from '../flow/ingest-source.ts';
import { answerCase, answerCaseInput } from './answer-case.ts';
import { endCase } from './end-case.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { setSafeContact } from './safe-contact.ts';
import { showCase } from './show-case.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

describe.each(databases)('on $name', (database) => {
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
    const note = { case: complaint.case, version: 1, deed: 'note', words: 'Gwen Garside rang.' };
    must(await answerCase(as(), officer, answerCaseInput.parse(note)));
    await signedIn();
    await kept();
    expect(await tablesWith(/gwen|garside|M007/i)).toEqual([
      ...['astold.answered', 'astold.mail', 'astold.member_case', 'astold.member_case_step'],
      ...['member_auth."user"', 'member_auth.verification'],
    ]);
    const { case: id } = must(await openCase(as(), gwen(), openCaseInput.parse({ kind: 'erasure' })));
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
    ]);
  });

  /** As their e-mail address stands in the accounts while they are signed in, and in a link on its way. */
  async function signedIn(): Promise<void> {
    const { internalAdapter } = await club.auths.members.$context;
    const email = 'gwen@people.example';
    const user = await internalAdapter.createUser({ email, name: '', emailVerified: true }, {
      method: 'magic-link',
    } as never);
    const session = await internalAdapter.createSession(user.id);
    await internalAdapter.updateSession(session.token, { org: club.org });
    await internalAdapter.createVerificationValue({
      identifier: 'a-link',
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

  async function tablesWith(pattern: RegExp): Promise<readonly string[]> {
    return [...(await club.tables())].flatMap(([name, text]) => (pattern.test(text) ? [name] : []));
  }

  test('an erasure of a record that nobody knows is not done, and a second end finds it ended', async () => {
    const given = openCaseInput.parse({
      kind: 'erasure',
      by: 'letter',
      received: '2026-01-05',
      replyTo: 'x@y.example',
    });
    const { case: id } = must(await openCase(as(), steward, given));
    const end = { case: id, version: 1, outcome: 'done', words: 'gone' } as const;
    expect(code(await endCase(as(), officer, end))).toBe('wrong-state');
    must(await endCase(as(), officer, { ...end, outcome: 'refused' }));
    expect(code(await endCase(as(), officer, { ...end, version: 2 }))).toBe('wrong-state');
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
});
