/** What was tried until it was too late is seen by whoever can still do something about it. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flowPages } from '../../http/pages/all.ts';
import { requestRate } from '../../http/rate-limit.ts';
import { caseMail } from '../../mail/texts.ts';
import { dayOf } from '../../policy/dates.ts';
import { day as inWords } from '../../policy/figures.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { countWaiting } from '../flow/count-waiting.ts';
import { auditor, mailing, must, officer, steward, toys } from '../flow/flow.fixture.ts';
import { queueMail } from '../flow/queue-mail.ts';
import type { Actor } from '../flow/service.ts';
import { answerCase, answerCaseInput } from './answer-case.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { setSafeContact } from './safe-contact.ts';
import { showCase } from './show-case.ts';
import { webhooksGivenUp } from './webhooks-given-up.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  let pages: Hono;
  let asker: Actor = steward;
  beforeAll(async () => {
    club = await windowFixture(database);
    const actorOf = async (_: Request, org: string) => (asker.org === org ? asker : null);
    pages = flowPages({ service: club.service, actorOf, rate: requestRate(1_000_000) });
  }, 180_000);
  afterAll(() => club.drop());

  const page = async (who: Actor, path: string): Promise<string> => {
    asker = who;
    return (await pages.request(`${club.service.url}/organisations/${club.org}${path}`)).text();
  };
  const giveUpMail = () =>
    club.service.state.as(club.org, (tx) =>
      tx
        .updateTable('mail')
        .set({ given_up_at: club.service.now() })
        .where('org', '=', club.org)
        .where('given_up_at', 'is', null)
        .execute(),
    );

  test('a mail of a request that was given up is counted, and told to the staff who answer it, until another goes', async () => {
    const { service } = club;
    const ada = club.member('ada@people.example');
    const { case: id, number } = must(
      await openCase(service, ada, openCaseInput.parse({ kind: 'complaint', words: 'You rang at night.' })),
    );
    const seenBy = async (who: Actor) => must(await showCase(service, who, { case: id })).mailGivenUp;
    const of = await countWaiting(service);
    expect(of).toMatchObject({ mail: 1, givenUp: { mail: 0, webhooks: 0 } });
    expect(await seenBy(officer)).toBe(false);

    await giveUpMail();
    expect(await countWaiting(service)).toMatchObject({ mail: 0, givenUp: { mail: 1, webhooks: 0 } });
    for (const who of [officer, steward]) expect(await seenBy(who)).toBe(true);
    for (const who of [auditor, ada]) expect(await seenBy(who)).toBe(false);
    expect(await page(officer, `/desk/cases/${id}`)).toContain(english.desk.one.mailGivenUp);

    // Of another request, whose number ends as this one's does.
    const other = caseMail(english, {
      ...{ name: 'Club', number: Number(`1${number}`), kind: 'access', deed: 'opened', url: 'http://x/' },
      due: { what: 'answer', on: null },
    });
    await service.state.as(club.org, (tx) =>
      queueMail(tx, { org: club.org, recipient: 'ben@people.example', ...other }, service.now()),
    );
    expect(await seenBy(officer)).toBe(true);

    club.pass(1);
    const said = answerCaseInput.parse({ case: id, version: 1, deed: 'acknowledged' });
    must(await answerCase(service, officer, said));
    expect(await seenBy(officer)).toBe(false);
    expect(await page(officer, `/desk/cases/${id}`)).not.toContain(english.desk.one.mailGivenUp);

    await giveUpMail();
    expect(await seenBy(officer)).toBe(true);
    must(await setSafeContact(service, ada, { source: null, person: null, safe: true }));
    expect(await seenBy(officer)).toBe(false);
  });

  test('a webhook that was given up is told to its party and to the steward, and to no other party', async () => {
    const { service, org } = club;
    const at = service.now();
    const hook = { org, url: 'https://hook.example/', secret: 'whsec_x', made_by: 'm', made_at: at };
    const delivery = { org, event: 'passed-on', body: '{}', made_at: at, next_at: at, attempts: 9 };
    await service.state.as(org, async (tx) => {
      await tx
        .insertInto('webhook')
        .values([
          { ...hook, id: 'dead', party: 'example-mailing' },
          { ...hook, id: 'stopped', party: 'example-toys', stopped_at: at },
        ])
        .execute();
      await tx
        .insertInto('webhook_delivery')
        .values([
          { ...delivery, id: 'd-1', webhook: 'dead', given_up_at: at },
          { ...delivery, id: 'd-2', webhook: 'dead' },
          { ...delivery, id: 'd-3', webhook: 'stopped', given_up_at: at },
        ])
        .execute();
    });
    const on = dayOf(at.getTime());
    expect(await webhooksGivenUp(service, mailing)).toEqual([{ party: 'example-mailing', yours: true, on }]);
    expect(await webhooksGivenUp(service, steward)).toEqual([{ party: 'example-mailing', yours: false, on }]);
    expect(await webhooksGivenUp(service, toys)).toEqual([]);
    expect((await countWaiting(service)).givenUp.webhooks).toBe(2);

    expect(await page(mailing, '/passed-on')).toContain(
      `Our messages to your program (webhook) were given up on ${inWords(on)}. Use this list.`,
    );
    expect(await page(steward, '/passed-on')).toContain(
      `Our messages to the program (webhook) of <bdi>example-mailing</bdi> were given up on ${inWords(on)}.`,
    );
    expect(await page(toys, '/passed-on')).not.toContain('given up');

    // One that says itself that it is gone is ended by us: its party has to know.
    await service.state.as(org, (tx) =>
      tx.updateTable('webhook_delivery').set({ status: 410 }).where('id', '=', 'd-3').execute(),
    );
    expect(await webhooksGivenUp(service, toys)).toEqual([{ party: 'example-toys', yours: true, on }]);
  });
});
