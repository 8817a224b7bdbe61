import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleOrg, people } from '../../examples/service.ts';
import { approveRequest } from '../../src/app/flow/approve-request.ts';
import { carryOutCheck } from '../../src/app/flow/carry-out-check.ts';
import { carryOutRelease } from '../../src/app/flow/carry-out-release.ts';
import { checkRequest } from '../../src/app/flow/check-request.ts';
import { FlowError } from '../../src/app/flow/flow-error.ts';
import { publishLogs } from '../../src/app/flow/publish-logs.ts';
import { releaseRequest } from '../../src/app/flow/release-request.ts';
import type { Actor, Answer } from '../../src/app/flow/service.ts';
import { showRequest } from '../../src/app/flow/show-request.ts';
import { noBrowser } from '../../src/pages/browser.fixture.ts';
import type { StaffRole } from '../../src/store/postgres/tables.ts';
import { openWalk, type Walk } from './browser.fixture.ts';

describe.skipIf(noBrowser)('a member looks at their own in a browser without JavaScript', () => {
  let walk: Walk;
  beforeAll(async () => {
    walk = await openWalk();
    await releaseToyOffer();
  }, 400_000);
  afterAll(() => walk.close(), 120_000);

  async function staff(role: StaffRole): Promise<Actor> {
    const found = people.find((each) => each.role === role);
    if (found === undefined) throw new RangeError(`nobody is ${role}`);
    const { person } = await walk.ready.service.accounts.personOf(found.email, found.name);
    return {
      kind: 'staff',
      id: person,
      org: exampleOrg,
      roles: new Set([role]),
      party: found.party,
      mayFreeze: false,
    };
  }

  /** As the steward and the officer do it on their pages; the jobs are carried out here, whoever else looks at them. */
  async function releaseToyOffer(): Promise<void> {
    const { service } = walk.ready;
    const [steward, officer] = [await staff('steward'), await staff('officer')];
    const request = 'toy-offer';
    const check = must(await checkRequest(service, steward, { request }));
    await whenFree(() => carryOutCheck(service, { org: exampleOrg, id: check.id }));
    const { version } = must(await showRequest(service, steward, { request }));
    const words = 'each of them was asked, by name, and said yes';
    const agreed = must(await approveRequest(service, officer, { request, check: check.id, words, version }));
    const run = must(await releaseRequest(service, steward, { request, version: agreed.version }));
    await whenFree(() => carryOutRelease(service, { org: exampleOrg, id: run.id }));
    expect(must(await showRequest(service, steward, { request })).state).toBe('FINALIZED');
    await publishLogs(service);
  }

  /** Somebody with an e-mail address who is on the list, and their row of the club's file. */
  async function onTheList(): Promise<{ readonly email: string; readonly address: string }> {
    const folder = join(walk.ready.service.data, exampleOrg);
    const [release = ''] = await readdir(join(folder, 'releases'));
    const list = await readFile(join(folder, 'releases', release, 'list.csv'), 'utf8');
    const [, ...members] = (await readFile(join(folder, 'data/members.csv'), 'utf8')).split('\n');
    for (const line of members) {
      const [, forename, surname, address = '', postcode, email = ''] = line.split(',');
      if (email !== '' && list.includes([forename, surname, address, postcode].join(',')))
        return { email, address };
    }
    throw new RangeError('nobody on the list has an e-mail address');
  }

  test('who has their details, what they were told, what is held, what they said, and a proof', async () => {
    const { email, address } = await onTheList();
    const page = await walk.atClub({ member: email }, '');
    const main = async (): Promise<string> => (await page.textContent('main')) ?? '';
    expect(await main()).toContain('Your details are in 1 list that was passed on.');
    expect(await page.getByRole('img').getAttribute('aria-label')).toContain('then to Acorn Toys Ltd');
    await walk.look(page, 'details');

    await page.getByRole('link', { name: /Toy offer, winter 2026/ }).click();
    expect(await main()).toContain('to offer you things (direct marketing)');
    expect(await main()).toContain('works for the others (a processor)');
    expect(await main()).toContain('your child: date of birth');
    expect(await main()).toContain('They have not signed for the list.');
    await walk.look(page, 'details-list');

    await page.getByRole('link', { name: 'Back to your details' }).click();
    await page.getByRole('link', { name: 'What did you tell me?' }).click();
    await walk.look(page, 'details-told');
    await page
      .getByRole('link', { name: /Read the notice/ })
      .first()
      .click();
    expect(await page.locator('.notice-text mark').count()).toBeGreaterThan(2);
    expect(await main()).toContain('What changed since');
    await walk.look(page, 'details-notice');

    await page.getByRole('link', { name: 'Your details', exact: true }).click();
    await page.getByRole('link', { name: 'What do you hold, and where did you get it?' }).click();
    expect(await main()).toContain(address);
    expect(await main()).toContain('you told us');
    await walk.look(page, 'details-held');

    await page.getByRole('link', { name: 'Your details', exact: true }).click();
    await page.getByRole('link', { name: 'What have I said?' }).click();
    expect(await main()).toContain('Acorn Toys may write to me by post');
    await walk.look(page, 'details-said');

    await page.getByRole('link', { name: 'Your details', exact: true }).click();
    await page.getByRole('link', { name: 'Prove it' }).click();
    await walk.look(page, 'details-prove');
    await page
      .getByRole('link', { name: /See the proof/ })
      .first()
      .click();
    expect(await main()).toContain('Your record was in this list.');
    await walk.look(page, 'details-proof');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'The proof', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^proof-.*\.json$/);
  }, 120_000);

  test('whoever is in no record is told so, and what to do', async () => {
    const page = await walk.at('nobody', '/auth/members/sign-in');
    expect(await page.textContent('main')).toContain('change there in the last 30 days');
    await walk.look(page, 'member-sign-in');
    await page.getByLabel('E-mail address').fill('nobody at home');
    await page.getByRole('button', { name: 'Send me a link' }).click();
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('nobody at home');
    await walk.look(page, 'member-sign-in-fault');
    await page.getByLabel('E-mail address').fill('nobody@home.example');
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await walk.look(page, 'mail-sent');
    await page.goto(`${walk.ready.url}/auth/members/arrive?org=${exampleOrg}&token=${'a'.repeat(32)}`);
    await walk.look(page, 'arrive');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await walk.look(page, 'link-over');
    const unknown = await walk.atClub({ member: 'nobody@home.example' }, '');
    expect(await unknown.textContent('main')).toContain('has no record that can be shown');
    await walk.look(unknown, 'details-no-record');
  }, 60_000);
});

/** A worker of the server may be at it already: then it is done when the workspace is free again. */
async function whenFree(work: () => Promise<void>): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FlowError) || i === 20) throw error;
    }
  }
}

function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new RangeError(`${answer.code}: ${answer.message}`);
}
