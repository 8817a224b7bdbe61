/** Whose a stop is, and whether it stands: what a person is told of it is what they said, and what the gate goes by. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dayOf } from '../../policy/dates.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { approved, must, steward } from '../flow/flow.fixture.ts';
import { putDocument } from '../flow/put-document.ts';
import { readDocument } from '../flow/read-document.ts';
import { recordPreference, recordPreferenceInput } from '../flow/record-preference.ts';
import { releaseRequest } from '../flow/release-request.ts';
import { copyDetails } from './copy-details.ts';
import { listAnswers } from './list-answers.ts';
import { namesKept } from './names-kept.ts';
import { passOn } from './pass-on.ts';
import { recordOwn, type SaidOfOwn } from './record-own.ts';
import { resolveEvent } from './resolve-event.ts';
import { showDetails } from './show-details.ts';
import { standingOf } from './standing.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  beforeAll(async () => {
    club = await windowFixture(database);
    const file = join(club.service.data, club.org, 'data/members.csv');
    const [ada = ''] = /^M001,.*$/m.exec(await readFile(file, 'utf8')) ?? [];
    // Una lives with Ada, under the same name: a stop of the one is surely to be heeded for the other (C4).
    const una = ada.replace('M001,Ada', 'H001,Una').replace('ada@', 'una@');
    await appendFile(file, `${una}\n`);
    const { version } = await approved(club, 'toys');
    must(await releaseRequest(club.service, steward, { request: 'toys', version }));
    await club.work();
  }, 180_000);
  afterAll(() => club.drop());

  const address = (name: string): string => `${name}@people.example`;
  const answers = async (name: string) =>
    must(await listAnswers(club.service, club.member(address(name)), {})).items;
  const yours = async (name: string): Promise<readonly boolean[]> =>
    (await answers(name)).map((item) => item.yours);
  const seen = async (name: string) =>
    must(await showDetails(club.service, club.member(address(name)), { part: 'releases' }));
  const says = async (name: string, record: string, said: SaidOfOwn): Promise<string> => {
    const own = { source: 'members', record };
    return must(await recordOwn(club.service, club.member(address(name)), own, said)).event;
  };
  const keyed = async (said: object): Promise<string> =>
    must(
      await recordPreference(
        club.service,
        steward,
        recordPreferenceInput.parse({ source: 'members', kind: 'objection', ...said }),
      ),
    ).event;
  const today = (): string => dayOf(club.service.now().getTime());
  /** Of nobody surely. */
  const letterOf = (surname: string): Promise<string> =>
    keyed({ surname, postcode: 'ZZ1 1ZZ', by: 'letter', signed: today(), received: today() });

  test('who said stop is told so, and who lives with them is not told that they did', async () => {
    await says('ada', 'M001', { kind: 'objection' });
    expect(await passOn(club.service)).toBe(4);
    expect(await yours('ada')).toEqual([true, true]);
    expect(await yours('una')).toEqual([false, false]);
    expect((await seen('una')).passedOn?.map((item) => item.yours)).toEqual([false, false]);
    expect((await seen('una')).stops).toEqual([]);
  });

  test('a copy of the details says of no stop that reached them that they said it', async () => {
    const una = club.member(address('una'));
    const asked = { format: 'csv', case: null } as const;
    const table = await text(must(await copyDetails(club.service, una, asked, english)).stream);
    expect(table.match(/told to be safe/g)).toHaveLength(2);
    const ada = club.member(address('ada'));
    const theirs = await text(must(await copyDetails(club.service, ada, asked, english)).stream);
    expect(theirs).toContain('Told to Example Toys');
    expect(theirs).not.toContain('told to be safe');
  });

  test('who says stop once a stop of another was passed on has said it, as far as theirs goes', async () => {
    await says('una', 'H001', { kind: 'objection', channel: 'email' });
    expect(await yours('una')).toEqual([false, false]);
    const scope = { purpose: 'dpv:DirectMarketing', organisation: 'example-toys', channel: 'post' };
    await says('una', 'H001', { kind: 'objection', ...scope });
    expect(await passOn(club.service)).toBe(0);
    expect(await yours('una')).toEqual([true, true]);
  });

  test('a letter of nobody known is not said to be theirs whom it may be of, nor once it is another’s', async () => {
    const event = await letterOf('Tarr');
    expect(await passOn(club.service)).toBeGreaterThanOrEqual(2);
    expect(await yours('tess')).toEqual([false, false]);
    const resolution = { event, source: 'members', records: [], words: 'the hand of another' };
    must(await resolveEvent(club.service, steward, resolution));
    await passOn(club.service);
    expect(await yours('tess')).toEqual([false, false]);
  });

  test('a letter of nobody known is theirs whose somebody said it is, for whatever was passed on of it', async () => {
    const event = await letterOf('Ridl');
    expect(await passOn(club.service)).toBeGreaterThanOrEqual(2);
    expect(await yours('rosa')).toEqual([false, false]);
    const resolution = { event, source: 'members', records: ['M018'], words: 'they rang' };
    must(await resolveEvent(club.service, steward, resolution));
    expect(await passOn(club.service)).toBe(0);
    expect(await yours('rosa')).toEqual([true, true]);
  });

  test('the stops of the first page are the very ones that can be taken back', async () => {
    const scope = { purpose: 'dpv:DirectMarketing', channel: 'post' };
    const yes = { kind: 'consent', notice: 'web@1', consent: 'toy-offers' };
    // Lifted by a later yes of the very same scope (C3); a lift of the same bare day lifts nothing (C2).
    await says('kit', 'M011', { kind: 'objection', ...scope });
    await says('kit', 'M011', { ...yes, ...scope });
    const stop = await says('joel', 'M010', { kind: 'objection', ...scope });
    const days = { by: 'letter', signed: today(), received: today() };
    await keyed({ kind: 'lift', person: 'M010', lifts: stop, ...days });
    const gone = await says('dev', 'M004', { kind: 'objection' });
    await says('dev', 'M004', { kind: 'lift', lifts: gone });
    const found: Record<string, readonly (string | null)[]> = {};
    for (const name of ['kit', 'joel', 'dev', 'ada', 'una', 'edie', 'pia', 'femi']) {
      const [standing] = await standingOf(club.service, club.member(address(name)));
      found[name] = ((await seen(name)).stops ?? []).map(({ event }) => event).toSorted();
      expect([name, found[name]]).toEqual([
        name,
        (standing?.stops ?? []).map(({ event }) => event).toSorted(),
      ]);
    }
    expect(found).toMatchObject({ kit: [], joel: [stop], dev: [], edie: ['E001'], pia: [] });
  });

  test('a party that is in the register no more is called what it was called', async () => {
    const path = 'organisations.yaml';
    const put = async (text: string): Promise<void> => {
      const { version } = must(await readDocument(club.service, steward, { path }));
      must(await putDocument(club.service, steward, { path, text, version }));
    };
    const { text: before } = must(await readDocument(club.service, steward, { path }));
    const [first] = parse(before).organisations;
    const gone = { ...first, id: 'example-gone', 'legal-name': 'Example Gone Ltd', aliases: [] };
    const names = () =>
      club.service.state.as(club.org, (tx) => namesKept(tx, club.org, ['example-gone', 'nobody']));
    expect((await names()).has('example-gone')).toBe(false);
    const register = parse(before);
    await put(stringify({ ...register, organisations: [...register.organisations, gone] }));
    await put(before);
    expect((await names()).get('example-gone')).toBe('Example Gone Ltd');
    expect((await names()).has('nobody')).toBe(false);
  });
});
