import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneDatabase, type TestState } from '../../store/postgres/databases.fixture.ts';
import { attestDuty } from './attest-duty.ts';
import { day, staff } from './duties.fixture.ts';
import { code, type DutiesClub, dutiesClub, must } from './duties-club.fixture.ts';
import { gateDuties } from './gate-duties.ts';
import type { DutyView } from './list-duties.ts';
import type { Actor } from './service.ts';

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

  describe('an attestation', () => {
    const tell = (duty: DutyView, note: string, by: Actor = club.actor('recipient', 'toys')) =>
      attestDuty(club.service, by, { duty: duty.duty, note });

    test('is kept as what the party claims, with its entry in the log, and as done for the gate', async () => {
      await club.open();
      club.service.pass(day);
      const duty = await club.dutyOf('toys', 'inform');
      const note = club.noteOn(duty);
      const claimed = must(await tell(duty, note));
      expect(claimed).toMatchObject({
        state: 'claimed',
        claimed: club.service.now().toISOString(),
        attestation: note,
      });
      expect((await club.logged())[claimed.entry ?? -1]).toMatchObject({
        kind: 'duty-discharged',
        party: 'toys',
        obligation: 'inform',
        duty: duty.duty,
        claimed: true,
      });
      const gate = await made.state.as(club.org, (tx) => gateDuties(tx, club.org));
      expect(gate.find(({ what, party: of }) => of === 'toys' && what.startsWith('tell'))?.done).toBe(
        '2026-11-03',
      );
      expect(gate.filter(({ done }) => done !== null)).toHaveLength(1);
    });

    test('twice is claimed once', async () => {
      await club.open();
      const duty = await club.dutyOf('toys', 'inform');
      const note = club.noteOn(duty);
      const answers = await Promise.all([tell(duty, note), tell(duty, note), tell(duty, note)]);
      expect(answers.map(code).sort()).toEqual([...['already-done', 'already-done', 'done']]);
      expect(await club.logged()).toHaveLength(1);
    });

    test('of another party’s or another organisation’s duty finds none', async () => {
      await club.open();
      const duty = await club.dutyOf('toys', 'inform');
      for (const by of [
        club.actor('recipient', 'broker'),
        staff('club-0', 'recipient', { party: 'toys' }),
        staff('club-0', 'officer'),
      ])
        expect(await tell(duty, club.noteOn(duty), by)).toMatchObject({ code: 'not-found' });
    });

    test.each<readonly [string, (duty: DutyView, note: DutiesClub['noteOn']) => string]>([
      ['signed by another’s key', (duty, note) => note(duty, {}, 'broker')],
      ['of another duty', (duty, note) => note(duty, { duty: 'another' })],
      ['of another release', (duty, note) => note(duty, { release: 'r-2' })],
      ['of another kind', (duty, note) => note(duty, { kind: 'delete' })],
      ['to another supplier', (duty, note) => note(duty, { supplier: 'other' })],
      ['in the name of another party', (duty, note) => note(duty, { party: 'broker' })],
      ['from before the duty was', (duty, note) => note(duty, { at: '2026-11-01T09:00:00.000Z' })],
      ['from a time to come', (duty, note) => note(duty, { at: '2026-11-02T10:00:00.000Z' })],
      ['changed since', (duty, note) => note(duty).replace('Done.', 'Gone.')],
      ['that is none', () => 'we did it'],
    ])('%s is refused, and nothing is logged', async (_, make) => {
      await club.open();
      const duty = await club.dutyOf('toys', 'inform');
      expect(await tell(duty, make(duty, club.noteOn))).toMatchObject({ code: 'attestation-refused' });
      expect((await club.dutyOf('toys', 'inform')).state).toBe('open');
      expect(await club.logged()).toHaveLength(0);
    });

    test('that a party sent to staff is entered by them as its own, and by no key', async () => {
      await club.open();
      const duty = await club.dutyOf('toys', 'inform');
      const officer = club.actor('officer');
      const key: Actor = { ...officer, kind: 'machine' } as Actor;
      expect(await tell(duty, club.noteOn(duty), key)).toMatchObject({ code: 'not-allowed' });
      const unsigned = await tell(duty, club.noteOn(duty, {}, 'broker'), officer);
      expect(unsigned).toMatchObject({ code: 'attestation-refused' });
      expect(must(await tell(duty, club.noteOn(duty), officer)).state).toBe('claimed');
      expect(await club.logged()).toMatchObject([{ kind: 'duty-discharged', party: 'toys', claimed: true }]);
      const { claimed_by: by } = await made.state.as(club.org, (tx) =>
        tx.selectFrom('duty').select('claimed_by').where('id', '=', duty.duty).executeTakeFirstOrThrow(),
      );
      expect(by).toBe(officer.id);
    });

    test('of a party without a key is refused', async () => {
      await club.open('r-1', ['mailer']);
      const duty = await club.dutyOf('mailer', 'inform');
      const by = club.actor('recipient', 'mailer');
      expect(await tell(duty, club.noteOn(duty), by)).toMatchObject({ code: 'attestation-refused' });
    });

    test('that stops were obeyed comes after that the data are deleted', async () => {
      await club.open();
      const stops = await club.dutyOf('toys', 'obey-stops');
      expect(await tell(stops, club.noteOn(stops))).toMatchObject({ code: 'wrong-state' });
      const remove = await club.dutyOf('toys', 'delete');
      must(await tell(remove, club.noteOn(remove)));
      expect(must(await tell(stops, club.noteOn(stops))).state).toBe('claimed');
    });

    test('is not how a supply is countersigned', async () => {
      await club.open();
      const duty = await club.dutyOf('broker', 'countersign');
      expect(duty.toAttest).toBeNull();
      const stopUsing = await club.dutyOf('broker', 'stop-using');
      const answer = await tell(
        duty,
        club.noteOn(stopUsing, {}, 'broker'),
        club.actor('recipient', 'broker'),
      );
      expect(answer).toMatchObject({ code: 'wrong-state' });
    });
  });
});
