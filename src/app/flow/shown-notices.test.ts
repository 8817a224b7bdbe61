/** A notice stays as people were shown it: its words from when their details were read, its reading from when a list went out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseNotice } from '../../documents/notice.ts';
import { dayOf } from '../../policy/dates.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { approved, code, type FlowFixture, flowFixture, must, steward } from './flow.fixture.ts';
import { ingestSource } from './ingest-source.ts';
import { isNarrower } from './notice-reading.ts';
import { noticeVersions } from './notice-versions.ts';
import { putDocument } from './put-document.ts';
import { putUnchecked } from './put-unchecked.fixture.ts';
import { readDocument } from './read-document.ts';
import { recordPreference, recordPreferenceInput } from './record-preference.ts';
import { releaseRequest } from './release-request.ts';
import { removeDocument } from './remove-document.ts';

const path = 'notices/web-1.md';
const older = 'notices/web-0.md';
const inDays = (days: number): string => dayOf(Date.now() + days * 86_400_000);
type Edit = (text: string) => string;

const sentence: Edit = (text) => `${text}\nWe are at home on Mondays.\n`;
const earlier: Edit = (text) => text.replace(/shown: \{ from: \S+,/, 'shown: { from: 2001-02-03,');
const later: Edit = (text) => text.replace(/shown: \{ from: \S+,/, `shown: { from: ${inDays(-9)},`);
const elsewhere: Edit = (text) => text.replace('collected-by: [web]', 'collected-by: [web, app]');
const printed: Edit = (text) => text.replace('print-code: null', 'print-code: "W1"');
const until =
  (days: number): Edit =>
  (text) =>
    text.replace(/until: [\w-]+ \}/, `until: ${inDays(days)} }`);
const asksMore: Edit = (text) => text.replace(/(contact-channels:) \[post\]$/m, '$1 [post, email]');
/** Another promise, of words that stand there. */
const promises: Edit = (text) =>
  text.replace(
    '---\n# How',
    '  - id: nothing-unasked\n    kind: never\n    purposes: { terms: [dpv:PersonalisedAdvertising], narrower: false, quote: "We share nothing unless you ask us to", layer: 1 }\n---\n# How',
  );
const unpromised: Edit = (text) => text.replace(/ {2}- id: no-sale[\s\S]*?(?=---\n)/, '');
const permits: Edit = (text) =>
  text.replace(
    '---\n# How',
    '  - id: membership\n    kind: tells\n    purposes: { terms: [dpv:MemberPartnerManagement, dpv:ServiceProvision], narrower: false, quote: "We use what you tell us to run your membership", layer: 1 }\n---\n# How',
  );
const unpermitted: Edit = (text) => text.replace(/ {2}- id: membership[\s\S]*?(?= {2}- id:|---\n)/, '');
const permitsLess: Edit = (text) => text.replace(', dpv:ServiceProvision]', ']');
const permitsMore: Edit = (text) =>
  text.replace(', dpv:ServiceProvision]', ', dpv:ServiceProvision, dpv:Marketing]');

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  const as = () => club.service;
  beforeAll(async () => {
    club = await flowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  const read = async (at: string) => must(await readDocument(as(), steward, { path: at }));
  async function put(edit: Edit, at = path): Promise<string> {
    const { text, version } = await read(at);
    expect(edit(text)).not.toBe(text);
    return code(await putDocument(as(), steward, { path: at, text: edit(text), version }));
  }
  /** A version of the notice, without what a second person would have to sign. */
  async function another(version: string, days: number): Promise<string> {
    const { text } = await read(path);
    return text
      .replace('version: "1"', `version: "${version}"`)
      .replace(/shown: \{ from: \S+,/, `shown: { from: ${inDays(days)},`)
      .replace(/ {2}- id: toy-offers\n {4}kind: tells[\s\S]*?(?= {2}- id: no-sale)/, '');
  }
  /** Put, and put back as it was. */
  async function tried(edit: Edit, at = path): Promise<string> {
    const { text } = await read(at);
    const answer = await put(edit, at);
    if (answer === 'done') expect(await put(() => text, at)).toBe('done');
    return answer;
  }

  test('whose details were read by nobody may be changed in every part, but a consent that somebody answered', async () => {
    for (const edit of [sentence, elsewhere, printed, asksMore, promises, unpromised, permits, until(-9)])
      expect([await tried(edit), edit]).toEqual(['done', edit]);
    const yes = { kind: 'consent', source: 'members', person: 'M003', notice: 'web@1' };
    const said = recordPreferenceInput.parse({ ...yes, consent: 'toy-offers', by: 'phone' });
    must(await recordPreference(as(), steward, said));
    const before = await read(path);
    expect(await put(asksMore)).toBe('wrong-state');
    expect(await put((text) => text.replace('kind: opt-in', 'kind: opt-out'))).toBe('wrong-state');
    expect(await read(path)).toEqual(before);
    expect(await tried(sentence)).toBe('done');
  });

  test('that people were shown keeps its words, and where and from when it was shown, and is not removed', async () => {
    must(await putDocument(as(), steward, { path: older, text: await another('0', -900), version: 0 }));
    must(await ingestSource(as(), steward, { source: 'members' }));
    await club.work();
    for (const edit of [sentence, earlier, elsewhere, printed])
      expect([await put(edit), edit]).toEqual(['wrong-state', edit]);
    const { version } = await read(older);
    expect(code(await removeDocument(as(), steward, { path: older, version }))).toBe('wrong-state');
    expect(await put((text) => text.replace('version: "0"', 'version: "0b"'), older)).toBe('wrong-state');
    for (const edit of [until(3), promises, permits])
      expect([await tried(edit), edit]).toEqual(['done', edit]);
  });

  test('that people were shown ends on no day before the last reading, so that what it promised them binds', async () => {
    for (const days of [-1, -200]) expect(await put(until(days))).toBe('wrong-state');
    expect(await tried(until(0))).toBe('done');
    await putUnchecked(as(), club.org, new Map([[older, until(-100)((await read(older)).text)]]));
    expect(await put(until(-101), older)).toBe('wrong-state');
    expect(await put(until(-50), older)).toBe('done');
    expect(await put(until(-51), older)).toBe('wrong-state');
  });

  test('of a day to come stays a draft, whatever was read before', async () => {
    const next = 'notices/web-2.md';
    must(await putDocument(as(), steward, { path: next, text: await another('2', 9), version: 0 }));
    must(await ingestSource(as(), steward, { source: 'members' }));
    await club.work();
    expect(await put(sentence, next)).toBe('done');
    expect(await put((found) => found.replace(inDays(9), inDays(8)), next)).toBe('done');
    const { version } = await read(next);
    must(await removeDocument(as(), steward, { path: next, version }));
  });

  test('under which a list went out may be read to permit less, and never more', async () => {
    expect(await put((text) => until(90)(permits(text)))).toBe('done');
    const { version } = await approved(club, 'toys');
    must(await releaseRequest(as(), steward, { request: 'toys', version }));
    await club.work();
    const before = await read(path);
    for (const edit of [permitsMore, unpromised])
      expect([await put(edit), edit]).toEqual(['wrong-state', edit]);
    expect(await read(path)).toEqual(before);
    expect(await put(until(3))).toBe('done');
    expect(await put(promises)).toBe('done');
    expect(await put((text) => text.replace(/ {2}- id: nothing-unasked[\s\S]*?(?=---\n)/, ''))).toBe(
      'wrong-state',
    );
  });

  test('may have back what it permitted when a list went out, and no more', async () => {
    const { text } = await read(path);
    for (const edit of [permitsLess, unpermitted]) {
      expect(await put(edit)).toBe('done');
      expect(await put(() => permitsMore(text))).toBe('wrong-state');
      expect(await put(() => text)).toBe('done');
    }
  });

  test('may have back the words that people were shown, with no more than those have that stand in their place', async () => {
    const { text } = await read(path);
    const stands = (edit: Edit): Promise<void> => putUnchecked(as(), club.org, new Map([[path, edit(text)]]));
    await stands(sentence);
    expect(await put(() => sentence(sentence(text)))).toBe('wrong-state');
    expect(await put(() => text)).toBe('done');
    for (const less of [unpermitted, elsewhere, later]) {
      await stands((found) => less(sentence(found)));
      const back = await put(() => text);
      expect([less, back]).toEqual([less, less === later ? 'done' : 'wrong-state']);
    }
    await stands((found) => unpermitted(sentence(found)));
    expect(await put(() => unpermitted(text))).toBe('done');
    expect(await put(() => text)).toBe('done');
  });

  test('is held by what it was, and not by what another text of it says', async () => {
    const { text } = await read(path);
    const parsed = (edit: Edit) => {
      const { notice } = parseNotice(path, edit(text));
      if (notice === null) throw new TypeError('the notice does not parse');
      return notice;
    };
    const now = parsed((same) => same);
    expect(isNarrower(now, parsed(permitsMore), [])).toBe(false);
    expect(isNarrower(now, parsed(unpermitted), [])).toBe(true);
    expect(isNarrower(parsed(unpermitted), now, [])).toBe(false);
    expect(isNarrower(now, parsed(unpromised), [])).toBe(false);
    expect(isNarrower(now, parsed(asksMore), [])).toBe(false);
    const fewer = parsed((found) =>
      found.replace('organisations: [example-toys, example-mailing]', 'organisations: [example-toys]'),
    );
    expect([isNarrower(now, fewer, []), isNarrower(fewer, now, []), isNarrower(fewer, now, [now])]).toEqual([
      ...[true, false, true],
    ]);
    const anchored = parsed((found) => found.replace('for: P2Y', 'for: P3Y'));
    expect(isNarrower(now, anchored, [])).toBe(false);
    const at = (ms: number) => new Date(ms);
    const versions = noticeVersions([
      { path, digest: 'first', text, made_at: at(1), changed_at: at(5) },
      { path, digest: 'second', text: sentence(text), made_at: at(3), changed_at: null },
    ]).get('web@1');
    expect(versions?.map(({ from, until }) => [from, until])).toEqual([
      [1, 3],
      [3, 5],
      [5, null],
    ]);
  });
});
