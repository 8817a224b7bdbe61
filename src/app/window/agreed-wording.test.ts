import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { code, type FlowFixture, flowFixture, must, steward } from '../flow/flow.fixture.ts';
import { putDocument } from '../flow/put-document.ts';
import { readDocument } from '../flow/read-document.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import { agreedWording } from './agreed-wording.ts';

const path = 'notices/web-1.md';
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  beforeAll(async () => {
    club = await flowFixture(database);
  }, 180_000);
  afterAll(() => club.drop());

  const wordingOf = async () =>
    agreedWording(club.service, club.org, await readWorkspace(club.service, club.org));
  async function put(change: (text: string) => string): Promise<void> {
    const { text, version } = must(await readDocument(club.service, steward, { path }));
    expect(code(await putDocument(club.service, steward, { path, text: change(text), version }))).toBe(
      'done',
    );
  }

  test('words that were never others are those that were agreed to, whatever else the notice came to say', async () => {
    await put((text) => `${text}\nWe are at home on Mondays.\n`);
    const of = await wordingOf();
    for (const said of [null, '2020-01-01', inDays(0)])
      expect(of('web@1', 'toy-offers', said)).toMatchObject({ changed: false });
    expect(of('web@1', 'others', null)).toBeNull();
    expect(of('web@2', 'toy-offers', null)).toBeNull();
  });

  test('words that were others are of those alone who answered after they were put', async () => {
    const before = (await wordingOf())('web@1', 'toy-offers', null)?.text ?? '';
    const other = `${before.replace(/\.$/, '')}, and more`;
    await put((text) => text.replaceAll(before, other));
    const of = await wordingOf();
    for (const said of [null, 'some day', '2020-01-01', Date.now() - 1000, inDays(0)])
      expect(of('web@1', 'toy-offers', said)).toEqual({ text: other, changed: true });
    expect(of('web@1', 'toy-offers', inDays(2))).toEqual({ text: other, changed: false });
  });
});
