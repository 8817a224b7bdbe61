/** The service put together: its state, its jobs, its mail, and what it does by itself. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openJobs } from '../../jobs/open-jobs.ts';
import { forgetSentMail, sendDueMail } from '../../mail/outbox.ts';
import { openTransport } from '../../mail/send.ts';
import { openState } from '../../store/postgres/open-state.ts';
import type { State } from '../../store/postgres/state.ts';
import { deliverDueWebhooks, forgetDeliveries } from '../../webhook/deliver.ts';
import type { Accounts, AccountsService } from './accounts.ts';
import { forgetAnswers } from './answered.ts';
import { forgetPeople } from './people-options.ts';
import { workspacesFolder } from './places.ts';
import { publishLogs } from './publish-logs.ts';
import { type Regular, regularly } from './regularly.ts';
import { type AddressesOf, remindOfDuties } from './remind.ts';
import type { Limits, Service } from './service.ts';

export type ServiceSettings = {
  readonly url: string;
  /** The data folder, absolute. */
  readonly data: string;
  readonly database: { readonly url: string; readonly ownerUrl: string | null } | null;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly limits: Limits;
};
export type OpenService = {
  readonly service: Service;
  /** Where mail goes that is not sent; null where it is. */
  readonly mailFolder: string | null;
  /** Begins the jobs, and what nobody asks for: mail, webhooks, reminders. */
  start(accounts: Accounts): Promise<void>;
  /** What is under way may end, for so long; the rest is left to whoever starts next. */
  stop(waitMs: number): Promise<void>;
};

export const mailFolder = 'mail';
const second = 1_000;
const minute = 60 * second;

/** Throws StateError, and what pg-boss throws. Nothing is done before `start`. */
export async function openService(
  settings: ServiceSettings,
  log: Logger,
  now: () => Date,
): Promise<OpenService> {
  const { url, data, database, limits } = settings;
  const state = await openState({ url: database?.url ?? null, ownerUrl: database?.ownerUrl ?? null, data });
  const jobs = await openJobs(state, log).catch(async (error: unknown) => {
    await state.close();
    throw error;
  });
  const service: Service = { state, jobs, data: join(data, workspacesFolder), url, limits, now, log };
  const folder = join(data, mailFolder);
  const transport = openTransport({ smtp: settings.smtpUrl, from: settings.mailFrom, folder });
  let timers: ReturnType<typeof regularly> | null = null;
  return {
    service,
    mailFolder: transport.kind === 'folder' ? folder : null,
    async start(accounts) {
      await jobs.work(service);
      timers = regularly(deedsOf(service, transport, accounts), log);
    },
    async stop(waitMs) {
      await Promise.all([timers?.stop(), jobs.stop({ waitMs })]);
      transport.close();
      forgetPeople(state);
      await state.close();
    },
  };
}

function deedsOf(
  service: Service,
  transport: ReturnType<typeof openTransport>,
  accounts: Accounts,
): readonly Regular[] {
  const addressesOf = addresses(service.state, accounts);
  return [
    { name: 'mail', every: 5 * second, run: () => sendDueMail(service, transport) },
    { name: 'logs', every: 5 * second, run: () => publishLogs(service) },
    { name: 'webhooks', every: 5 * second, run: () => deliverDueWebhooks(service) },
    { name: 'reminders', every: 10 * minute, run: () => remindOfDuties(service, addressesOf) },
    { name: 'forget answers', every: 60 * minute, run: () => forgetAnswers(service.state, service.now()) },
    { name: 'forget mail', every: 60 * minute, run: () => forgetSentMail(service) },
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
