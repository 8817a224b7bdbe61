/**
 * The server put together and started, with its worker; what it is made of is opened in order, and closed in the opposite
 * one.
 */
import type { Hono } from 'hono';
import { countWaiting } from '../app/flow/count-waiting.ts';
import { openService } from '../app/flow/open-service.ts';
import { readinessOf } from '../app/flow/readiness.ts';
import { addressOf } from './address.ts';
import type { ActorOf } from './api/who-asks.ts';
import { accountsOf } from './auth/accounts.ts';
import { actorOf } from './auth/actor.ts';
import { type Auths, openAuths } from './auth/auths.ts';
import { authRoutes } from './auth/routes.ts';
import { authSettings } from './auth-settings.ts';
import { type Config, requireMail } from './config.ts';
import { openFigures } from './figures.ts';
import { type HiredWorker, hireWorker, notYetHired, type WorkerSeen } from './hire-worker.ts';
import { listen } from './listen.ts';
import { openLog } from './log.ts';
import { flowPages } from './pages/all.ts';
import { publicPages } from './pages/public-pages.ts';
import { requestRate } from './rate-limit.ts';
import { readerOf } from './reader.ts';
import type { ApiService } from './route.ts';
import { routes } from './routes/all.ts';
import type { Seen } from './seen.ts';
import { createApp } from './server.ts';
import { serviceSettings } from './service-settings.ts';

export type Ready = {
  readonly url: string;
  readonly service: ApiService;
  readonly auths: Auths;
  /** Where mail goes that is not sent; null where it is. */
  readonly mailFolder: string | null;
};
export type ServeOptions = {
  readonly config: Config;
  /** Once it listens: what the server is to begin with. Its failure is that of the start. */
  onReady(ready: Ready): Promise<void>;
};
export type Serving = {
  readonly url: string;
  /** No new requests; what is under way has so long; then everything is closed. */
  stop(seconds: number): Promise<void>;
};

/** Throws ConfigError (`requireMail`), StateError, AuthError, what `onReady` throws, and what the system says where the address cannot be had. */
export async function serve({ config, onReady }: ServeOptions): Promise<Serving> {
  requireMail(config);
  const log = openLog(config.logLevel);
  const opened = await openService(await serviceSettings(config), log, () => new Date());
  const closing: (() => Promise<unknown>)[] = [opened.stop];
  const close = async (): Promise<void> => {
    for (const each of closing.toReversed()) await each();
  };
  try {
    const auths = openAuths(await authSettings(config, opened, log));
    closing.push(() => auths.settled());
    const service: ApiService = { ...opened.service, accounts: accountsOf(auths) };
    let worker: HiredWorker | null = null;
    const listening = await listen(
      appOf(config, service, auths, () => worker?.seen() ?? notYetHired),
      config,
    );
    closing.push(() => listening.stop(0));
    const hired = hireWorker({ config, address: opened.address }, log);
    worker = hired;
    closing.push(() => hired.stop(0));
    await onReady({ url: config.url, service, auths, mailFolder: opened.mailFolder });
    if (config.smtpUrl === null)
      log.warn({ folder: opened.mailFolder }, 'mail is not sent: it goes to files in a folder');
    log.info({ port: listening.port, database: service.state.kind }, 'listening');
    return {
      url: config.url,
      async stop(seconds) {
        log.info('stopping');
        await Promise.all([listening.stop(seconds), hired.stop(seconds * 1000)]);
        await close();
        log.info('stopped');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function appOf(config: Config, service: ApiService, auths: Auths, workerSeen: () => WorkerSeen): Hono<Seen> {
  const who: ActorOf = (request, org) => actorOf(auths, request, org);
  const address = addressOf(config.proxies);
  const signIn = authRoutes({
    auths,
    addressOf: address,
    home: (org) => `/organisations/${org}`,
  });
  const rate = requestRate(config.requestsPerMinute);
  const readiness = readinessOf(service);
  return createApp({
    service,
    actorOf: who,
    readerOf: (request) => readerOf(auths, request),
    routes,
    rate,
    readiness: async () => ({
      ...(await readiness()),
      worker: workerSeen().standing,
      mail: config.smtpUrl === null ? 'folder' : 'smtp',
    }),
    figures: openFigures(() => countWaiting(service), workerSeen),
    metricsToken: config.metricsToken,
    proxies: config.proxies,
    pages: [
      signIn,
      publicPages({ service, attempts: auths.attempts, addressOf: address }),
      flowPages({ service, actorOf: who, rate }),
    ],
  });
}
