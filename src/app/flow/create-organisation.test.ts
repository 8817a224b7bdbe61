/** An organisation that comes onto the server, and what keeps it from coming. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases, type TestState } from '../../store/postgres/databases.fixture.ts';
import { createOrganisation, type NewOrganisation } from './create-organisation.ts';
import { currentTexts } from './current-text.ts';
import { serviceOn } from './flow.fixture.ts';
import type { Service } from './service.ts';

const example = resolve(import.meta.dirname, '../../../examples/toy-offer');

describe.each(databases)('on $name', (database) => {
  let made: TestState;
  let service: Service;
  let folder: string;
  beforeAll(async () => {
    made = await database.create();
    service = serviceOn(made.state, join(made.data, 'organisations'), []);
    folder = mkdtempSync(join(tmpdir(), 'astold-coming-'));
    cpSync(example, join(folder, 'club'), { recursive: true });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await made.drop();
  });
  const wanted = (change: Partial<NewOrganisation> = {}): NewOrganisation => ({
    ...{ org: 'poppy-lane', name: 'Poppy Lane', folder: join(folder, 'club'), instead: new Map() },
    ...change,
  });
  const codeOf = async (change: Partial<NewOrganisation>) => {
    const answer = await createOrganisation(service, wanted(change));
    return answer.kind === 'refused' ? answer.code : 'done';
  };

  test.each<[string, Partial<NewOrganisation>]>([
    ['an id that is none', { org: '../up' }],
    ['another name than its documents bear', { org: 'somebody-else' }],
    ['no folder', { folder: '/nowhere/at/all' }],
    ['documents without a configuration', { instead: new Map([['astold.yaml', 'kind: live']]) }],
  ])('%s is refused, and nothing is made', async (_, change) => {
    expect(await codeOf(change)).toBe('input-invalid');
    expect(await service.state.organisations()).toEqual([]);
    expect(existsSync(service.data)).toBe(false);
  });

  test('a workspace with keys of its own is not taken over', async () => {
    const own = join(folder, 'own');
    cpSync(example, own, { recursive: true });
    mkdirSync(join(own, 'keys'));
    writeFileSync(join(own, 'keys/log.key'), 'x');
    expect(await codeOf({ folder: own })).toBe('input-invalid');
    // Keys that are left behind are not those of a log that is there.
    mkdirSync(join(own, 'log'));
    expect(await codeOf({ folder: own, leaveKeys: true })).toBe('input-invalid');
  });

  test('it has its keys, its log, its data and its documents, but no request and no approval; again changes nothing', async () => {
    mkdirSync(join(folder, 'club/keys'));
    writeFileSync(join(folder, 'club/keys/log.key'), 'of the folder');
    expect(await codeOf({ leaveKeys: true })).toBe('done');
    const root = join(service.data, 'poppy-lane');
    expect(readFileSync(join(root, 'keys/log.key'), 'utf8')).not.toContain('of the folder');
    rmSync(join(folder, 'club/keys'), { recursive: true });
    expect(readdirSync(join(root, 'keys')).sort()).toEqual([
      'log.begun',
      'log.key',
      'log.pub',
      'organisation.key',
    ]);
    expect(existsSync(join(root, 'data/members.csv'))).toBe(true);
    const paths = async (): Promise<readonly string[]> =>
      (await service.state.as('poppy-lane', (tx) => currentTexts(tx, 'poppy-lane', ''))).map(
        ({ path }) => path,
      );
    const before = await paths();
    expect(before).toContain('agreements/toy-offers-2026.yaml');
    expect(before.filter((path) => /^(requests|approvals|duties|freezes)/.test(path))).toEqual([]);
    expect(await codeOf({})).toBe('done');
    expect(await paths()).toEqual(before);
  });
});
