import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { logPublicFile } from '../../documents/log-key.ts';
import { databases } from '../../store/postgres/databases.fixture.ts';
import { deleteRows } from '../../store/postgres/delete-rows.fixture.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import { nothingAsked } from '../log/own-log.ts';
import { countersignatureFile, receive } from '../supply/receive.ts';
import { ageKeyFile, recipientKeys, signKeyFile } from '../supply/recipient-keys.ts';
import { zipFile } from '../supply/seal.ts';
import { approveRequest } from './approve-request.ts';
import { carryOutRelease } from './carry-out-release.ts';
import { changeState } from './change-request.ts';
import { checkRequest } from './check-request.ts';
import { countersignSupply } from './countersign-supply.ts';
import { fetchDownload } from './fetch-download.ts';
import {
  approved,
  auditor,
  code,
  type FlowFixture,
  flowFixture,
  mailing,
  must,
  officer,
  steward,
  toys,
} from './flow.fixture.ts';
import { freeze as setFreeze } from './freeze.ts';
import { liftFreeze } from './lift-freeze.ts';
import { listReleases } from './list-releases.ts';
import { makeDownload } from './make-download.ts';
import { putDocument } from './put-document.ts';
import { readDocument } from './read-document.ts';
import { listEvidence, readEvidence } from './read-evidence.ts';
import { releaseRequest } from './release-request.ts';
import type { releaseDetailView } from './release-view.ts';
import { removeDocument } from './remove-document.ts';
import { sendBackRequest } from './send-back-request.ts';
import type { Service } from './service.ts';
import { showRelease } from './show-release.ts';
import { showRequest } from './show-request.ts';
import { rootOf } from './workspace-of.ts';

const page = { limit: 50 };

describe.each(databases)('on $name', (database) => {
  let club: FlowFixture;
  const as = () => club.service;
  const root = () => rootOf(club.service, club.org);
  /** What tests look at, and leave as it is. */
  let made: z.output<typeof releaseDetailView>;
  beforeAll(async () => {
    club = await flowFixture(database);
    made = await released('made');
  });
  afterAll(() => club.drop());

  /** Asked for and carried out; gives the run as it ended. */
  async function release(id: string, version: number) {
    const run = must(await releaseRequest(as(), steward, { request: id, version }));
    await club.work();
    const { releases } = must(await showRequest(as(), steward, { request: id }));
    return releases.find((each) => each.id === run.id);
  }
  async function released(id: string) {
    const { version } = await approved(club, id);
    expect(await release(id, version)).toMatchObject({ state: 'done', faultWords: null });
    const { items } = must(await listReleases(as(), mailing, page));
    const found = items.find((each) => each.request === id);
    if (found === undefined) throw new Error(`no release of ${id}`);
    return must(await showRelease(as(), mailing, { release: found.id }));
  }
  const logSize = async (): Promise<bigint> => {
    const place = postgresLedger({ state: as().state, org: club.org, root: root() });
    const ledger = await place.open({ waitMs: 5_000 });
    try {
      return (await ledger.head()).size;
    } finally {
      await ledger.close();
    }
  };
  const duties = (releaseId: string) =>
    as().state.as(club.org, (tx) =>
      tx
        .selectFrom('duty')
        .selectAll()
        .where('org', '=', club.org)
        .where('release', '=', releaseId)
        .execute(),
    );

  describe('a release', () => {
    test('of what is approved is logged, appears, is sealed, and opens duties', async () => {
      expect(must(await showRequest(as(), steward, { request: 'made' })).state).toBe('FINALIZED');
      expect(existsSync(join(root(), 'releases', made.id, 'log-proof.json'))).toBe(true);
      expect(existsSync(join(root(), 'evidence', made.id, 'ingest-proof.json'))).toBe(true);
      expect(made.supplies).toHaveLength(1);
      expect(made.supplies[0]).toMatchObject({
        recipient: 'example-mailing',
        rows: made.rows,
        fetchedAt: null,
      });
      expect((await duties(made.id)).map(({ kind }) => kind)).toContain('countersign');
      expect(await readdir(join(root(), 'held'))).toEqual([]);
    });

    test('is made once, however often it is asked for', async () => {
      const { version } = await approved(club, 'often');
      const at = { request: 'often', version };
      const answers = await Promise.all([1, 2, 3].map(() => releaseRequest(as(), steward, at)));
      expect(new Set(answers.map((each) => must(each).id)).size).toBe(1);
      await club.work();
      expect(code(await releaseRequest(as(), steward, { ...at, version: version + 1 }))).toBe('already-done');
    });

    test('of what is not approved is refused', async () => {
      const { version } = await approved(club, 'unapproved');
      await as().state.as(club.org, (tx) =>
        changeState(tx, {
          ...{ org: club.org, request: 'unapproved', deed: 'sent-back', by: 'o.officer', words: 'wait' },
          ...{ version, now: new Date() },
        }),
      );
      expect(code(await releaseRequest(as(), steward, { request: 'unapproved', version: version + 1 }))).toBe(
        'wrong-state',
      );
    });

    test('is stopped by a freeze that came after the approval, early and in the gate', async () => {
      const { version } = await approved(club, 'frozen');
      const run = must(await releaseRequest(as(), steward, { request: 'frozen', version }));
      const size = await logSize();
      const frozen = { kind: 'party', subject: 'example-mailing', words: 'an enforcement notice' } as const;
      const { freeze } = must(await setFreeze(as(), officer, frozen));
      await club.work();
      const { releases, state } = must(await showRequest(as(), steward, { request: 'frozen' }));
      expect(state).toBe('AGREED');
      expect(releases.find(({ id }) => id === run.id)).toMatchObject({
        ...{ state: 'failed', faultCode: 'nothing-to-release' },
        faultWords: expect.stringContaining('enforcement notice'),
      });
      // The freeze itself, and what was ingested and was logged before: no release.
      expect((await logSize()) - size).toBeLessThanOrEqual(2n);
      expect(code(await releaseRequest(as(), steward, { request: 'frozen', version }))).toBe('frozen');
      must(await liftFreeze(as(), officer, { freeze, words: 'it is over' }));
      expect(await release('frozen', version)).toMatchObject({ state: 'done' });
    });

    /** Something that happens once the documents of a release are written, and before it is logged. */
    function meanwhile(happens: () => Promise<unknown>): { service: Service; happened(): Promise<unknown> } {
      let happening: Promise<unknown> | undefined;
      const { limits } = as();
      const service = {
        ...as(),
        limits: {
          ...limits,
          get engineThreads() {
            happening ??= happens();
            return 1;
          },
        },
      };
      return { service, happened: async () => happening };
    }

    test('is stopped by a freeze that comes while it is decided, in the transaction of its entry', async () => {
      const { version } = await approved(club, 'overtaken');
      must(await releaseRequest(as(), steward, { request: 'overtaken', version }));
      const everything = { kind: 'everything', subject: null, words: 'an incident' } as const;
      const { service, happened } = meanwhile(() => setFreeze(as(), officer, everything));
      const job = club.waiting.splice(0)[0]?.job ?? { org: '', id: '' };
      await carryOutRelease(service, job);
      const { freeze } = must((await happened()) as Awaited<ReturnType<typeof setFreeze>>);
      const { releases, state } = must(await showRequest(as(), steward, { request: 'overtaken' }));
      expect(releases).toMatchObject([{ state: 'failed', faultCode: 'frozen' }]);
      expect(state).toBe('AGREED');
      const folders = await readdir(join(root(), 'releases'));
      expect(folders.filter((name) => name.includes('overtaken'))).toEqual([]);
      must(await liftFreeze(as(), officer, { freeze, words: 'it is over' }));
      expect(await release('overtaken', version)).toMatchObject({ state: 'done' });
    });

    /** Gives what it was. */
    async function rewrite(path: string, change: (text: string) => string): Promise<string> {
      const { text, version } = must(await readDocument(as(), steward, { path }));
      must(await putDocument(as(), steward, { path, text: change(text), version }));
      return text;
    }
    /** As a steward would who has the list sealed for himself. */
    async function swapKey(): Promise<() => Promise<string>> {
      const { ageKey } = await recipientKeys('example-mailing', join(club.keys, `swapped-${++swaps}`));
      const lines = /(- id: example-mailing\n +age-key: )\S+/;
      const before = await rewrite('organisations.yaml', (text) => text.replace(lines, `$1${ageKey}`));
      expect(before).not.toContain(ageKey);
      expect(before).toMatch(lines);
      return () => rewrite('organisations.yaml', () => before);
    }
    let swaps = 0;
    const lastRun = async (id: string) => must(await showRequest(as(), steward, { request: id }));

    test.each([
      ['the key it is sealed to', swapKey],
      [
        'a notice',
        async () => {
          const path = 'notices/web-1.md';
          const before = await rewrite(path, (text) => text.replace('until: null }', 'until: 2099-01-01 }'));
          expect(before).toContain('until: null }');
          return () => rewrite(path, () => before);
        },
      ],
    ])(
      'is not made where %s was changed since the approval, and is once it is put back',
      async (what, swap) => {
        const id = `swapped-${what.length}`;
        const { version } = await approved(club, id);
        const asked = { request: id, version };
        const putBack = await swap();
        expect(code(await releaseRequest(as(), steward, asked))).toBe('check-outdated');
        await putBack();
        must(await releaseRequest(as(), steward, asked));
        const putBackAgain = await swap();
        await club.work();
        expect(await lastRun(id)).toMatchObject({
          state: 'AGREED',
          releases: [{ faultCode: 'check-outdated' }],
        });
        await putBackAgain();
        expect(await release(id, version)).toMatchObject({ state: 'done' });
      },
    );

    test('is stopped by a document changed while it is decided, in the transaction of its entry', async () => {
      const { version } = await approved(club, 'rekeyed');
      must(await releaseRequest(as(), steward, { request: 'rekeyed', version }));
      const { service, happened } = meanwhile(swapKey);
      await carryOutRelease(service, club.waiting.splice(0)[0]?.job ?? { org: '', id: '' });
      expect(await lastRun('rekeyed')).toMatchObject({
        ...{ state: 'AGREED', releases: [{ faultCode: 'check-outdated' }] },
      });
      await ((await happened()) as () => Promise<string>)();
      expect(await release('rekeyed', version)).toMatchObject({ state: 'done' });
    });

    test('that is logged is not sealed to another key than the one approved', async () => {
      const { version } = await approved(club, 'unsealed');
      must(await releaseRequest(as(), steward, { request: 'unsealed', version }));
      const { service } = meanwhile(() => endRuns('unsealed'));
      const job = club.waiting.splice(0)[0]?.job ?? { org: '', id: '' };
      await expect(carryOutRelease(service, job)).rejects.toMatchObject({ code: 'lease-lost' });
      const { state, version: now } = await lastRun('unsealed');
      expect(state).toBe('FINALIZED');
      const { items } = must(await listReleases(as(), mailing, page));
      const { id } = items.find(({ request }) => request === 'unsealed') ?? { id: '' };
      expect(must(await showRelease(as(), mailing, { release: id })).supplies).toEqual([]);
      await rm(join(root(), 'supplies', id), { recursive: true });

      const path = 'requests/unsealed.yaml';
      const document = must(await readDocument(as(), steward, { path }));
      const remove = () => removeDocument(as(), steward, { path, version: document.version });
      expect(code(await remove())).toBe('wrong-state');

      const putBack = await swapKey();
      expect(code(await releaseRequest(as(), steward, { request: 'unsealed', version: now }))).toBe(
        'check-outdated',
      );
      await putBack();
      must(await releaseRequest(as(), steward, { request: 'unsealed', version: now }));
      const putBackAgain = await swapKey();
      await club.work();
      expect(await lastRun('unsealed')).toMatchObject({ releases: [{ faultCode: 'check-outdated' }, {}] });
      expect(existsSync(join(root(), 'supplies', id))).toBe(false);
      await putBackAgain();
      expect(await release('unsealed', now)).toMatchObject({ state: 'done' });
      // Whoever holds it is told what they may not use any more by the scope that the document says.
      expect(code(await remove())).toBe('wrong-state');
      await club.service.state.as(club.org, (tx) =>
        tx
          .updateTable('duty')
          .set({ claimed_at: as().now() })
          .where('release', '=', id)
          .where('kind', '=', 'delete')
          .execute(),
      );
      expect(code(await remove())).toBe('done');
    });

    test('whose documents changed after the approval goes on once an officer has sent it back, as both refusals say', async () => {
      const { version } = await approved(club, 'gone-stale');
      const putBack = await swapKey();
      const released = await releaseRequest(as(), steward, { request: 'gone-stale', version });
      expect(released).toMatchObject({
        code: 'check-outdated',
        message: expect.stringMatching(/officer send/),
      });
      const checked = await checkRequest(as(), steward, { request: 'gone-stale' });
      expect(checked).toMatchObject({
        code: 'wrong-state',
        message: expect.stringMatching(/officer has sent/),
      });
      const words = 'its documents changed';
      must(await sendBackRequest(as(), officer, { request: 'gone-stale', version, words }));
      must(await checkRequest(as(), steward, { request: 'gone-stale' }));
      await putBack();
      await club.work();
    });

    const endRuns = (request: string) =>
      as().state.as(club.org, (tx) =>
        tx
          .updateTable('release_run')
          .set({ state: 'failed', finished_at: new Date() })
          .where('org', '=', club.org)
          .where('request', '=', request)
          .execute(),
      );

    test('is of what was approved when it was asked for, and of nothing approved later', async () => {
      const { version } = await approved(club, 'reapproved');
      must(await releaseRequest(as(), steward, { request: 'reapproved', version }));
      const words = 'the audience is too wide';
      must(await sendBackRequest(as(), officer, { request: 'reapproved', version, words }));
      const check = must(await checkRequest(as(), steward, { request: 'reapproved' })).id;
      const [running, checking] = club.waiting.splice(0);
      club.waiting.push(...(checking === undefined ? [] : [checking]));
      await club.work();
      const later = { request: 'reapproved', check, words: 'it is as it was', version: version + 2 };
      must(await approveRequest(as(), officer, later));
      await carryOutRelease(as(), running?.job ?? { org: '', id: '' });
      expect(await lastRun('reapproved')).toMatchObject({
        ...{ state: 'AGREED', releases: [{ faultCode: 'changed-meanwhile' }] },
      });
      expect(await release('reapproved', version + 3)).toMatchObject({ state: 'done' });
    });

    test('that fails on a server that another took over is left to the other', async () => {
      const { version } = await approved(club, 'left');
      must(await releaseRequest(as(), steward, { request: 'left', version }));
      const everything = { kind: 'everything', subject: null, words: 'an incident' } as const;
      const { freeze } = must(await setFreeze(as(), officer, everything));
      const { service } = meanwhile(() =>
        as().state.as(club.org, (tx) =>
          tx.updateTable('lease').set({ owner: 'elsewhere/x' }).where('org', '=', club.org).execute(),
        ),
      );
      const job = club.waiting.splice(0)[0]?.job ?? { org: '', id: '' };
      await expect(carryOutRelease(service, job)).rejects.toMatchObject({ code: 'lease-lost' });
      expect(await lastRun('left')).toMatchObject({ releases: [{ state: 'running' }] });
      await as().state.as(club.org, (tx) => tx.deleteFrom('lease').where('org', '=', club.org).execute());
      must(await liftFreeze(as(), officer, { freeze, words: 'it is over' }));
      await carryOutRelease(as(), job);
      expect(await lastRun('left')).toMatchObject({ releases: [{ state: 'done' }] });
    });

    test('of a server that another took over commits nothing, and the other makes it', async () => {
      const { version } = await approved(club, 'taken-over');
      must(await releaseRequest(as(), steward, { request: 'taken-over', version }));
      const { service } = meanwhile(() =>
        as().state.as(club.org, (tx) =>
          tx.updateTable('lease').set({ owner: 'elsewhere/x' }).where('org', '=', club.org).execute(),
        ),
      );
      const [waiting] = club.waiting.splice(0);
      const job = waiting?.job ?? { org: '', id: '' };
      await expect(carryOutRelease(service, job)).rejects.toMatchObject({ code: 'lease-lost' });
      const before = must(await showRequest(as(), steward, { request: 'taken-over' }));
      expect(before).toMatchObject({ state: 'AGREED', releases: [{ state: 'running' }] });
      await as().state.as(club.org, (tx) => tx.deleteFrom('lease').where('org', '=', club.org).execute());
      await carryOutRelease(as(), job);
      const after = must(await showRequest(as(), steward, { request: 'taken-over' }));
      expect(after).toMatchObject({ state: 'FINALIZED', releases: [{ state: 'done' }] });
    });

    test('whose entry is logged and that did not appear is finished, not decided again', async () => {
      const unseen = await released('unseen');
      const size = await logSize();
      // As it stands where the server was killed between the entry and the appearing.
      const held = join(root(), 'held', unseen.id);
      await mkdir(held, { recursive: true });
      await rename(join(root(), 'releases', unseen.id), join(held, 'release'));
      await rename(join(root(), 'evidence', unseen.id), join(held, 'evidence'));
      for (const file of ['release/log-proof.json', 'evidence/log-proof.json', 'evidence/ingest-proof.json'])
        await rm(join(held, file));
      await rm(join(root(), 'supplies', unseen.id), { recursive: true });
      await forgetSupply(unseen.id);
      expect(
        await release('unseen', must(await showRequest(as(), steward, { request: 'unseen' })).version),
      ).toMatchObject({
        state: 'done',
      });
      const again = must(await showRelease(as(), mailing, { release: unseen.id }));
      expect(again).toMatchObject({ manifest: unseen.manifest, entry: unseen.entry, rows: unseen.rows });
      expect(again.supplies).toHaveLength(1);
      expect(await logSize()).toBe(size);
    });

    test('that is in the log and nowhere on the disk is said to be lost', async () => {
      const { items } = must(await listReleases(as(), mailing, page));
      const id = items.find(({ request }) => request === 'unseen')?.id ?? '';
      await rm(join(root(), 'releases', id), { recursive: true });
      await rm(join(root(), 'supplies', id), { recursive: true });
      await forgetSupply(id);
      const { version } = must(await showRequest(as(), steward, { request: 'unseen' }));
      expect(await release('unseen', version)).toMatchObject({ state: 'failed', faultCode: 'release-lost' });
    });

    test('that was logged, and could not be published, is finished once it can be', async () => {
      const { version } = await approved(club, 'unpublished');
      const tiles = join(root(), 'log', 'tile');
      await rename(tiles, `${tiles}.away`);
      await writeFile(tiles, 'in the way');
      expect(await release('unpublished', version)).toMatchObject({
        state: 'failed',
        faultCode: 'disk-trouble',
      });
      const { state, version: now } = must(await showRequest(as(), steward, { request: 'unpublished' }));
      expect(state).toBe('FINALIZED');
      const size = await logSize();
      await rm(tiles);
      await rename(`${tiles}.away`, tiles);
      expect(await release('unpublished', now)).toMatchObject({ state: 'done' });
      expect(await logSize()).toBe(size);
    });

    async function forgetSupply(id: string): Promise<void> {
      await deleteRows(club.made, club.org, ['supply'], `release = '${id}'`);
    }

    test('is unknown to another party', async () => {
      expect(code(await showRelease(as(), toys, { release: made.id }))).toBe('not-found');
      expect(must(await listReleases(as(), toys, page)).items).toEqual([]);
      const [supply] = made.supplies;
      expect(code(await makeDownload(as(), toys, { supply: supply?.id ?? '' }))).toBe('not-found');
    });

    test('shows an auditor its evidence, and no other file', async () => {
      const { items } = must(await listEvidence(as(), auditor, { release: made.id }));
      expect(items.map(({ file }) => file)).toContain('manifest.json');
      const read = must(await readEvidence(as(), auditor, { release: made.id, file: 'manifest.json' }));
      const bytes = await buffer(read.stream);
      expect(bytes.length).toBe(read.bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.manifest);
      for (const file of ['../../keys/organisation.key', '../audited', '/etc/passwd', ''])
        expect(code(await readEvidence(as(), auditor, { release: made.id, file }))).toBe('not-found');
      const folder = join(root(), 'evidence', made.id);
      await rename(folder, `${folder}.away`);
      expect(code(await listEvidence(as(), auditor, { release: made.id }))).toBe('not-found');
      expect(code(await readEvidence(as(), auditor, { release: made.id, file: 'manifest.json' }))).toBe(
        'not-found',
      );
      await rename(`${folder}.away`, folder);
    });
  });

  describe('a supply', () => {
    test('is fetched once by a link that expires, and countersigned by who received it', async () => {
      const supply = made.supplies[0]?.id ?? '';
      const { code: link } = must(await makeDownload(as(), mailing, { supply }));
      expect(code(await fetchDownload(as(), toys, { code: link }))).toBe('not-found');
      const answers = await Promise.all([1, 2].map(() => fetchDownload(as(), mailing, { code: link })));
      expect(answers.map(code).sort()).toEqual(['done', 'link-used']);
      const zip = await buffer(
        must(answers.find(({ kind }) => kind === 'done') as (typeof answers)[number]).stream,
      );
      expect(createHash('sha256').update(zip).digest('hex')).toBe(supply);
      expect(code(await fetchDownload(as(), mailing, { code: link }))).toBe('link-used');
      const note = await countersigned(made.id, zip);
      expect(code(await countersignSupply(as(), toys, { supply, note }))).toBe('not-found');
      const answer = must(await countersignSupply(as(), mailing, { supply, note }));
      expect(answer.countersignedAt).not.toBeNull();
      const settled = (await duties(made.id)).find(({ kind }) => kind === 'countersign');
      expect(settled?.claimed_at).not.toBeNull();
      expect(code(await countersignSupply(as(), mailing, { supply, note }))).toBe('already-done');
    });

    async function countersigned(id: string, zip: Buffer): Promise<string> {
      const [file, out] = [join(club.keys, `${id}.zip`), join(club.keys, id)];
      await writeFile(file, zip);
      const keys = join(club.keys, 'example-mailing');
      await receive(file, {
        ...{ keyFile: join(keys, ageKeyFile), signKey: join(keys, signKeyFile), out, root: null },
        ...{ unverified: false, witnesses: nothingAsked },
        logKey: (await readFile(join(root(), logPublicFile), 'utf8')).trim(),
      });
      return readFile(join(out, countersignatureFile), 'utf8');
    }

    test('that is not on the disk as it was sealed uses up no link', async () => {
      const supply = made.supplies[0]?.id ?? '';
      const { code: link } = must(await makeDownload(as(), mailing, { supply }));
      const zip = join(root(), 'supplies', made.id, 'whole-example-mailing', zipFile);
      await rename(zip, `${zip}.away`);
      expect(code(await fetchDownload(as(), mailing, { code: link }))).toBe('supply-lost');
      await writeFile(zip, 'cut short');
      expect(code(await fetchDownload(as(), mailing, { code: link }))).toBe('supply-lost');
      await rename(`${zip}.away`, zip);
      must(await fetchDownload(as(), mailing, { code: link })).stream.destroy();
    });

    test('is not fetched by a link that expired, or while it is frozen, or by a guess', async () => {
      const supply = made.supplies[0]?.id ?? '';
      const { code: link } = must(await makeDownload(as(), mailing, { supply }));
      const later = { ...as(), now: () => new Date(Date.now() + 31 * 60_000) };
      expect(code(await fetchDownload(later, mailing, { code: link }))).toBe('link-expired');
      const everything = { kind: 'everything', subject: null, words: 'an incident' } as const;
      const { freeze } = must(await setFreeze(as(), officer, everything));
      expect(code(await fetchDownload(as(), mailing, { code: link }))).toBe('frozen');
      expect(code(await makeDownload(as(), mailing, { supply }))).toBe('frozen');
      must(await liftFreeze(as(), officer, { freeze, words: 'it is over' }));
      expect(code(await fetchDownload(as(), mailing, { code: 'A'.repeat(22) }))).toBe('not-found');
      must(await fetchDownload(as(), mailing, { code: link })).stream.destroy();
    });
  });
});
