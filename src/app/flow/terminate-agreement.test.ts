import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import { postgresLedger } from '../../store/postgres/ledger.ts';
import type { Tx } from '../../store/postgres/state.ts';
import { transactionOf } from '../../store/postgres/transaction-of.ts';
import { attestDuty } from './attest-duty.ts';
import { changeState } from './change-request.ts';
import { beginOrganisation, staff, start } from './duties.fixture.ts';
import { code, type DutiesClub, dutiesClub, must } from './duties-club.fixture.ts';
import { endedAgreement } from './ended-agreement.ts';
import { terminateAgreement } from './terminate-agreement.ts';

describe.each(oneDatabase)('on $name', (database) => {
  let made: TestState;
  let club: DutiesClub;
  let count = 0;
  beforeAll(async () => {
    made = await database.create();
  });
  afterAll(() => made.drop());
  beforeEach(async () => {
    count += 1;
    club = await dutiesClub(made.state, made.data, `club-${count}`);
  });

  describe('an agreement that is ended', () => {
    const end = (words = 'They sold it on.', by = club.actor('officer')) =>
      terminateAgreement(club.service, by, { agreement: 'supply-2026', words });
    const addRequest = (
      id: string,
      state: 'REQUESTED' | 'AGREED' | 'FINALIZED' | 'TERMINATED',
      under = 'supply-2026',
    ) =>
      made.state.as(club.org, async (tx) => {
        await tx
          .insertInto('request')
          .values({
            ...{
              org: club.org,
              id,
              state,
              path: `requests/${id}.yaml`,
              agreement: under,
              recipient: 'broker',
              parties: [],
              purposes: [],
            },
            ...{ source: 'members', prepared_by: 's', requested_at: start, version: 1, changed_at: start },
          })
          .execute();
        if (state !== 'FINALIZED') return;
        await addRelease(tx, id);
      });
    const addRelease = (tx: Tx, request: string) =>
      tx
        .insertInto('release')
        .values({
          ...{ org: club.org, id: `r-${request}`, request, recipient: 'broker', manifest: 'm', rows: 3 },
          ...{ cut_off: start, log_index: 0, released_at: start },
        })
        .execute();
    const states = async () => {
      const rows = await made.state.as(club.org, (tx) =>
        tx.selectFrom('request').select(['id', 'state']).where('org', '=', club.org).orderBy('id').execute(),
      );
      return Object.fromEntries(rows.map((row) => [row.id, row.state]));
    };

    test('stops its running requests, and no other', async () => {
      await addRequest('asked', 'REQUESTED');
      await addRequest('agreed', 'AGREED');
      await addRequest('made', 'FINALIZED');
      await addRequest('other', 'AGREED', 'another');
      const ended = must(await end());
      expect(ended.requests).toEqual(['agreed', 'asked']);
      expect(await states()).toEqual({
        ...{ agreed: 'TERMINATED', asked: 'TERMINATED', made: 'FINALIZED', other: 'AGREED' },
      });
      const events = await made.state.as(club.org, (tx) =>
        tx
          .selectFrom('request_event')
          .select(['request', 'deed', 'words'])
          .where('org', '=', club.org)
          .orderBy('request')
          .execute(),
      );
      expect(events).toEqual([
        { request: 'agreed', deed: 'terminated', words: 'They sold it on.' },
        { request: 'asked', deed: 'terminated', words: 'They sold it on.' },
      ]);
    });

    test('is in the log, and known as ended', async () => {
      const ended = must(await end());
      expect((await club.logged())[ended.entry]).toMatchObject({
        kind: 'agreement-signed',
        agreement: 'supply-2026',
        ended: '2026-11-02',
      });
      const at = await made.state.as(club.org, (tx) => endedAgreement(tx, club.org, 'supply-2026'));
      expect(at).toEqual(club.service.now());
    });

    test('has everybody who holds data under it delete them within a month, once', async () => {
      await addRequest('made', 'FINALIZED');
      await club.open('r-made');
      const ended = must(await end());
      const duties = (await club.list(club.actor('officer'))).filter((duty) => duty.agreement !== null);
      expect(duties.map(({ party: of, kind, release, due }) => [of, kind, release, due]).sort()).toEqual([
        ['broker', 'delete', 'r-made', '2026-12-02'],
        ['toys', 'delete', 'r-made', '2026-12-02'],
      ]);
      expect([...ended.duties].sort()).toEqual(duties.map(({ duty }) => duty).sort());
      expect(await end()).toMatchObject({ code: 'already-done' });
    });

    test('asks nothing of who says that the data are deleted; and who then says so says it once', async () => {
      await addRequest('made', 'FINALIZED');
      await club.open('r-made');
      const remove = await club.dutyOf('toys', 'delete', 'r-made');
      must(
        await attestDuty(club.service, club.actor('recipient', 'toys'), {
          duty: remove.duty,
          note: club.noteOn(remove),
        }),
      );
      must(await end());
      const duties = (await club.list(club.actor('officer'), { state: 'open' })).filter(
        (duty) => duty.kind === 'delete',
      );
      expect(duties.map((duty) => duty.party)).toEqual(['broker', 'broker']);
      const [sooner] = duties;
      if (sooner === undefined) throw new RangeError('no duty');
      const note = club.noteOn(sooner, {}, 'broker');
      must(await attestDuty(club.service, club.actor('recipient', 'broker'), { duty: sooner.duty, note }));
      const claimed = (await club.list(club.actor('officer'), { state: 'claimed' })).filter(
        (duty) => duty.party === 'broker',
      );
      expect(claimed).toHaveLength(2);
      expect(new Set(claimed.map(({ entry }) => entry)).size).toBe(2);
    });

    test('before the duties of a release under it are opened opens the deletion with them', async () => {
      await addRequest('made', 'FINALIZED');
      must(await end());
      await club.open('r-made');
      const duties = (await club.list(club.actor('officer'))).filter((duty) => duty.agreement !== null);
      expect(duties.map((duty) => duty.party).sort()).toEqual(['broker', 'toys']);
    });

    test.each([1, 2, 3, 4])(
      'while a release is made (%d) stops it, or has what it gave out deleted',
      async () => {
        await addRequest('made', 'AGREED');
        const ledger = await postgresLedger({
          ...{ state: made.state, org: club.org, root: join(made.data, club.org) },
        }).open({ waitMs: 5_000 });
        const release = async (): Promise<boolean> => {
          const went = await ledger.commit(async (logTx) => {
            await logTx.append([{ kind: 'release', at: start.toISOString() }], null);
            const tx = transactionOf(logTx);
            const change = {
              org: club.org,
              request: 'made',
              by: 's',
              words: null,
              version: null,
              now: start,
            };
            const changed = await changeState(tx, { ...change, deed: 'released' });
            if (changed.kind === 'done') await addRelease(tx, 'made');
            return changed.kind === 'done';
          });
          if (went) await club.open('r-made');
          return went;
        };
        const [went, ended] = await Promise.all([release(), end()]).finally(() => ledger.close());
        const deletions = (await club.list(club.actor('officer'))).filter((duty) => duty.agreement !== null);
        expect(deletions.map((duty) => duty.party).sort()).toEqual(went ? ['broker', 'toys'] : []);
        expect(must(ended).requests).toEqual(went ? [] : ['made']);
        expect(await states()).toEqual({ made: went ? 'FINALIZED' : 'TERMINATED' });
      },
    );

    test('that nobody knows, or of another organisation, is not found', async () => {
      const asked = { agreement: 'nobody-knows', words: 'x' };
      expect(await terminateAgreement(club.service, club.actor('officer'), asked)).toMatchObject({
        code: 'not-found',
      });
      const other = { ...asked, agreement: 'supply-2026' };
      await beginOrganisation(made.state, made.data, `${club.org}-b`);
      expect(await terminateAgreement(club.service, staff(`${club.org}-b`, 'officer'), other)).toMatchObject({
        code: 'not-found',
      });
    });

    test('by two at once is ended once', async () => {
      await addRequest('asked', 'REQUESTED');
      const answers = await Promise.all([end('one'), end('two')]);
      expect(answers.map(code).sort()).toEqual([...['already-done', 'done']]);
      expect(await club.logged()).toHaveLength(1);
    });
  });
});
