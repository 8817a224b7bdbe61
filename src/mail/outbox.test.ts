import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { coverOf, isSealed } from '../app/flow/cover.ts';
import { newOrganisation, type TestService, testService } from '../app/flow/duties.fixture.ts';
import { linkLasts } from '../app/flow/link-lasts.ts';
import { queueLinkMail, queueMail } from '../app/flow/queue-mail.ts';
import { databases, type TestState } from '../store/postgres/databases.fixture.ts';
import { forgetSentMail, sendDueMail } from './outbox.ts';
import { forgetMailFiles, openTransport, type Transport } from './send.ts';
import { type SmtpServer, smtpServer } from './smtp.fixture.ts';

const minute = 60_000;
const hour = 60 * minute;

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let service: TestService;
  let server: SmtpServer;
  let transport: Transport;
  beforeAll(async () => {
    made = await database.create();
    await newOrganisation(made.state, 'club');
    await newOrganisation(made.state, 'other');
  });
  afterAll(() => made.drop());
  beforeEach(async () => {
    service = testService(made.state, made.data);
    server = await smtpServer();
    transport = openTransport({ smtp: server.url, from: 'astold@club.example', folder: '/nowhere' });
  });
  afterEach(async () => {
    transport.close();
    await server.close();
    for (const org of ['club', 'other', '*'])
      await made.state.as(org, (tx) => tx.deleteFrom('mail').where('org', '=', org).execute());
  });

  const queue = (recipient: string, kind = 'duty-reminder', org = 'club'): Promise<string> =>
    made.state.as(org, (tx) => {
      const mail = { org, recipient, kind, subject: 'Überfällig', body: 'A line.\n.\nAnother.\n' };
      return linkLasts.has(kind)
        ? queueLinkMail(tx, service.cover, mail, service.now())
        : queueMail(tx, mail, service.now());
    });
  const rowOf = (id: string, org = 'club') =>
    made.state.as(org, (tx) =>
      tx.selectFrom('mail').selectAll().where('org', '=', org).where('id', '=', id).executeTakeFirst(),
    );

  test('what is queued is sent once, to one address, and its words are not kept', async () => {
    const id = await queue('anna@people.example');
    expect(await sendDueMail(service, transport)).toEqual({ sent: 1, failed: 0, givenUp: 0 });
    expect(await sendDueMail(service, transport)).toEqual({ sent: 0, failed: 0, givenUp: 0 });
    const [mail] = server.received;
    expect(server.received).toHaveLength(1);
    expect(mail?.to).toEqual(['anna@people.example']);
    expect(mail?.message).toContain(`Message-ID: <${id}@club.example>`);
    expect(mail?.message).toContain('Auto-Submitted: auto-generated');
    expect(await rowOf(id)).toMatchObject({ sent_at: service.now(), body: '', attempts: 1, fault: null });
  });

  test('mail of every organisation and of the service itself goes', async () => {
    await queue('a@people.example', 'sign-in', '*');
    await queue('b@people.example', 'sign-in', 'other');
    await queue('c@people.example', 'sign-in', 'club');
    expect((await sendDueMail(service, transport)).sent).toBe(3);
  });

  test('mail of a transaction that is rolled back is never sent', async () => {
    const sending = made.state.as('club', async (tx) => {
      const mail = { org: 'club', recipient: 'a@people.example', kind: 'case', subject: 's', body: 'b' };
      await queueMail(tx, mail, service.now());
      throw new RangeError('no');
    });
    await expect(sending).rejects.toThrow(RangeError);
    expect((await sendDueMail(service, transport)).sent).toBe(0);
  });

  test('two servers at once send each mail once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, i) => queue(`p${i}@people.example`)));
    const counts = await Promise.all([sendDueMail(service, transport), sendDueMail(service, transport)]);
    expect(counts.reduce((sum, { sent }) => sum + sent, 0)).toBe(ids.length);
    expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(ids.length);
    expect(server.received).toHaveLength(ids.length);
  });

  test('while the mail server is down nothing is lost, and it goes once it is up', async () => {
    const ids = [await queue('a@people.example'), await queue('b@people.example')];
    await server.close();
    for (let tries = 0; tries < 6; tries += 1) {
      expect(await sendDueMail(service, transport)).toEqual({ sent: 0, failed: 1, givenUp: 0 });
      service.pass(40 * minute);
    }
    expect((await rowOf(ids[0] ?? ''))?.fault).toMatch(/^E[A-Z]+$/);
    await server.open();
    service.pass(6 * hour);
    expect((await sendDueMail(service, transport)).sent).toBe(2);
    expect(server.received).toHaveLength(2);
  });

  test('a mail that the server would not take is tried again, later each time, and holds up no other', async () => {
    server.answer('full@people.example', '452 full@people.example is full');
    const id = await queue('full@people.example');
    await queue('a@people.example');
    expect(await sendDueMail(service, transport)).toEqual({ sent: 1, failed: 1, givenUp: 0 });
    expect((await sendDueMail(service, transport)).failed).toBe(0);
    service.pass(minute);
    expect((await sendDueMail(service, transport)).failed).toBe(1);
    service.pass(minute);
    expect((await sendDueMail(service, transport)).failed).toBe(0);
    expect(await rowOf(id)).toMatchObject({ attempts: 2, fault: 'EENVELOPE 452' });
    server.answer('full@people.example', '250 ok');
    service.pass(minute);
    expect((await sendDueMail(service, transport)).sent).toBe(1);
  });

  test('after five days it is given up, and stays to be seen', async () => {
    server.answer('gone@people.example', '550 nobody');
    const id = await queue('gone@people.example');
    service.pass(4 * 24 * hour);
    expect((await sendDueMail(service, transport)).givenUp).toBe(0);
    service.pass(24 * hour);
    expect(await sendDueMail(service, transport)).toEqual({ sent: 0, failed: 1, givenUp: 1 });
    expect(await rowOf(id)).toMatchObject({
      given_up_at: service.now(),
      sent_at: null,
      fault: 'EENVELOPE 550',
    });
    service.pass(24 * hour);
    expect((await sendDueMail(service, transport)).failed).toBe(0);
  });

  test('a link waits sealed, goes as it is, and not at all from where the secret is another', async () => {
    const mail = { org: 'club', recipient: 'x', kind: 'invitation', subject: 's', body: 'b' };
    await made.state.as('club', async (tx) =>
      expect(() => queueMail(tx, mail, service.now())).toThrow(RangeError),
    );
    const id = await queue('a@people.example', 'invitation');
    const { body } = (await rowOf(id)) ?? { body: '' };
    expect(isSealed(body)).toBe(true);
    expect(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString('latin1')).not.toContain('Another');
    const other = { ...service, cover: coverOf('the secret of some other service') };
    await queue('b@people.example');
    expect(await sendDueMail(other, transport)).toEqual({ sent: 1, failed: 1, givenUp: 0 });
    expect((await rowOf(id))?.fault).toBe('sealed-otherwise');
    service.pass(minute);
    expect((await sendDueMail(service, transport)).sent).toBe(1);
    expect(server.received.at(-1)?.message).toContain('Another.');
  });

  test('a link to sign in is given up when it is over, and not kept', async () => {
    server.answer('gone@people.example', '550 nobody');
    const id = await queue('gone@people.example', 'sign-in');
    service.pass(hour);
    expect((await sendDueMail(service, transport)).givenUp).toBe(1);
    expect((await rowOf(id))?.body).toBe('');
  });

  test('a link to sign in does not go once it opens nothing: a quarter of an hour after it was asked for', async () => {
    await server.close();
    const id = await queue('late@people.example', 'sign-in');
    const password = await queue('staff@people.example', 'password');
    for (const after of [0, 1, 2, 4, 7.5]) {
      service.pass(after * minute);
      await sendDueMail(service, transport);
    }
    await server.open();
    service.pass(minute);
    await sendDueMail(service, transport);
    service.pass(20 * minute);
    await sendDueMail(service, transport);
    expect(server.received.map(({ to }) => to[0])).toEqual(['staff@people.example']);
    expect(await rowOf(id)).toMatchObject({ sent_at: null, given_up_at: expect.any(Date), body: '' });
    expect(await rowOf(password)).toMatchObject({ given_up_at: null, sent_at: expect.any(Date) });
  });

  test('a service that was stopped sends what still opens something, and gives up what opens nothing', async () => {
    const stopped: readonly (readonly [kind: string, hours: number, goes: boolean])[] = [
      ['password', 1, false],
      ['factor-reset', 23, true],
      ['factor-reset', 24, false],
      ['invitation', 6 * 24, true],
      ['invitation', 7 * 24, false],
    ];
    for (const [kind, hours, goes] of stopped) {
      const id = await queue(`${kind}-${hours}@people.example`, kind);
      service.pass(hours * hour);
      const [sent, failed] = goes ? [1, 0] : [0, 1];
      expect(await sendDueMail(service, transport)).toEqual({ sent, failed, givenUp: failed });
      expect(await rowOf(id)).toMatchObject({ body: '', fault: goes ? null : 'link-over' });
    }
  });

  test('a mail that was taken over though nobody heard so goes again under the same Message-ID', async () => {
    const id = await queue('a@people.example');
    server.hangUpOnce();
    expect(await sendDueMail(service, transport)).toEqual({ sent: 0, failed: 1, givenUp: 0 });
    service.pass(minute);
    expect((await sendDueMail(service, transport)).sent).toBe(1);
    expect(server.received).toHaveLength(2);
    for (const { message } of server.received) expect(message).toContain(`<${id}@club.example>`);
  });

  test('a mail whose server ended while it was sending is taken by another once its lease is over', async () => {
    await queue('a@people.example');
    await new Promise<void>((taken) => {
      const send = (): Promise<never> => new Promise(() => taken());
      void sendDueMail(service, { ...transport, send });
    });
    service.pass(9 * minute);
    expect((await sendDueMail(service, transport)).sent).toBe(0);
    service.pass(minute);
    expect((await sendDueMail(service, transport)).sent).toBe(1);
  });

  test('a recipient is one address, whatever it holds', async () => {
    await queue('a@people.example, b@people.example\r\nBcc: c@people.example');
    expect((await sendDueMail(service, transport)).sent).toBe(1);
    expect(server.received.map(({ to }) => to.length)).toEqual([1]);
    expect(server.received[0]?.message).not.toMatch(/^(Bcc|Cc):/m);
  });

  test('a month after it was given up it is forgotten', async () => {
    const id = await queue('a@people.example', 'sign-in');
    await made.state.as('club', (tx) =>
      tx.updateTable('mail').set({ given_up_at: service.now() }).where('org', '=', 'club').execute(),
    );
    service.pass(29 * 24 * hour);
    await forgetSentMail(service, '/nowhere');
    expect(await rowOf(id)).toBeDefined();
    service.pass(2 * 24 * hour);
    await forgetSentMail(service, '/nowhere');
    expect(await rowOf(id)).toBeUndefined();
  });

  test('a month after it was sent it is forgotten; what was not sent is not', async () => {
    const sent = await queue('a@people.example');
    await sendDueMail(service, transport);
    const waiting = await queue('b@people.example');
    service.pass(31 * 24 * hour);
    await forgetSentMail(service, '/nowhere');
    expect(await rowOf(sent)).toBeUndefined();
    expect(await rowOf(waiting)).toBeDefined();
  });
});

test('without a mail server mail is put into a folder, each as one whole file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'astold-mail-'));
  const transport = openTransport({ smtp: null, from: 'astold@club.example', folder: join(folder, 'mail') });
  const mail = {
    ...{ id: 'one', recipient: 'anna@people.example', subject: 'Due today' },
    ...{ body: 'https://club.example/x?token=a=b\n', madeAt: new Date('2026-11-02T09:00:00Z') },
  };
  await transport.send(mail);
  await transport.send(mail);
  expect(await readdir(join(folder, 'mail'))).toEqual(['2026-11-02T09-00-00.000Z-one.eml']);
  const text = await readFile(join(folder, 'mail', '2026-11-02T09-00-00.000Z-one.eml'), 'utf8');
  expect(text).toContain('Subject: Due today');
  expect(text).toContain('To: anna@people.example');
  // What somebody else put there stays.
  await writeFile(join(folder, 'mail', 'notes.txt'), '');
  await forgetMailFiles(join(folder, 'mail'), new Date(Date.now() - hour));
  expect(await readdir(join(folder, 'mail'))).toHaveLength(2);
  await forgetMailFiles(join(folder, 'mail'), new Date(Date.now() + hour));
  expect(await readdir(join(folder, 'mail'))).toEqual(['notes.txt']);
  await rm(folder, { recursive: true });
});
