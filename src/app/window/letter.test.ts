import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLogVerifier } from '../../documents/log-key.ts';
import { checkReceipt, type Receipt } from '../../evidence/receipt.ts';
import { oneDatabase } from '../../store/postgres/databases.fixture.ts';
import { parseTraceCode, traceCode } from '../../supply/trace-code.ts';
import { checked, code, type FlowFixture, flowFixture, must, officer } from '../flow/flow.fixture.ts';
import { peopleOptions } from '../flow/people-options.ts';
import { readReceipt } from '../flow/read-receipt.ts';
import { readWorkspace } from '../flow/read-workspace.ts';
import type { Actor, LetterHolder } from '../flow/service.ts';
import { showCheck } from '../flow/show-check.ts';
import { rootOf } from '../flow/workspace-of.ts';
import { erase } from '../people/erase.ts';
import { findLetter } from './find-letter.ts';
import { type Letters, sendLetters } from './letter.fixture.ts';
import { groundOrNull, showLetter } from './show-letter.ts';
import { stopByLetter } from './stop-by-letter.ts';

const sleeping = 'Rowan';

describe.each(oneDatabase)('on $name', (database) => {
  let club: FlowFixture;
  let letters: Letters;
  const as = () => club.service;
  const root = () => rootOf(club.service, club.org);
  beforeAll(async () => {
    club = await flowFixture(database);
    letters = await sendLetters(club);
  }, 120_000);
  afterAll(() => club.drop());

  const typed = (text: string) => {
    const parsed = parseTraceCode(text);
    if (parsed.kind !== 'code') throw new Error(parsed.kind);
    return findLetter(as(), parsed);
  };
  async function letterOf(name: string): Promise<LetterHolder> {
    const holder = await typed(letters.codes.get(name) ?? '');
    if (holder === null) throw new Error(`no letter of ${name}`);
    return holder;
  }
  /** How many the same request would go to now. */
  async function released(id: string): Promise<number> {
    return must(await showCheck(as(), officer, { check: await checked(club, id) })).released ?? -1;
  }
  const holds = async (receipt: Receipt) =>
    checkReceipt(receipt, await readLogVerifier(root()), Date.now() + 60_000);

  test('the codes of a release are indexed as it is sealed, for its owner alone', async () => {
    const dir = join(root(), '.astold/trace');
    const [index = '', ...more] = await readdir(dir);
    expect([index.startsWith(letters.release), more]).toEqual([true, []]);
    const { mode, size } = await stat(join(dir, index));
    expect([mode & 0o777, size % letters.codes.size]).toEqual([0o600, 0]);
  });

  test('every code of a letter leads to its release, and no other code to any', async () => {
    for (const name of letters.codes.keys())
      expect(await letterOf(name)).toMatchObject({ org: club.org, id: letters.release });
    expect(await typed(traceCode('another key of thirty-two letters', 'x'))).toBe(null);
  });

  test('an index that is gone is made again', async () => {
    await rm(join(root(), '.astold/trace'), { recursive: true });
    expect(await letterOf('Ada')).toMatchObject({ id: letters.release });
    expect(existsSync(join(root(), '.astold/trace'))).toBe(true);
  });

  test('a letter tells who sent it, for whom, what for and what was told, and nothing of anybody', async () => {
    const view = must(await showLetter(as(), await letterOf('Ada')));
    expect(view).toMatchObject({
      ...{ club: 'Example Club', sender: 'Example Mailing Ltd', onBehalfOf: ['Example Toys Ltd'] },
      ...{ purposes: ['dpv:DirectMarketing'], channels: ['post'], releasedOn: letters.release.slice(0, 10) },
      told: [{ notice: 'web@1' }],
    });
    const [told] = view.told;
    expect(told?.quotes.length).toBeGreaterThan(2);
    for (const quote of told?.quotes ?? [])
      expect(told?.layers.join(' ').replace(/\s+/g, ' ')).toContain(quote);
    expect(JSON.stringify(view)).not.toMatch(/Ada|Amberley|Larch|ZZ1|M001|people\.example/);
  });

  test('a sleeper looks like any other', async () => {
    const [theirs, other] = [await letterOf(sleeping), await letterOf('Ada')];
    expect(must(await showLetter(as(), theirs))).toEqual(must(await showLetter(as(), other)));
    const [asleep, awake] = [must(await stopByLetter(as(), theirs)), must(await stopByLetter(as(), other))];
    for (const { receipts } of [asleep, awake]) {
      expect(receipts).toHaveLength(1);
      const { said, master } = await holds(receipts[0] as Receipt);
      expect(said.person).toMatch(/^[0-9a-f]{64}$/);
      expect(master).toBe(null);
    }
    const form = ({ receipts }: typeof asleep) =>
      receipts.map(({ content, ...rest }) => [
        Object.keys(rest),
        Object.keys(content),
        content.scope,
        rest.token,
      ]);
    expect(form(asleep)).toEqual(form(awake));
  });

  test('its stop is of the release’s scope, counts from now, and takes that person out of the next list', async () => {
    const before = await released('before');
    const { receipts } = must(await stopByLetter(as(), await letterOf('Ben')));
    expect(receipts.map(({ content }) => content)).toMatchObject([
      {
        ...{ type: 'objection', receivedBy: 'web', source: 'members' },
        scope: {
          ...{ purpose: 'dpv:DirectMarketing', organisation: 'example-toys' },
          ...{ contactChannel: 'post', field: 'all' },
        },
      },
    ]);
    expect(Date.now() - Date.parse(receipts[0]?.content.received ?? '')).toBeLessThan(60_000);
    expect(await released('after')).toBe(before - 1);
  });

  test('its receipt holds without the token, which the person reads when they sign in', async () => {
    const { receipts } = must(await stopByLetter(as(), await letterOf('Rosa')));
    const [receipt] = receipts;
    if (receipt === undefined) throw new Error('no receipt');
    expect(receipt.token).toBe(null);
    const { said } = await holds(receipt);
    const rosa: Actor = { kind: 'member', id: 'rosa', org: club.org, email: 'rosa@people.example' };
    const own = must(await readReceipt(as(), rosa, { receipt: said.id })) as unknown as Receipt;
    expect({ ...own, token: null, logged: null }).toEqual(receipt);
    expect((await holds(own)).master).not.toBe(null);
    const ada: Actor = { ...rosa, id: 'ada', email: 'ada@people.example' };
    expect(code(await readReceipt(as(), ada, { receipt: said.id }))).toBe('not-found');
  });

  test('said twice it is answered alike, and says nothing of the first time', async () => {
    const holder = await letterOf('Joel');
    const facts = must(await showLetter(as(), holder));
    const [first, second] = [must(await stopByLetter(as(), holder)), must(await stopByLetter(as(), holder))];
    const [one, two] = [first.receipts[0]?.content, second.receipts[0]?.content];
    expect(two?.event).not.toBe(one?.event);
    expect({ ...two, event: '', at: '', signed: '', received: '' }).toEqual({
      ...{ ...one, event: '', at: '', signed: '', received: '' },
    });
    expect(must(await showLetter(as(), holder))).toEqual(facts);
  });

  test('whoever was erased gets the same answer as everybody, and the receipt of it can be read again', async () => {
    const holder = await letterOf('Gwen');
    const workspace = await readWorkspace(as(), club.org);
    const asked = { source: 'members', person: 'M007', by: 'web', signed: null, received: null } as const;
    const erased = await erase(workspace, asked, peopleOptions(as(), club.org), async () => {});
    expect(erased.kind).toBe('erased');
    expect(must(await showLetter(as(), holder)).told).toHaveLength(1);
    const { receipts } = must(await stopByLetter(as(), holder));
    const { said } = await holds(receipts[0] as Receipt);
    const read = must(await readReceipt(as(), officer, { receipt: said.id })) as unknown as Receipt;
    expect({ ...read, logged: null }).toEqual(receipts[0]);
    expect(await released('erased')).toBeGreaterThan(0);
  });

  test('where the secrets are gone nobody is taken for somebody who was erased, and nothing is recorded', async () => {
    const holder = await letterOf('Ada');
    const dir = join(root(), 'vault/sources/members');
    const [secrets, away] = [join(dir, 'secrets.parquet'), join(dir, 'away')];
    await rename(secrets, away);
    await expect(stopByLetter(as(), holder)).rejects.toMatchObject({ code: 'secrets-missing' });
    await rename(away, secrets);
    const { receipts } = must(await stopByLetter(as(), holder));
    expect(receipts).toHaveLength(1);
  });

  test('of a release whose evidence is kept no longer nothing is made up', async () => {
    // What was read before is known by another path.
    const elsewhere = join(as().data, 'elsewhere');
    await symlink(root(), elsewhere);
    const [evidence, away] = [join(root(), 'evidence', letters.release), join(root(), 'evidence', 'away')];
    await rename(evidence, away);
    expect(await groundOrNull(elsewhere, letters.release)).toBe(null);
    await rename(away, evidence);
    expect(await groundOrNull(elsewhere, letters.release)).not.toBe(null);
  });
});
