/**
 * A server of its own that only works: `node work.fixture.ts '{"options": ..., "data": ..., "org": ...}'`. Says `deciding` as
 * it begins with a request, and `idle` once no release is left to make; and goes on until it is killed.
 */
import { pino } from 'pino';
import { serviceOn } from '../app/flow/flow.fixture.ts';
import { openState } from '../store/postgres/open-state.ts';
import { StateError } from '../store/postgres/state-error.ts';
import { openJobs } from './open-jobs.ts';

const { options, data, org } = JSON.parse(process.argv[2] ?? '');
const state = await openState(options);
const log = pino({ level: 'warn' }, pino.destination(2));
const jobs = await openJobs(state, log);
const service = serviceOn(state, data, []);
const limits = {
  ...service.limits,
  /** Asked when the gate is about to be opened. */
  get engineThreads() {
    process.stdout.write('deciding\n');
    return 1;
  },
};
await jobs.work({ ...service, limits, jobs, log });
/** Null where the database could not be asked: it is asked again. */
const releasesLeft = (): Promise<number | null> =>
  state
    .as(org, (tx) =>
      tx
        .selectFrom('release_run')
        .select('id')
        .where('org', '=', org)
        .where('state', 'in', ['queued', 'running'])
        .execute(),
    )
    .then(
      ({ length }) => length,
      (error: unknown) => {
        if (error instanceof StateError) return null;
        throw error;
      },
    );
setInterval(async () => {
  if ((await releasesLeft()) === 0) process.stdout.write('idle\n');
}, 300);
