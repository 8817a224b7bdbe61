/** A club of invented people on a database of its own, with its staff and its recipients, for tests of the flow. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { dayOf } from '../../policy/dates.ts';
import type { TestDatabase, TestState } from '../../store/postgres/databases.fixture.ts';
import type { State } from '../../store/postgres/state.ts';
import { recipientKeys } from '../supply/recipient-keys.ts';
import { organisationId, scaffold } from '../workspace/scaffold/files.ts';
import { approveRequest } from './approve-request.ts';
import { carryOutCheck } from './carry-out-check.ts';
import { carryOutIngest } from './carry-out-ingest.ts';
import { carryOutRelease } from './carry-out-release.ts';
import { checkRequest } from './check-request.ts';
import { coverOf } from './cover.ts';
import { createOrganisation } from './create-organisation.ts';
import { requestRelease } from './request-release.ts';
import type { RequestView } from './request-view.ts';
import type { Job } from './run-row.ts';
import type { Actor, Answer, JobName, Service } from './service.ts';

export type Waiting = { readonly name: JobName; readonly job: Job };
export type FlowFixture = {
  readonly made: TestState;
  readonly service: Service;
  readonly org: string;
  /** Below which the recipients' keys are, a folder each. */
  readonly keys: string;
  /** What was enqueued and not carried out. */
  readonly waiting: Waiting[];
  /** Carries out what waits, in turn. */
  work(): Promise<void>;
  /** The request of the scaffold, under another id, without prepared-by. */
  document(id: string): { [key: string]: unknown; request: string; agreement: string; source: string };
  drop(): Promise<void>;
};

const actor = (
  id: string,
  roles: readonly ('steward' | 'officer' | 'recipient' | 'auditor')[],
  party: string | null,
): Actor => ({
  ...{ kind: 'staff', id, org: organisationId, roles: new Set(roles), party, mayFreeze: false },
});
export const steward: Actor = actor('s.steward', ['steward'], null);
export const officer: Actor = actor('o.officer', ['officer'], null);
export const auditor: Actor = actor('a.auditor', ['auditor'], null);
export const mailing: Actor = actor('m.mailing', ['recipient'], 'example-mailing');
export const toys: Actor = actor('t.toys', ['recipient'], 'example-toys');
export const stranger: Actor = { ...steward, org: 'other-club' } as Actor;

export const carryOuts: Readonly<Record<JobName, (service: Service, job: Job) => Promise<void>>> = {
  ingest: carryOutIngest,
  check: carryOutCheck,
  release: carryOutRelease,
};

/** A service on a state; its jobs wait in `waiting`. */
export function serviceOn(state: State, data: string, waiting: Waiting[]): Service {
  return {
    state,
    jobs: {
      async enqueue(_, name, job) {
        waiting.push({ name, job });
      },
    },
    data,
    url: 'https://astold.example',
    limits: {
      ...{ checksOfRequest: 50, checksOfParty: 100, smallest: 10, downloadMinutes: 30, remindDays: [7, 0] },
      ...{ uploadBytes: 1 << 20, engineThreads: 1 },
    },
    cover: coverOf('what the tests keep is covered by this'),
    now: () => new Date(),
    log: pino({ level: 'silent' }),
  };
}

export async function flowFixture(database: TestDatabase): Promise<FlowFixture> {
  const made = await database.create();
  const waiting: Waiting[] = [];
  const service = serviceOn(made.state, join(made.data, 'organisations'), waiting);
  const folder = await mkdtemp(join(tmpdir(), 'astold-flow-'));
  const keys = join(folder, 'keys');
  const files = scaffold(dayOf(Date.now()));
  for (const { path, text } of files) {
    if (path.startsWith('.')) continue;
    await mkdir(dirname(join(folder, 'club', path)), { recursive: true });
    await writeFile(join(folder, 'club', path), text);
  }
  const instead = new Map([['organisations.yaml', await register(join(folder, 'club'), keys)]]);
  const given = { org: organisationId, name: 'Example Club', folder: join(folder, 'club'), instead };
  must(await createOrganisation(service, given));
  const request = parse(files.find(({ path }) => path === 'requests/toy-offer.yaml')?.text ?? '');
  const { 'prepared-by': _, ...document } = request;
  return {
    ...{ made, service, org: organisationId, keys, waiting },
    async work() {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await carryOuts[next.name](service, next.job);
    },
    document: (id) => ({ ...document, request: id }),
    async drop() {
      await made.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function register(club: string, keys: string): Promise<string> {
  let text = await readFile(join(club, 'organisations.yaml'), 'utf8');
  for (const id of ['example-mailing', 'example-toys']) {
    const made = await recipientKeys(id, join(keys, id));
    const lines = `  - id: ${id}\n    age-key: ${made.ageKey}\n    signing-key: ${made.signingKey}\n`;
    text = text.replace(`  - id: ${id}\n`, lines);
  }
  return text;
}

/** What was done; a refusal is an error of the test. */
export function must<T>(answer: Answer<T>): T {
  if (answer.kind === 'done') return answer.value;
  throw new Error(
    `${answer.code}: ${answer.message}${answer.faults ? ` ${JSON.stringify(answer.faults)}` : ''}`,
  );
}

export const code = (answer: Answer<unknown>): string => (answer.kind === 'done' ? 'done' : answer.code);

/** A request asked for by the steward, for the mailing house. */
export async function requested({ service, document }: FlowFixture, id: string): Promise<RequestView> {
  return must(
    await requestRelease(service, steward, {
      recipient: 'example-mailing',
      document: document(id),
      version: 0,
    }),
  );
}

/** The same, checked; gives the check. */
export async function checked(fixture: FlowFixture, id: string): Promise<string> {
  await requested(fixture, id);
  const check = must(await checkRequest(fixture.service, steward, { request: id }));
  await fixture.work();
  return check.id;
}

/** The same, approved. */
export async function approved(fixture: FlowFixture, id: string): Promise<RequestView> {
  const check = await checked(fixture, id);
  const words = 'they ticked the box that names the maker';
  return must(await approveRequest(fixture.service, officer, { request: id, check, words, version: 2 }));
}
