/** The service put together: its state, its jobs, its mail, and what it does by itself. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openJobs, type Queue } from '../../jobs/open-jobs.ts';
import { forgetSentMail, sendDueMail } from '../../mail/outbox.ts';
import { openTransport } from '../../mail/send.ts';
import { openState } from '../../store/postgres/open-state.ts';
import type { State } from '../../store/postgres/state.ts';
import { stateOn } from '../../store/postgres/state-on.ts';
import { deliverDueWebhooks, forgetDeliveries } from '../../webhook/deliver.ts';
import { passOn } from '../window/pass-on.ts';
import { tellPassedOn } from '../window/tell-passed-on.ts';
import type { Accounts, AccountsService } from './accounts.ts';
import { forgetAnswers } from './answered.ts';
import type { Cover } from './cover.ts';
import { forgetSnapshots } from './forget-snapshots.ts';
import { forgetPeople } from './people-options.ts';
import { workspacesFolder } from './places.ts';
import { publishLogs } from './publish-logs.ts';
import { type Regular, regularly } from './regularly.ts';
import { type AddressesOf, remindOfDuties } from './remind.ts';
import { sealStanding } from './seal-standing.ts';
import type { Limits, Service } from './service.ts';

export type ServiceSettings = {
  readonly url: string;
  /** The data folder, absolute. */
  readonly data: string;
  readonly database: { readonly url: string; readonly ownerUrl: string | null } | null;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly limits: Limits;
  readonly cover: Cover;
};
/** Where a state is that one process opened, for another that joins it. Plain, and secret: it lets in. */
export type StateAddress = Pick<State, 'kind' | 'connection'>;
export type OpenService = {
  readonly service: Service;
  readonly address: StateAddress;
  /** Where mail goes that is not sent; null where it is. */
  readonly mailFolder: string | null;
  /** There is nothing under way to wait for: jobs and deeds are those of who joined it, and has ended before. */
  stop(): Promise<void>;
};
export type JoinedService = {
  readonly service: Service;
  /** Begins the jobs, and what nobody asks for: mail, webhooks, reminders. */
  start(accounts: Accounts): Promise<void>;
  /** What is under way may end, for so long; the rest is left to whoever starts next. */
  stop(waitMs: number): Promise<void>;
};

const mailFolder = 'mail';
const second = 1_000;
const minute = 60 * second;

/** For whoever answers: what is asked for is queued, and nothing of it is done here. Throws StateError, and what pg-boss throws. */
export async function openService(
  settings: ServiceSettings,
  log: Logger,
  now: () => Date,
): Promise<OpenService> {
  const { data, database, smtpUrl } = settings;
  const state = await openState({ url: database?.url ?? null, ownerUrl: database?.ownerUrl ?? null, data });
  const { service, stop } = await serviceOn(state, settings, log, now);
  return {
    service,
    address: { kind: state.kind, connection: state.connection },
    mailFolder: smtpUrl === null ? join(data, mailFolder) : null,
    stop,
  };
}

/**
 * For whoever works: on the state that another process has open, and keeps open meanwhile. Nothing is done before `start`.
 * Throws StateError, and what pg-boss throws.
 */
export async function joinService(
  settings: ServiceSettings,
  { kind, connection }: StateAddress,
  log: Logger,
  now: () => Date,
): Promise<JoinedService> {
  const { data, smtpUrl, mailFrom } = settings;
  const state = stateOn(kind, connection, async () => {});
  const { service, jobs, stop } = await serviceOn(state, settings, log, now);
  const transport = openTransport({ smtp: smtpUrl, from: mailFrom, folder: join(data, mailFolder) });
  let timers: ReturnType<typeof regularly> | null = null;
  return {
    service,
    async start(accounts) {
      await sealStanding(service);
      await jobs.work(service);
      timers = regularly(deedsOf(service, transport, join(data, mailFolder), accounts), log);
    },
    async stop(waitMs) {
      await Promise.all([timers?.stop(), jobs.stop({ waitMs })]);
      transport.close();
      await stop();
    },
  };
}

type OnState = { readonly service: Service; readonly jobs: Queue; stop(): Promise<void> };

async function serviceOn(
  state: State,
  { data, url, limits, cover }: ServiceSettings,
  log: Logger,
  now: () => Date,
): Promise<OnState> {
  const jobs = await openJobs(state, log).catch(async (error: unknown) => {
    await state.close();
    throw error;
  });
  return {
    service: { state, jobs, data: join(data, workspacesFolder), url, limits, cover, now, log },
    jobs,
    async stop() {
      await jobs.stop({ waitMs: 0 });
      forgetPeople(state);
      await state.close();
    },
  };
}

function deedsOf(
  service: Service,
  transport: ReturnType<typeof openTransport>,
  folder: string,
  accounts: Accounts,
): readonly Regular[] {
  const addressesOf = addresses(service.state, accounts);
  return [
    { name: 'mail', every: 5 * second, run: () => sendDueMail(service, transport) },
    { name: 'logs', every: 5 * second, run: () => publishLogs(service) },
    { name: 'webhooks', every: 5 * second, run: () => deliverDueWebhooks(service) },
    { name: 'reminders', every: 10 * minute, run: () => remindOfDuties(service, addressesOf) },
    { name: 'pass on', every: 10 * second, run: () => passOn(service) },
    { name: 'tell passed on', every: 5 * minute, run: () => tellPassedOn(service, addressesOf) },
    { name: 'forget answers', every: 60 * minute, run: () => forgetAnswers(service.state, service.now()) },
    { name: 'forget mail', every: 60 * minute, run: () => forgetSentMail(service, folder) },
    { name: 'forget snapshots', every: 60 * minute, run: () => forgetSnapshots(service) },
    { name: 'forget deliveries', every: 60 * minute, run: () => forgetDeliveries(service) },
    { name: 'forget sessions', every: 60 * minute, run: () => accounts.forgetOver() },
  ];
}

/** Of the people who act for a party, or are officers. */
function addresses(state: State, accounts: Pick<AccountsService['accounts'], 'people'>): AddressesOf {
  return async (org, party) => {
    const rows = await state.as(org, (tx) =>
      tx
        .selectFrom('staff_role')
        .select('person')
        .where('org', '=', org)
        .where('role', '=', party === null ? 'officer' : 'recipient')
        .where('party', 'is not distinct from', party)
        .execute(),
    );
    const people = await accounts.people(rows.map(({ person }) => person));
    return [...people.values()].map(({ email }) => email);
  };
}
