import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { english } from '../../words/words.ts';
import { code, must, officer, steward } from '../flow/flow.fixture.ts';
import type { Actor } from '../flow/service.ts';
import { copiedView } from './copied.ts';
import { inertText } from './copy-csv.ts';
import { copyDetails, copyDetailsInput, takeCopy } from './copy-details.ts';
import { sectionsOf } from './copy-lines.ts';
import { openCase, openCaseInput } from './open-case.ts';
import { setSafeContact } from './safe-contact.ts';
import { showCase } from './show-case.ts';
import { type WindowFixture, windowFixture } from './window.fixture.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-2', '-2'],
  ['+44.5', '+44.5'],
  ['-.5', '-.5'],
  ['-', "'-"],
  ['-1-1', "'-1-1"],
  ['\tx', "'\tx"],
  ["O'Neil", "O'Neil"],
])('a spreadsheet runs nothing of %j', (text, cell) => {
  expect(inertText(text)).toBe(cell);
});

describe.each(oneDatabase)('on $name', (database) => {
  let club: WindowFixture;
  const as = () => club.service;
  beforeAll(async () => {
    club = await windowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  async function copied(actor: Actor, given: object): Promise<Buffer> {
    const file = must(await copyDetails(as(), actor, copyDetailsInput.parse(given), english));
    const parts: Uint8Array[] = [];
    for await (const part of file.stream) parts.push(part);
    const all = Buffer.concat(parts);
    expect(file.bytes).toBe(all.length);
    expect(file.name).not.toMatch(/isla|ingleby|M009/i);
    return all;
  }

  test('a copy holds every value that is held, what was told, said and asked', async () => {
    const isla = club.member('isla@people.example');
    const bare = must(await openCase(as(), isla, openCaseInput.parse({ kind: 'access' })));
    const more = must(
      await openCase(as(), isla, openCaseInput.parse({ kind: 'access', words: 'my letters' })),
    );
    must(await setSafeContact(as(), isla, { source: null, person: null, safe: true }));
    const copy = copiedView.parse(JSON.parse((await copied(isla, { format: 'json' })).toString('utf8')));
    const [held] = copy.held.records;
    const values = new Map(held?.fields.map(({ field, value }) => [field, value]));
    expect(values.get('forename')).toBe('Isla');
    expect(values.get('surname')).toBe('Ingleby');
    expect(values.get('email')).toBe('isla@people.example');
    expect(copy).toMatchObject({ safeContact: true, records: [{ source: 'members', record: 'M009' }] });
    expect(copy.told.notices.map(({ notice }) => notice)).toEqual(['web@1']);
    expect(copy.requests.map(({ kind, said }) => [kind, said.words])).toEqual([
      ['access', null],
      ['access', 'my letters'],
    ]);
    const states = async () => [
      must(await showCase(as(), isla, { case: bare.case })).state,
      must(await showCase(as(), isla, { case: more.case })).state,
    ];
    // Whatever follows a link may look; only who takes it has it.
    expect(await states()).toEqual(['open', 'open']);
    must(await takeCopy(as(), isla, { format: 'json' }, english));
    expect(await states()).toEqual(['done', 'open']);

    const csv = (await copied(isla, { format: 'csv' })).toString('utf8');
    expect(csv.startsWith('\uFEFF"part","what","value","from","when"\r\n')).toBe(true);
    expect(csv).toContain('"Ingleby"');
    expect(csv).toContain('"Request 1: A copy of your details"');
    expect(csv).toContain('you told us');
    expect(csv).not.toMatch(/Request \d+: (access|opened)/);
    const pdf = await copied(isla, { format: 'pdf' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toMatch(/\/MarkInfo|\/StructTreeRoot/);
  });

  test('what people read of a copy is in words, and in no code', async () => {
    const isla = club.member('isla@people.example');
    const copy = copiedView.parse(JSON.parse((await copied(isla, { format: 'json' })).toString('utf8')));
    const toy = { organisation: 'toys', name: 'Toys Ltd', role: 'controller' } as const;
    const madeOf = {
      ...{ title: 'Offers', purposes: [{ term: 'dpv:DirectMarketing', label: 'direct marketing' }] },
      ...{ channels: ['post'], supplier: 'Club', delivered: [{ what: 'name', ofChild: true }] },
      chain: [toy, { organisation: 'mailing', name: 'Mailing Ltd', role: 'processor' } as const],
      ...{
        chosenBy: [],
        givesAway: [],
        useFrom: '2026-01-01',
        useUntil: '2026-02-01',
        deleteBy: '2026-03-01',
      },
    };
    const at = '2026-01-02T00:00:00.000Z';
    const claims = (['stop-using', 'obey-stops', 'inform'] as const).map((kind) => ({
      ...{ party: 'Toys Ltd', kind, due: '2026-02-01', said: at, overdue: false },
    }));
    const release = {
      release: 'r',
      releasedAt: at,
      records: [1],
      recipient: 'Toys Ltd',
      countersigned: null,
    };
    const scope = { purpose: null, organisation: null, channel: 'automated-call', field: null };
    const said = {
      number: 1,
      where: 'here',
      event: 'pe-1',
      kind: 'objection',
      scope,
      ...{ wording: null, notice: null, consent: null, lifts: null },
    } as const;
    const text = JSON.stringify(
      sectionsOf(english, {
        ...copy,
        releases: { items: [{ ...release, madeOf, claims }], searched: 1, unknown: 0 },
        said: { items: [{ ...said, at, signed: '2026-01-02', by: 'letter' }] },
      }),
    );
    for (const words of [
      ...['works for the others (a processor)', 'stop using them', 'tell you where they got your details'],
      ...['to offer you things (direct marketing)', 'by post', 'your child: name', 'Stop (an objection)'],
      ...['by recorded calls', 'by letter', 'You wrote it on 2 January 2026, it reached us on'],
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/stop-using|obey-stops|: inform|"objection"|automated-call|by web/);
  });

  test('staff copy for a request that is open and names a record, and for nothing else', async () => {
    const letter = { kind: 'access', by: 'letter', received: '2026-01-05' };
    const known = must(
      await openCase(as(), steward, openCaseInput.parse({ ...letter, source: 'members', person: 'M010' })),
    );
    const unknown = must(await openCase(as(), steward, openCaseInput.parse(letter)));
    const ask = (given: object) => copyDetails(as(), officer, copyDetailsInput.parse(given), english);
    expect((await copied(officer, { case: known.case })).toString()).toContain('"Jesmond"');
    expect(code(await ask({}))).toBe('input-invalid');
    expect(code(await ask({ case: 'x' }))).toBe('not-found');
    expect(code(await ask({ case: unknown.case }))).toBe('wrong-state');
  });

  test('a member in no record has nothing to copy', async () => {
    const nobody = club.member('nobody@example.invalid');
    expect(code(await copyDetails(as(), nobody, copyDetailsInput.parse({}), english))).toBe('not-found');
  });
});
