/** The pages that no journey passes, each opened and looked at: so that every page of the program has its picture. */
import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleMember, exampleOrg, people as staff } from '../../examples/service.ts';
import { recordPreference, recordPreferenceInput } from '../../src/app/flow/record-preference.ts';
import type { Actor, Answer } from '../../src/app/flow/service.ts';
import { rootOf } from '../../src/app/flow/workspace-of.ts';
import { answerCase, answerCaseInput } from '../../src/app/window/answer-case.ts';
import { endCase } from '../../src/app/window/end-case.ts';
import { type OpenedCase, openCase, openCaseInput } from '../../src/app/window/open-case.ts';
import { resolveEvent } from '../../src/app/window/resolve-event.ts';
import { makeOneTimeLink } from '../../src/http/auth/one-time-link.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import { heldSince } from '../../src/store/postgres/log-held.ts';
import type { Tx } from '../../src/store/postgres/state.ts';
import { member, openWalk, type Visitor, type Walk } from './browser.fixture.ts';
import { releaseToyOffer } from './toy-offer.fixture.ts';

type Person = Readonly<Record<string, string>>;
const home = `/organisations/${exampleOrg}`;
const came = { by: 'letter', signed: '2026-05-02', received: '2026-05-05' };

describe.skipIf(noBrowser)('the pages that no journey passes', () => {
  let walk: Walk;
  let codes: readonly string[];
  let steward: Actor;
  let people: readonly Person[];
  beforeAll(async () => {
    walk = await openWalk();
    codes = await releaseToyOffer(walk.ready);
    const { email = '', name = '' } = staff.find(({ role }) => role === 'steward') ?? {};
    const { person } = await walk.ready.service.accounts.personOf(email, name);
    const roles = new Set(['steward'] as const);
    steward = { kind: 'staff', id: person, org: exampleOrg, roles, party: null, mayFreeze: false };
    const [head = '', ...lines] = readFileSync(
      join(rootOf(walk.ready.service, exampleOrg), 'data/members.csv'),
    )
      .toString()
      .trim()
      .split('\n');
    people = lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, i) => [head.split(',')[i] ?? '', cell])),
    );
  }, 240_000);
  afterAll(() => walk.close(), 60_000);

  const says = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';
  /** Whatever the answer's status. */
  async function go(page: Page, path: string): Promise<void> {
    await page.goto(`${walk.ready.url}${path}`);
  }
  /** A form as the page that is open sends it: also one that no page offers any more. */
  async function send(page: Page, path: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const inputs = Object.entries(fields).map(([name, value]) => ({ name, value, type: 'hidden' }));
    const form = { method: 'post', action: path };
    const sent = page.waitForNavigation();
    await page.evaluate(`{
      const form = Object.assign(document.createElement('form'), ${JSON.stringify(form)});
      for (const each of ${JSON.stringify(inputs)}) form.append(Object.assign(document.createElement('input'), each));
      document.body.append(form);
      form.submit();
    }`);
    await sent;
  }
  async function looked(
    who: Visitor,
    paths: readonly (readonly [path: string, name: string])[],
  ): Promise<void> {
    const page = await walk.at(who, '/');
    for (const [path, name] of paths) {
      await go(page, path);
      await walk.look(page, name);
    }
    await page.close();
  }
  async function lookUp(page: Page, given: Readonly<Record<string, string>>): Promise<string> {
    await send(page, `${home}/desk/find`, { reason: 'they rang', birthDate: '', ...given });
    return (await page.content()).match(/\/desk\/looked\/([^/"]+)\/ask/)?.[1] ?? '';
  }

  test('a letter whose release’s data are gone says so, and what to do', async () => {
    const { service } = walk.ready;
    const evidence = join(rootOf(service, exampleOrg), 'evidence');
    await rename(evidence, `${evidence}-away`);
    try {
      const page = await walk.at('nobody', '/letter');
      await page.getByLabel('Code on the letter').fill(codes[1] ?? '');
      await page.getByRole('button', { name: 'Look it up' }).click();
      expect(await says(page)).toContain('Poppy Lane');
      expect(await says(page)).not.toMatch(/Acorn|Quayside/);
      await walk.look(page, 'letter-gone');
    } finally {
      await rename(`${evidence}-away`, evidence);
    }
  }, 120_000);

  test('what is not there leads each reader to what is theirs', async () => {
    await looked('nobody', [[`${home}/nothing`, 'problem-nobody']]);
    await looked(member, [[`${home}/nothing`, 'problem-member']]);
    await looked('steward', [
      [`${home}/nothing`, 'problem-staff'],
      ['/nothing', 'problem-staff-elsewhere'],
    ]);
  }, 120_000);

  test('what staff sign in by, and what describes the API', async () => {
    const email = staff.find(({ role }) => role === 'auditor')?.email ?? '';
    const { person } = await walk.ready.service.accounts.personOf(email, 'Ada Auditor');
    const link = new URL(await makeOneTimeLink(walk.ready.auths, { person }));
    await looked('nobody', [
      ['/auth/staff/sign-in', 'staff-sign-in'],
      ['/auth/staff/second-factor', 'staff-second-factor'],
      ['/auth/staff/forgotten', 'staff-forgotten'],
      ['/auth/staff/mail-sent', 'staff-mail-sent'],
      [`/auth/staff/set-password?token=${'a'.repeat(32)}`, 'staff-set-password'],
      [`${link.pathname}${link.search}`, 'try-out'],
      ['/auth/signed-out', 'signed-out'],
      // A long page, and long to look at.
      ...(process.env.ASTOLD_SCREENSHOTS === undefined ? [] : [['/api', 'api'] as const]),
      ['/problems', 'problems'],
      ['/problems/not-found', 'problem-kind'],
    ]);
    await looked('officer', [
      ['/auth/staff/sessions', 'staff-sessions'],
      ['/organisations', 'organisations'],
    ]);
  }, 120_000);

  test('whoever is in no record is told what to do next, before and after a form', async () => {
    const page = await walk.atClub({ member: 'nobody@home.example' }, '/say/stop');
    expect(await says(page)).toContain('What you can do');
    await walk.look(page, 'say-no-record');
    await send(page, `${home}/say/complain`, { words: 'You wrote to my mother.', sure: 'yes' });
    expect(await says(page)).toContain('Nothing was sent, and nothing was recorded.');
    await walk.look(page, 'say-no-record-sent');
  }, 120_000);

  test('each step of what a member says that is not on the way of the others', async () => {
    const { service } = walk.ready;
    const letter = { source: 'members', person: 'P0001', kind: 'objection', purpose: 'astold:Fundraising' };
    must(await recordPreference(service, steward, recordPreferenceInput.parse({ ...letter, ...came })));
    const page = await walk.atClub(member, '/details/said');
    expect(await says(page)).toContain('You wrote it on 2 May 2026, it reached us on 5 May 2026');
    await walk.look(page, 'details-said-by-letter');
    const chosen = async (name: string): Promise<string> =>
      new RegExp(`name="${name}" value="([^"]+)"`).exec(await page.content())?.[1] ?? '';
    const did = async (path: string, form: Readonly<Record<string, string>>, name: string): Promise<void> => {
      await send(page, `${home}/say/${path}`, form);
      expect(page.url()).toContain('/say/done/');
      await walk.look(page, name);
    };
    await go(page, `${home}/say/withdraw`);
    await did('withdraw', { which: await chosen('which'), sure: 'yes' }, 'say-done-withdrawn');
    for (const part of ['purpose', 'channel']) {
      await go(page, `${home}/say/stop-one/${part}`);
      await walk.look(page, `say-stop-one-${part}`);
    }
    await send(page, `${home}/say/stop-one/organisation`, { term: 'gone-away-ltd' });
    await walk.look(page, 'say-stop-one-gone');
    await send(page, `${home}/say/stop-one/channel`, { term: 'post', sure: 'yes' });
    await go(page, `${home}/say/allow`);
    const [yes, stop] = [await chosen('yes'), await chosen('stop')];
    expect([yes, stop]).not.toContain('');
    await send(page, `${home}/say/allow`, { yes });
    await walk.look(page, 'say-allow-yes');
    await did('allow', { yes, sure: 'yes', say: 'yes' }, 'say-done-allowed');
    await did('allow', { stop, sure: 'yes', lift: 'yes' }, 'say-done-lifted');
    await did('safe', { safe: 'yes' }, 'say-done-safe');
    await did('safe', { safe: 'no' }, 'say-done-unsafe');
    const given = { kind: 'complaint', words: 'It was late.' };
    const robyn: Actor = { kind: 'member', id: 'robyn', org: exampleOrg, email: exampleMember };
    const made = must<OpenedCase>(await openCase(service, robyn, openCaseInput.parse(given)));
    const asks = { case: made.case, version: 1, deed: 'asked', words: 'When did it come?' };
    must(await answerCase(service, steward, answerCaseInput.parse(asks)));
    await go(page, `${home}/cases/${made.case}`);
    await walk.look(page, 'case-asked');
    await page.getByRole('main').getByRole('button').first().click();
    await walk.look(page, 'case-asked-fault');
    const no = { case: made.case, version: 2, outcome: 'refused', words: 'It came in time.' } as const;
    must(await endCase(service, steward, no));
    await go(page, `${home}/cases/${made.case}`);
    await walk.look(page, 'case-refused');
    await looked('steward', [
      [`${home}/cases`, 'cases-staff'],
      [`${home}/cases/${made.case}`, 'case-staff'],
    ]);
  }, 240_000);

  test('somebody who is not found asks for a copy at the desk, and is answered', async () => {
    const page = await walk.atClub('steward', '/desk/find');
    await lookUp(page, { email: 'nobody@example.invalid' });
    await walk.look(page, 'desk-found-none');
    await page.getByRole('link', { name: 'Open a request for somebody not found' }).click();
    await walk.look(page, 'desk-unmatched');
    await page.getByRole('button', { name: 'Go on' }).click();
    expect(await says(page)).toContain('Choose what they ask for');
    await page.getByLabel(/A copy of their details/).check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await walk.look(page, 'desk-unmatched-copy');
    await page.getByLabel('By letter').check();
    await page.getByLabel('Signed or said on').fill(came.signed);
    await page.getByLabel('Received on').fill(came.received);
    await page.getByRole('button', { name: 'Go on' }).click();
    expect(await says(page)).toContain('Say where they want to be answered');
    await walk.look(page, 'desk-unmatched-fault');
    await page.getByLabel('Where do they want to be answered?').fill('4 Elm Row\nZZ1 1ZZ');
    await page.getByRole('button', { name: 'Go on' }).click();
    await walk.look(page, 'desk-unmatched-check');
    await page.getByRole('button', { name: 'Open it' }).click();
    expect(await says(page)).toContain('They are in no record that was found.');
    await walk.look(page, 'desk-case-unmatched');
    await page.getByText('Say that we have it', { exact: true }).click();
    expect(await says(page)).toContain('Write to them that you have it.');
    await page.getByText('End it', { exact: true }).first().click();
    await page.getByLabel('Done', { exact: true }).check();
    await page.getByLabel('What was done, or why not').fill('We looked for you, and hold nothing on you.');
    await page.getByRole('main').getByRole('button', { name: 'End it', exact: true }).click();
    expect(await says(page)).toContain('4 Elm Row');
    await walk.look(page, 'desk-unmatched-ended');
    await page.close();
  }, 240_000);

  test('somebody who is not found asks to be erased, and whoever they may be is stopped', async () => {
    const page = await walk.atClub('steward', '/desk/find');
    const { surname = '', postcode = '' } = people[20] ?? {};
    const at = `${home}/desk/looked/${await lookUp(page, { surname: `${surname}zzz`, postcode })}/ask`;
    await go(page, `${at}?kind=correction`);
    await walk.look(page, 'desk-unmatched-correction');
    await go(page, `${at}?kind=erasure`);
    await walk.look(page, 'desk-unmatched-erasure');
    const who = { surname: `${surname.slice(0, 3)}zzz`, postcode, replyTo: 'x@home.example' };
    await send(page, at, { kind: 'erasure', step: 'record', ...who, ...came });
    expect(await says(page)).toContain('Nobody has said yet whose its stop is.');
    await walk.look(page, 'desk-case-unmatched-erasure');
    const [, path = ''] = /action="([^"]*\/desk\/cases\/[^"]+)"/.exec(await page.content()) ?? [];
    const end = { deed: 'end', version: '1', outcome: 'done', 'words-end': 'Nothing.' };
    await send(page, path, end);
    expect(await says(page)).toContain('End it');
    await walk.look(page, 'desk-case-unmatched-refused');
    await page.close();
  }, 120_000);

  test('each page of the desk that is not on the way of the others', async () => {
    const { service } = walk.ready;
    const { surname = '', postcode = '', member: record = '' } = people[30] ?? {};
    const near = { surname: `${surname.slice(0, 3)}zzz`, postcode, kind: 'objection', source: 'members' };
    const said = recordPreferenceInput.parse({ ...near, ...came });
    const { event } = must(await recordPreference(service, steward, said));
    const officer = await walk.atClub('officer', `/desk/unresolved/${event}`);
    await walk.look(officer, 'desk-unresolved-officer');
    const page = await walk.atClub('steward', '/desk/cases');
    await walk.look(page, 'desk-cases');
    await go(page, `${home}/desk/unresolved`);
    await walk.look(page, 'desk-unresolved-all');
    must(await resolveEvent(service, steward, { event, source: 'members', records: [], words: 'another' }));
    await send(page, `${home}/desk/unresolved/${event}`, { words: 'The same hand.', nobody: 'yes' });
    expect(await says(page)).toContain('The same hand.');
    await walk.look(page, 'desk-unresolved-kept');
    await send(page, `${home}/desk/letter`, { step: 'check', ...near, ...came });
    await walk.look(page, 'desk-letter-check');
    await send(page, `${home}/desk/letter`, { step: 'check', kind: '', by: '' });
    await walk.look(page, 'desk-letter-fault');

    const person = `${home}/desk/found/${await lookUp(page, { record })}/1`;
    for (const kind of ['withdrawal', 'consent', 'lift']) {
      await go(page, `${person}/say?kind=${kind}`);
      await walk.look(page, `desk-entry-${kind}`);
    }
    await go(page, `${person}/say?kind=withdrawal`);
    await page.getByLabel('Which words were put to them?').selectOption({ index: 1 });
    await page.getByLabel('By telephone').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await walk.look(page, 'desk-withdrawal-check');
    await send(page, `${person}/safe`, { safe: 'yes' });
    await walk.look(page, 'desk-person-safe');
    await lookUp(page, { record });
    await walk.look(page, 'desk-found-safe');
    const given = { kind: 'access', source: 'members', person: record, ...came };
    const made = must<OpenedCase>(await openCase(service, steward, openCaseInput.parse(given)));
    await go(page, `${home}/desk/cases/${made.case}`);
    await walk.look(page, 'desk-case-safe');
    for (const each of [officer, page]) await each.close();
  }, 240_000);

  test('each list and form of the flow that is not on the way of the others', async () => {
    await looked('steward', [
      [`${home}/desk/ended`, 'desk-ended'],
      [`${home}/passed-on/refused`, 'passed-on-refused'],
      [`${home}/passed-on/silent`, 'passed-on-silent'],
      [`${home}/requests`, 'requests'],
      [`${home}/releases`, 'releases'],
      [`${home}/requests/toy-offer`, 'request-finished'],
      [`${home}/requests/toy-offer/change`, 'request-change'],
    ]);
    await looked('auditor', [[home, 'inbox-auditor']]);
  }, 120_000);

  test('while the log is held, what was sent is said not to be recorded, and what to do instead', async () => {
    const { state } = walk.ready.service;
    const inLog = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => state.as(exampleOrg, work);
    const mark = (published: string) =>
      inLog((tx) => sql`UPDATE log_head SET published = ${published}`.execute(tx));
    const { rows } = await inLog((tx) =>
      sql<{ published: string }>`SELECT published FROM log_head`.execute(tx),
    );
    const page = await walk.atClub(member, '/say');
    await mark(heldSince('2026-05-01T09:00:00.000Z'));
    try {
      await send(page, `${home}/say/stop`, { for: 'me' });
      expect(await says(page)).toContain('Nothing of what you sent was recorded');
      await walk.look(page, 'failed-member');
      await send(page, '/letter/stop', { code: codes[0] ?? '' });
      expect(await says(page)).toContain('give them the code on the letter');
      await walk.look(page, 'failed-letter');
      await go(page, `${home}/say`);
      expect(await says(page)).toContain('What was recorded before stays recorded');
      await walk.look(page, 'failed-page');
    } finally {
      await mark(rows[0]?.published ?? '');
    }
  }, 120_000);
});

function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new RangeError(`${answer.code}: ${answer.message}`);
}
