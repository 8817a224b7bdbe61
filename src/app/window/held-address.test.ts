/** Whoever gets the address of somebody else put on record is told nothing of them: of no request, and not that there is one. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { heldDays } from '../flow/contact-changes.ts';
import { must, officer, steward } from '../flow/flow.fixture.ts';
import { answerCase, answerCaseInput } from './answer-case.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { showCase } from './show-case.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  beforeAll(async () => {
    club = await windowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  const mailsTo = async (recipient: string): Promise<number> => {
    const mails = await club.service.state.as(club.org, (tx) =>
      tx
        .selectFrom('mail')
        .select('kind')
        .where('org', '=', club.org)
        .where('recipient', '=', recipient)
        .execute(),
    );
    return mails.length;
  };
  const asked = (kind: string, person: string) =>
    openCaseInput.parse({
      ...{ kind, person, source: 'members', by: 'phone' },
      ...(kind === 'complaint' ? { words: 'It is late.' } : {}),
    });
  const move = async (from: string, to: string): Promise<void> => {
    const path = join(club.service.data, club.org, 'data/members.csv');
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  };

  test('of an open request no step is told to an address that was changed since, until it has stood for long enough', async () => {
    const opened = must(await openCase(club.service, steward, asked('complaint', 'M001')));
    expect([opened.mailed, await mailsTo('ada@people.example')]).toEqual([true, 1]);
    const { case: id } = opened;
    const look = async (as = officer) => must(await showCase(club.service, as, { case: id }));
    expect((await look()).addressHeld).toBe(false);

    await move('ada@people.example', 'other@people.example');
    const acknowledged = answerCaseInput.parse({ case: id, version: 1, deed: 'acknowledged' });
    expect(must(await answerCase(club.service, officer, acknowledged)).mailed).toBe(false);
    expect((await look()).addressHeld).toBe(true);
    expect(await mailsTo('other@people.example')).toBe(0);

    club.pass(heldDays + 1);
    const words = 'Since when?';
    const question = answerCaseInput.parse({ case: id, version: 2, deed: 'asked', words });
    expect(must(await answerCase(club.service, officer, question)).mailed).toBe(true);
    expect([(await look()).addressHeld, await mailsTo('other@people.example')]).toEqual([false, 1]);
  });

  test('a request opened at the desk is not told there, an erasure neither', async () => {
    await move('ben@people.example', 'another@people.example');
    for (const kind of ['access', 'erasure'])
      expect(must(await openCase(club.service, steward, asked(kind, 'M002'))).mailed).toBe(false);
    expect(await mailsTo('another@people.example')).toBe(0);
  });
});
