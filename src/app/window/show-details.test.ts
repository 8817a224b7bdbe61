import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseVkey } from '../../log/keys.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import {
  approved,
  code,
  type FlowFixture,
  flowFixture,
  must,
  officer,
  steward,
} from '../flow/flow.fixture.ts';
import { publishLogs } from '../flow/publish-logs.ts';
import { recordPreference, recordPreferenceInput } from '../flow/record-preference.ts';
import { releaseRequest } from '../flow/release-request.ts';
import type { Actor } from '../flow/service.ts';
import { verifyProof } from '../proof/verify-proof.ts';
import { listAnswers } from './list-answers.ts';
import { listCases } from './list-cases.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { proveMembership } from './prove-membership.ts';
import { recordKey } from './record-key.ts';
import { setSafeContact } from './safe-contact.ts';
import { showCase } from './show-case.ts';
import { type Details, showDetails } from './show-details.ts';
import { standingOf } from './standing.ts';
import { writePassedOn } from './write-passed-on.ts';

const ada = '1 Larch Row,ZZ1 1ZZ';

describe.each(oneDatabase)('what a member sees of their own, on $name', (database) => {
  let club: FlowFixture;
  let release = '';
  const member = (email: string): Extract<Actor, { kind: 'member' }> => ({
    ...{ kind: 'member', id: `m-${email}`, org: club.org, email },
  });
  const pathOf = (name: string): string => join(club.service.data, club.org, 'data', name);
  const see = async (email: string): Promise<Details> =>
    must(await showDetails(club.service, member(email), {}));

  beforeAll(async () => {
    club = await flowFixture(database);
    const file = pathOf('members.csv');
    const csv = await readFile(file, 'utf8');
    const more = [
      // The same name at the same home; another there; the same name elsewhere; two at one address of mail.
      `M101,ADA,Amberley,${ada},ada.again@people.example,2026-01-02,web@1,,,`,
      `M102,Bob,Amberley,${ada},bob.amberley@people.example,2026-01-02,web@1,,,`,
      'M103,Ada,Amberley,9 Elm Row,ZZ9 9ZZ,ada.other@people.example,2026-01-02,web@1,,,',
      'M104,Bea,Barlow,2 Larch Row,ZZ1 1ZZ,ben@people.example,2026-01-02,web@1,,,',
    ];
    await writeFile(file, `${csv.trimEnd()}\n${more.join('\n')}\n`);
    const said = [
      'E101,M006,withdrawal,,,,,,,,,2026-01-05T10:30:00Z,2026-01-05T10:30:00Z,2026-01-05T10:30:00Z,,,,,,',
      'E102,M006,consent,,,,,web@1,toy-offers,,,2026-01-26,2026-01-28,2026-01-28,,,,,,',
      'E103,M006,withdrawal,,,,post,,,,,2026-07-01,2026-07-01,2026-07-01,,,,,,',
    ];
    const before = await readFile(pathOf('preferences.csv'), 'utf8');
    await writeFile(pathOf('preferences.csv'), `${before.trimEnd()}\n${said.join('\n')}\n`);
    const request = await approved(club, 'toys');
    must(await releaseRequest(club.service, steward, { request: 'toys', version: request.version }));
    await club.work();
    const [made] = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('release').select('id').where('org', '=', club.org).execute(),
    );
    release = made?.id ?? '';
    expect(release).not.toBe('');
  }, 120_000);
  afterAll(() => club.drop());

  test('their records are those with their address: who joins under their name and home sees nothing of theirs', async () => {
    const { records, shared } = await see('ada@people.example');
    expect(records).toMatchObject([{ number: 1, record: 'M001', name: 'Ada Amberley' }]);
    expect(shared).toBe(false);
    expect((await see('ada.again@people.example')).records).toMatchObject([{ number: 1, record: 'M101' }]);
    expect((await see('bob.amberley@people.example')).records).toMatchObject([{ record: 'M102' }]);
    expect((await see('nobody@people.example')).records).toEqual([]);
  });

  test('two people at one e-mail address see the records of both, and are told so', async () => {
    const { records, shared } = await see('ben@people.example');
    expect(records.map(({ record }) => record)).toEqual(['M002', 'M104']);
    expect(shared).toBe(true);
  });

  test('of two people at one e-mail address each answer, and each request, says whose record it is of', async () => {
    const ben = member('ben@people.example');
    const key = await recordKey(club.service, club.org, { source: 'members', record: 'M104' });
    const told = {
      code: '0000-0000-00104',
      kind: 'stop',
      recordKey: key,
      cause: 'pe-104',
      said: null,
    } as const;
    await club.service.state.as(club.org, (tx) =>
      writePassedOn(club.service, tx, { org: club.org, release, source: 'members' }, [told]),
    );
    const numbers = (items: readonly { readonly number: number }[]) => items.map(({ number }) => number);
    expect(numbers(must(await listAnswers(club.service, ben, {})).items)).toEqual([2, 2]);
    expect(numbers((await see(ben.email)).passedOn ?? [])).toEqual([2, 2]);
    const asked = openCaseInput.parse({ kind: 'access', source: 'members', person: 'M104' });
    const { case: id } = must(await openCase(club.service, ben, asked));
    const listed = async (actor: Actor) =>
      must(await listCases(club.service, actor, { limit: 50 })).items.find((each) => each.case === id);
    expect(await listed(ben)).toMatchObject({ record: 2 });
    // Staff know it by another: of somebody whom they looked up.
    expect(await listed(steward)).toMatchObject({ record: null });
    const shown = async (actor: Actor) => must(await showCase(club.service, actor, { case: id }));
    expect(await shown(ben)).toMatchObject({ ofOwn: 2, record: null });
    expect(await shown(steward)).toMatchObject({ ofOwn: null, record: 'M104' });
  });

  test('who has their details is said as the release was made, in the words of then', async () => {
    const { releases } = await see('ada@people.example');
    expect(releases).toMatchObject({ searched: 1, unknown: 0 });
    const [item] = releases?.items ?? [];
    expect(item).toMatchObject({
      release,
      records: [1],
      recipient: 'Example Mailing Ltd',
      countersigned: null,
    });
    expect(item?.madeOf).toMatchObject({
      title: 'Toy offer',
      supplier: 'Example Club',
      chain: [
        { name: 'Example Mailing Ltd', role: 'processor' },
        { name: 'Example Toys Ltd', role: 'controller' },
      ],
      purposes: [{ label: 'direct marketing' }],
      chosenBy: [{ what: 'date of birth', ofChild: true }],
      givesAway: [{ what: 'having children', ofChild: false }],
    });
    expect(item?.madeOf?.delivered.map(({ what }) => what)).toEqual([
      'forename',
      'surname',
      'home address',
      'postcode',
    ]);
    expect(item?.claims.find(({ kind }) => kind === 'delete')).toMatchObject({ said: null, overdue: false });
    // Who was not in it is in none, and learns nothing of it.
    expect((await see('cara@people.example')).releases).toMatchObject({ items: [], unknown: 0 });
  });

  test('what a recipient attested is shown as what it says', async () => {
    const at = new Date('2026-11-20T10:00:00Z');
    await club.service.state.as(club.org, async (tx) => {
      await tx
        .updateTable('duty')
        .set({ claimed_at: at })
        .where('org', '=', club.org)
        .where('kind', '=', 'delete')
        .execute();
      await tx.updateTable('supply').set({ countersigned_at: at }).where('org', '=', club.org).execute();
    });
    const [item] = (await see('ada@people.example')).releases?.items ?? [];
    expect(item?.countersigned).toBe(at.toISOString());
    expect(item?.claims.find(({ kind }) => kind === 'delete')?.said).toBe(at.toISOString());
  });

  test('what was shown to them is marked, with what it permits', async () => {
    const { told } = await see('ada@people.example');
    expect(told?.records[0]?.collections).toMatchObject([{ known: 'recorded', notices: [1] }]);
    const [notice] = told?.notices ?? [];
    expect(notice?.marked).toMatchObject([
      { kind: 'tells', recipients: ['Example Toys Ltd', 'Example Mailing Ltd'], channels: ['post'] },
      { kind: 'never' },
      { kind: 'asks', recipients: ['Example Toys Ltd'] },
    ]);
    const marked = notice?.layers.flatMap(({ blocks }) =>
      blocks.flatMap(({ parts }) => parts.filter(({ marks }) => marks.includes(2)).map(({ text }) => text)),
    );
    expect(marked).toEqual(['We never sell them']);
  });

  test('each field is shown with what it says and where it came from', async () => {
    const { held } = await see('ada@people.example');
    const fields = held?.records[0]?.fields ?? [];
    expect(fields.find(({ field }) => field === 'surname')).toMatchObject({
      value: 'Amberley',
      what: 'surname',
      by: 'web',
      origin: 'own',
    });
    expect(fields.find(({ field }) => field === 'child_born')).toMatchObject({ ofChild: true });
  });

  test('what they said is there with its receipt; what came in a file, or stands in the record, says that it has none', async () => {
    const entry = recordPreferenceInput.parse({
      source: 'members',
      kind: 'objection',
      purpose: 'dpv:Fundraising',
    });
    const wrong = await recordPreference(club.service, member('edie@people.example'), entry);
    expect(code(wrong)).toBe('preference-refused');
    const { event } = must(
      await recordPreference(
        club.service,
        member('edie@people.example'),
        recordPreferenceInput.parse({ source: 'members', kind: 'objection', purpose: 'dpv:Marketing' }),
      ),
    );
    const joined = (await readFile(pathOf('members.csv'), 'utf8')).match(
      /^M005,.*@people\.example,([\d-]+),/m,
    )?.[1];
    const stopped = (await readFile(pathOf('preferences.csv'), 'utf8')).match(
      /^E001,.*?,(\d{4}-\d\d-\d\d),/m,
    )?.[1];
    expect([joined, stopped]).not.toContain(undefined);
    const { said } = await see('edie@people.example');
    const [standing] = await standingOf(club.service, member('edie@people.example'));
    expect(standing?.stops.map(({ on }) => on)).toContain(stopped);
    expect(standing?.consents.map(({ on }) => on)).toEqual([joined]);
    expect(said?.items).toContainEqual(
      expect.objectContaining({ where: 'here', event, kind: 'objection', by: 'web' }),
    );
    expect(said?.items).toContainEqual(
      expect.objectContaining({ where: 'file', event: 'E001', kind: 'stop', at: stopped }),
    );
    expect(said?.items).toContainEqual(
      expect.objectContaining({
        where: 'record',
        event: null,
        wording: expect.stringContaining('Example Toys'),
        // The column has a day: no time of day is made up.
        at: joined,
      }),
    );
  });

  test('what came by post is said with the day they wrote it, where that is another than it reached the club', async () => {
    const said = { source: 'members', kind: 'objection', purpose: 'astold:Fundraising', person: 'M009' };
    const came = [
      { by: 'letter', signed: '2026-01-02', received: '2026-01-05' },
      { by: 'phone', signed: '2026-01-03', received: '2026-01-03' },
      { by: 'email', signed: '2026-01-04', received: '2026-01-04T22:00:00+00:00' },
    ];
    const events: string[] = [];
    for (const how of came) {
      const entry = recordPreferenceInput.parse({ ...said, ...how });
      events.push(must(await recordPreference(club.service, steward, entry)).event);
    }
    const items = (await see('isla@people.example')).said?.items ?? [];
    const found = events.map((event) => items.find((item) => item.event === event));
    expect(found.map((item) => [item?.signed, item?.at])).toEqual([
      ['2026-01-02', '2026-01-05'],
      [null, '2026-01-03'],
      [null, '2026-01-04T22:00:00+00:00'],
    ]);
    expect(
      items.filter((item) => !events.includes(item.event ?? '')).map((item) => item.signed),
    ).not.toContain(undefined);
  });

  test('a day of a file is said as that day, on this page and where it is taken back; a time as that time', async () => {
    const femi = member('femi@people.example');
    const { said } = await see(femi.email);
    const at = Object.fromEntries((said?.items ?? []).map((item) => [item.event, item.at]));
    expect(at).toMatchObject({ E101: '2026-01-05T10:30:00.000Z', E102: '2026-01-26', E103: '2026-07-01' });
    const [standing] = await standingOf(club.service, femi);
    expect(standing?.consents.map(({ on }) => on)).toContain('2026-01-26');
    const days = Object.fromEntries((standing?.stops ?? []).map(({ event, on }) => [event, on]));
    expect(days).toMatchObject({ E101: '2026-01-05', E103: '2026-07-01' });
  });

  test('a proof says that they are in, or are not among the records committed, and is of this release alone', async () => {
    await publishLogs(club.service);
    const of = (email: string, record = 1) =>
      proveMembership(club.service, member(email), { release, record });
    for (const [email, result] of [
      ['ada@people.example', 'present'],
      ['ada.again@people.example', 'absent'],
    ] as const) {
      const made = must(await of(email));
      expect(made.result).toBe(result);
      const against = {
        manifest: Buffer.from(made.manifest),
        witnesses: { witnesses: [], needed: 0 },
        token: null,
      };
      const log = parseVkey(made.logKey);
      expect(verifyProof(made.proof, { ...against, log })).toMatchObject({ kind: 'settled', result });
    }
    expect(code(await of('ada@people.example', 2))).toBe('not-found');
    expect(code(await of('nobody@people.example'))).toBe('not-found');
    const other = await proveMembership(club.service, member('ada@people.example'), {
      release: 'r',
      record: 1,
    });
    expect(code(other)).toBe('not-found');
    const { provable } = await see('ada@people.example');
    expect(provable).toMatchObject([{ release, records: [1] }]);
  });

  test('with a safe-contact flag no name is shown, anywhere', async () => {
    must(
      await setSafeContact(club.service, member('gwen@people.example'), {
        source: null,
        person: null,
        safe: true,
      }),
    );
    const details = await see('gwen@people.example');
    expect(details.safe).toBe(true);
    expect(JSON.stringify({ ...details, told: null })).not.toMatch(/Gwen|Garside/);
    expect(details.held?.records[0]?.fields.find(({ field }) => field === 'surname')).toMatchObject({
      value: null,
      hidden: true,
    });
  });

  test('of a release whose evidence is not kept any more nothing is said but that they are in it', async () => {
    const evidence = join(club.service.data, club.org, 'evidence');
    await rename(join(evidence, release), join(evidence, 'elsewhere'));
    const [item] = (await see('tess@people.example')).releases?.items ?? [];
    // It was read before; a server that begins anew has not.
    expect(item?.release).toBe(release);
    await rename(join(evidence, 'elsewhere'), join(evidence, release));
  });

  test('staff have no records of their own here', async () => {
    expect(code(await showDetails(club.service, officer, {}))).toBe('not-found');
  });
});
