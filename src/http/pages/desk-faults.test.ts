/** What is typed wrongly at the desk, or sent by whoever changed a form: said beside its field, and what was typed stays. */
import { Hono } from 'hono';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FlowFixture, flowFixture, must, officer, steward, toys } from '../../app/flow/flow.fixture.ts';
import { recordPreference, recordPreferenceInput } from '../../app/flow/record-preference.ts';
import type { Actor } from '../../app/flow/service.ts';
import { findPerson, findPersonInput } from '../../app/window/find-person.ts';
import { openCase, openCaseInput } from '../../app/window/open-case.ts';
import { resolveEvent } from '../../app/window/resolve-event.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { accountsOf } from '../auth/accounts.ts';
import { openAuths } from '../auth/auths.ts';
import { failHandler } from '../fail.ts';
import { requestRate } from '../rate-limit.ts';
import type { Seen } from '../seen.ts';
import { flowPages } from './all.ts';

const site = 'https://astold.example';
type Form = Readonly<Record<string, string | readonly string[]>>;

// What of the database matters is tested with the use cases.
describe.each(oneDatabase)('at the desk, on $name', (database) => {
  let club: FlowFixture;
  let app: Hono<Seen>;
  let by: Actor = steward;
  beforeAll(async () => {
    club = await flowFixture(database);
    const { service } = club;
    app = new Hono<Seen>();
    app.onError(failHandler(site));
    const { state, now, url } = service;
    const secret = 'a secret of thirty-two characters';
    const log = pino({ level: 'silent' });
    const auths = openAuths({ ...{ state, url, secret, log, now }, isOnRecord: async () => false });
    const rate = requestRate(1_000_000);
    app.route(
      '/',
      flowPages({ service: { ...service, accounts: accountsOf(auths) }, actorOf: async () => by, rate }),
    );
  }, 120_000);
  beforeEach(() => {
    by = steward;
  });
  afterAll(() => club.drop());

  async function sent(path: string, form: Form | null): Promise<{ status: number; text: string }> {
    const body = new URLSearchParams();
    for (const [name, given] of Object.entries(form ?? {}))
      for (const value of [given].flat()) body.append(name, value);
    const init = form === null ? {} : { method: 'POST', body };
    const response = await app.request(`${site}/organisations/${club.org}${path}`, init);
    return { status: response.status, text: await response.text() };
  }
  /** The code of a problem, which is no page. */
  const refusalOf = async (path: string, form: Form | null): Promise<string> =>
    JSON.parse((await sent(path, form)).text).code;
  /** The fields that the summary of faults leads to, with what it says of each. */
  const faultsIn = (text: string): readonly (readonly string[])[] => {
    const summary = /role="alert"[\s\S]*?<\/ul>/.exec(text)?.[0] ?? '';
    return [...summary.matchAll(/<a href="#([^"]+)">([^<]*)/g)].map(([, field = '', said = '']) => [
      field,
      said,
    ]);
  };
  const long = (most: string): string => `Write no more than ${most} characters`;

  test('what is too long to look for is said beside it, and a reason that shows nothing is none', async () => {
    const form = { reason: 'they rang', email: '', birthDate: '' };
    const found = async (more: Form) => {
      const { status, text } = await sent('/desk/find', { ...form, ...more });
      return [status, faultsIn(text)];
    };
    expect(await found({ email: 'x'.repeat(201) })).toEqual([422, [['email', long('200')]]]);
    expect(await found({ reason: 'x'.repeat(301) })).toEqual([422, [['reason', long('300')]]]);
    expect(await found({ email: 'a@b.example', birthDate: '2026-02-30' })).toEqual([
      422,
      [['birthDate', expect.stringContaining('a day that there is')]],
    ]);
    for (const reason of ['\u200B', '\u3164 \u2800', '\u202E'])
      expect(await found({ reason, email: 'a@b.example' })).toEqual([
        422,
        [['reason', 'Say why you look for them']],
      ]);
  });

  test('of an organisation that is not in the list it is said what can be stopped instead', async () => {
    const asked = findPersonInput.parse({ reason: 'they rang', record: 'M001' });
    const { lookUp } = must(await findPerson(club.service, steward, asked));
    const help = /id="organisation-help">([^<]*)/;
    for (const path of ['/desk/letter', `/desk/found/${lookUp}/1/say?kind=objection`]) {
      const { text } = await sent(path, null);
      expect(help.exec(text)?.[1]).toBe(english.desk.entry.whoseHelp.replaceAll('"', '&quot;'));
      expect(text).toContain('aria-describedby="organisation-help"');
    }
  });

  test('of a request the words and the value have their own length', async () => {
    const asked = findPersonInput.parse({ reason: 'they rang', record: 'M001' });
    const { lookUp } = must(await findPerson(club.service, steward, asked));
    const form = { kind: 'complaint', by: 'phone', words: 'x', field: '', value: '' };
    const at = `/desk/found/${lookUp}/1/ask`;
    const words = await sent(at, { ...form, words: 'x'.repeat(4001) });
    expect([words.status, faultsIn(words.text)]).toEqual([422, [['words', long('4,000')]]]);
    const value = await sent(at, { ...form, kind: 'correction', field: 'email', value: 'x'.repeat(401) });
    expect([value.status, faultsIn(value.text)]).toEqual([422, [['value', long('400')]]]);
    const day = await sent(at, { ...form, received: 'soon' });
    expect(faultsIn(day.text)).toEqual([['received', expect.stringContaining('a day that there is')]]);
    expect((await sent(at.replace('/1/', '/2147483648/'), null)).status).toBe(404);
    expect((await sent(`/desk/found/${lookUp}/2147483648`, null)).status).toBe(404);
    expect((await sent(`/desk/found/${lookUp}/1.5`, null)).status).toBe(404);
  });

  test('that a child died is keyed as a yes, a no, or a day that has come, as a member writes it', async () => {
    const asked = findPersonInput.parse({ reason: 'they rang', record: 'M001' });
    const { lookUp } = must(await findPerson(club.service, steward, asked));
    const { correct } = english.cases;
    const came = { kind: 'correction', by: 'phone', signed: '', received: '2026-01-05', words: '' };
    const keyed: readonly (readonly [string, string | null])[] = [
      ['yesterday', correct.yesOrDayNone],
      ['19 8 2999', correct.dayAhead],
      ['19 August 2023', null],
      ['Yes', null],
    ];
    const nobodys = { replyTo: '4 Elm Row, ZZ1 1ZZ', field: 'members|child_died' };
    for (const [value, fault] of keyed)
      for (const [at, more] of [
        [`/desk/found/${lookUp}/1/ask`, { field: 'child_died' }],
        [`/desk/looked/${lookUp}/ask`, nobodys],
      ] as const) {
        const { status, text } = await sent(at, { ...came, ...more, value, step: 'check' });
        expect([at, value, status, faultsIn(text)]).toEqual(
          fault === null ? [at, value, 200, []] : [at, value, 422, [['value', fault]]],
        );
      }
  });

  test('what was typed of a case stays where it is too long', async () => {
    const complaint = openCaseInput.parse({ kind: 'complaint', words: 'It is late.', by: 'phone' });
    const { case: id, version } = must(await openCase(club.service, steward, complaint));
    by = officer;
    const typed = async (deed: string, most: number, more: Form = {}) => {
      const words = `${'y'.repeat(most)}z`;
      const form = { deed, version: String(version), [`words-${deed}`]: words, ...more };
      const { status, text } = await sent(`/desk/cases/${id}`, form);
      return [status, faultsIn(text), text.includes(words)];
    };
    expect(await typed('note', 4000)).toEqual([422, [['words-note', long('4,000')]], true]);
    expect(await typed('end', 2000, { outcome: 'refused' })).toEqual([
      422,
      [['words-end', long('2,000')]],
      true,
    ]);
    const folds = async (form: Form) => {
      const { text } = await sent(`/desk/cases/${id}`, { version: String(version), ...form });
      return [...text.matchAll(/<details[^>]* open>[\s\S]*?name="deed" value="([a-z]+)"/g)].map(
        ([, deed]) => deed,
      );
    };
    expect(await folds({ deed: 'note', 'words-note': ' ' })).toEqual(['note']);
    expect(await folds({ deed: 'end', outcome: 'done', 'words-end': '' })).toEqual(['end']);
    expect(await folds({ deed: 'note', version: '0', 'words-note': 'of yesterday' })).toEqual(['note']);
    const changed = { deed: 'note', version: 'x', 'words-note': 'y' };
    expect(await refusalOf(`/desk/cases/${id}`, changed)).toBe('input-invalid');
  });

  test('a form about a letter that was changed on its way is refused', async () => {
    const said = { source: 'members', kind: 'objection', signed: '2026-01-02', received: '2026-01-03' };
    const came = { surname: 'Nobody', postcode: 'N1 9GU', by: 'letter' };
    const letter = recordPreferenceInput.parse({ ...said, ...came });
    const { event } = must(await recordPreference(club.service, steward, letter));
    const at = `/desk/unresolved/${event}`;
    for (const whose of ['abc', '1.5', '99999999999', '0', '-1'])
      expect(await refusalOf(at, { whose, words: 'the same hand', lookUp: 'x' }), whose).toBe(
        'input-invalid',
      );
    for (const form of [
      { lookUp: 'a\0b', words: 'x' },
      { lookUp: 'x', words: 'a\0b' },
    ])
      expect(await refusalOf(at, { whose: '1', ...form })).toBe('input-invalid');
    const none = await sent(at, { nobody: 'yes', words: '\u200B' });
    expect([none.status, faultsIn(none.text)]).toEqual([422, [['words', 'Say how you know']]]);
    const more = await sent(at, { nobody: 'yes', words: 'x'.repeat(2001) });
    expect([more.status, faultsIn(more.text)]).toEqual([422, [['words', long('2,000')]]]);
  });

  test('of a letter who was ticked and what was written stay, whatever is wrong or refused', async () => {
    const said = { source: 'members', kind: 'objection', signed: '2026-01-02', received: '2026-01-03' };
    const came = { surname: 'Ambzzz', postcode: 'ZZ1 1ZZ', by: 'letter' };
    const letter = recordPreferenceInput.parse({ ...said, ...came });
    const { event } = must(await recordPreference(club.service, steward, letter));
    const at = `/desk/unresolved/${event}`;
    const lookUpIn = (text: string): string => /name="lookUp" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const ticksIn = (text: string) =>
      [...text.matchAll(/name="(whose|nobody)"[^>]* checked/g)].map(([, name]) => name);
    const lookUp = lookUpIn((await sent(at, null)).text);
    const empty = await sent(at, { lookUp, whose: '1', words: '' });
    expect([empty.status, faultsIn(empty.text)]).toEqual([422, [['words', 'Say how you know']]]);
    expect(ticksIn(empty.text)).toEqual(['whose']);
    expect(lookUpIn(empty.text)).not.toBe(lookUp);
    const both = await sent(at, { lookUp, whose: '1', nobody: 'yes', words: 'the same hand' });
    expect([both.status, ticksIn(both.text)]).toEqual([422, ['whose', 'nobody']]);
    const numbered = await sent(at, { lookUp, whose: '1', record: 'M001', words: 'the same hand' });
    expect([numbered.status, faultsIn(numbered.text).map(([field]) => field)]).toEqual([422, ['record']]);
    expect(ticksIn(numbered.text)).toEqual(['whose']);

    const gone = await sent(at, { lookUp: 'x', whose: '1', words: 'the same hand' });
    expect([gone.status, gone.text.includes('>the same hand</textarea>')]).toEqual([404, true]);
    const nobodys = { event, source: 'members', records: [], words: 'nobody of that name' };
    must(await resolveEvent(club.service, steward, nobodys));
    for (const form of [{ whose: '1' }, { nobody: 'yes' }]) {
      const late = await sent(at, { lookUp, words: 'the same hand', ...form });
      expect([late.status, late.text.includes('the same hand')]).toEqual(['whose' in form ? 409 : 404, true]);
    }
  });

  test('a recipient is told what is wrong with its answer', async () => {
    by = toys;
    const answered = async (form: Form) => {
      const { status, text } = await sent('/passed-on/acknowledgement', form);
      return [status, faultsIn(text).map(([field]) => field)];
    };
    expect(await answered({ task: 'x', answer: 'perhaps' })).toEqual([422, ['answer']]);
    expect(await answered({ task: 'x', answer: 'refused', words: 'x'.repeat(1001) })).toEqual([
      422,
      ['words'],
    ]);
    const many = Array.from({ length: 501 }, (_, i) => `task-${i}`);
    expect(await answered({ task: many, answer: 'done' })).toEqual([422, ['main']]);
    expect(await answered({ answer: '' })).toEqual([422, ['main', 'answer']]);
    expect(await refusalOf('/passed-on/acknowledgement', { task: 'a\0b', answer: 'done' })).toBe(
      'input-invalid',
    );
  });

  test('a list has no page that begins after what is no text', async () => {
    const cursor = Buffer.from(JSON.stringify(['0', '2026-01-01', '\0'])).toString('base64url');
    expect(await refusalOf(`/desk/cases?cursor=${cursor}`, null)).toBe('input-invalid');
  });
});
