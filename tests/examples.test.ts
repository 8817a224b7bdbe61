import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUp } from '../examples/2017-parenting-club/set-up.ts';
import { statedReleases } from '../examples/2017-parenting-club/stated.ts';
import { copyExample } from '../examples/copy.ts';
import type { GenerateOptions } from '../examples/generate/parenting-club.ts';
import { recount } from '../examples/recount.ts';
import { check } from '../src/app/gate/check.ts';
import type { GateOptions } from '../src/app/gate/context.ts';
import type { Outcome } from '../src/app/gate/outcome.ts';
import { release } from '../src/app/gate/release.ts';
import { loadWorkspace, type Workspace } from '../src/documents/workspace.ts';
import { sqliteLedger } from '../src/store/sqlite/place.ts';

const examples = resolve(import.meta.dirname, '../examples');
const work = mkdtempSync(join(tmpdir(), 'astold-examples-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const optionsOf = ({ root }: Workspace): GateOptions => ({
  asOf: null,
  threads: 2,
  memoryLimit: null,
  onProgress: () => {},
  ledger: sqliteLedger(root),
});
const ofClub = (dir: string): GenerateOptions => ({
  dir: join(work, dir),
  members: 30_000,
  events: 3_000,
  suppressions: 4_000,
  geography: 'synthetic',
  seed: 2017,
});
const codes = (outcome: Outcome): readonly string[] => outcome.reasons.map((reason) => reason.code);

describe('the parenting club of 2017', () => {
  beforeAll(async () => {
    await setUp(ofClub('club'));
  });

  it('releases nobody under the request as it was, and says why', async () => {
    const workspace = await loadWorkspace(join(work, 'club'));
    const refused = await release(workspace, 'party-mailing', optionsOf(workspace));
    if (refused.kind !== 'nothing') throw new Error(refused.kind);
    expect(refused.outcome).toMatchObject({ evaluated: 30_000, released: 0 });
    expect(codes(refused.outcome)).toEqual(
      expect.arrayContaining([
        'purpose-not-told',
        'party-not-told',
        'basis-missing',
        'processor-acts-as-controller',
        'not-approved',
      ]),
    );
    const untold = refused.outcome.reasons.filter(
      (r) => r.code === 'purpose-not-told' || r.code === 'no-notice',
    );
    expect(untold.reduce((sum, r) => sum + r.records, 0)).toBe(30_000);
  });

  it('releases under the corrected request just those whom plain SQL over the raw files finds', async () => {
    const workspace = await loadWorkspace(join(work, 'club'));
    const done = await release(workspace, 'party-mailing-corrected', optionsOf(workspace));
    if (done.kind !== 'released') throw new Error(done.kind);
    const counted = await recount(join(work, 'club/data'), join(done.folder, 'list.csv'));
    expect(counted).toMatchObject({
      members: done.outcome.evaluated,
      released: done.outcome.released,
      differences: 0,
    });
    expect(done.outcome.released).toBeGreaterThan(300);
    expect(await release(workspace, 'party-mailing-corrected', optionsOf(workspace))).toMatchObject({
      kind: 'refused',
      code: 'release-exists',
    });
  });

  it('states in its README the number released, one for each geography', () => {
    const readme = readFileSync(join(examples, '2017-parenting-club/README.md'), 'utf8');
    for (const stated of Object.values(statedReleases))
      expect(readme).toContain(`**${stated.toLocaleString('en-GB')}**`);
  });
});

describe('the small examples', () => {
  it('release nobody whom "selected third parties" was all that was told', async () => {
    const outcome = await checked('selected-third-parties', 'catalogue', null);
    expect(outcome).toMatchObject({ evaluated: 400, released: 0, source: { rejected: 6 } });
    expect(codes(outcome)).toEqual(expect.arrayContaining(['party-not-told', 'consent-missing']));
    // Of those who saw the good card, nothing but their silence holds them back.
    expect(outcome.reasons.find((r) => r.code === 'consent-missing')?.alone).toBeGreaterThan(50);
  });

  it('release no subscriber to a company of the same group', async () => {
    const outcome = await checked('campaign-subscribers', 'insurance-offer', null);
    expect(outcome).toMatchObject({ evaluated: 300, released: 0 });
    expect(codes(outcome)).toEqual(expect.arrayContaining(['party-not-told', 'special-category']));
  });

  it('would release a few hundred to a toy maker they said yes to', async () => {
    const outcome = await checked('toy-offer', 'toy-offer', Date.parse('2026-11-21T12:00:00Z'));
    expect(outcome).toMatchObject({ evaluated: 1_000, released: 310, mark: 'as-of' });
  });
});

async function checked(example: string, request: string, asOf: number | null): Promise<Outcome> {
  const dir = join(work, `${example}-workspace`);
  await copyExample(join(examples, example), dir);
  const workspace = await loadWorkspace(dir);
  return check(workspace, request, { ...optionsOf(workspace), asOf });
}
