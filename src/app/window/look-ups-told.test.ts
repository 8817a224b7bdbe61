/** What somebody is told of who looked them up: that it was so, always; why, where it was of them and of nobody else. */
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { auditor, code, must, officer, steward } from '../flow/flow.fixture.ts';
import type { Actor } from '../flow/service.ts';
import { type Copied, copiedView } from './copied.ts';
import { copyDetails, copyDetailsInput } from './copy-details.ts';
import { findPerson, findPersonInput } from './find-person.ts';
import { listLookUps } from './list-look-ups.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { personFound } from './person-found.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';
import { lookUpsAnHour } from './write-look-up.ts';

/** Of one home. */
const ada = { member: 'M001', email: 'ada@people.example', surname: 'Amberley', postcode: 'ZZ1 1ZZ' };
const abel = { member: 'M901', email: 'abel@people.example' };

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  const as = () => club.service;
  beforeAll(async () => {
    club = await windowFixture(database);
    const file = `${as().data}/${club.org}/data/members.csv`;
    const csv = await readFile(file, 'utf8');
    const own = csv.split('\n').find((line) => line.startsWith(`${ada.member},`)) ?? '';
    const other = own.replace(ada.member, abel.member).replace('Ada', 'Abel').replace(ada.email, abel.email);
    await writeFile(file, `${csv}${other}\n`);
  }, 180_000);
  afterAll(() => club.drop());

  const copied = async (actor: Actor, of: string | null = null): Promise<Copied> => {
    const file = must(await copyDetails(as(), actor, copyDetailsInput.parse({ case: of }), english));
    return copiedView.parse(JSON.parse(await text(file.stream)));
  };
  const reasons = async (email: string) =>
    (await copied(club.member(email))).lookUps.map(({ reason }) => reason);
  const request = async (person: string): Promise<{ readonly case: string; readonly number: number }> =>
    must(
      await openCase(
        as(),
        steward,
        openCaseInput.parse({ kind: 'access', by: 'phone', source: 'members', person }),
      ),
    );

  test('of several who were found, those alone read the reason who were looked at', async () => {
    const { surname, postcode } = ada;
    const reason = 'Ada rang of her divorce';
    const asked = findPersonInput.parse({ reason, surname, postcode });
    const { lookUp, people: found } = must(await findPerson(as(), steward, asked));
    expect(found.length).toBeGreaterThan(1);
    expect(await reasons(ada.email)).toEqual([null]);
    const { number = 0 } = found.find(({ record }) => record === ada.member) ?? {};
    must(await personFound(as(), steward, { lookUp, number }));
    expect(await reasons(ada.email)).toEqual([reason]);
    expect(await reasons(abel.email)).toEqual([null]);
    must(await findPerson(as(), steward, findPersonInput.parse({ reason: 'alone', email: abel.email })));
    expect(await reasons(abel.email)).toEqual([null, 'alone']);
  });

  test('a copy for a request is a look-up like any other, and there are no more of them', async () => {
    const made = await request('M010');
    const reason = `to answer request ${made.number}`;
    expect((await copied(officer, made.case)).lookUps.map((each) => each.reason)).toEqual([reason]);
    const [last] = must(await listLookUps(as(), auditor, { limit: 1 })).items;
    expect(last).toMatchObject({ by: `staff:${officer.id}`, reason, with: ['case'], found: 1 });

    const browser: Actor = { ...officer, id: 'o.browser' } as Actor;
    const by = { org: club.org, by_whom: 'staff:o.browser', at: as().now(), reason: 'x' };
    const rows = Array.from({ length: lookUpsAnHour }, (_, i) => ({
      ...by,
      id: `l-${i}`,
      asked_with: [],
      found: 0,
    }));
    await as().state.as(club.org, (tx) => tx.insertInto('look_up').values(rows).execute());
    const input = copyDetailsInput.parse({ case: made.case });
    expect(code(await copyDetails(as(), browser, input, english))).toBe('too-many-look-ups');
  });
});
