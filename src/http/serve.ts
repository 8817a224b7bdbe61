/** The server put together and started; what it is made of is opened in order, and closed in the opposite one. */
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
import type { Config } from './config.ts';
import { openFigures } from './figures.ts';
import { listen } from './listen.ts';
import { openLog } from './log.ts';
import { flowPages } from './pages/all.ts';
import { requestRate } from './rate-limit.ts';
import type { ApiService } from './route.ts';
import { routes } from './routes/all.ts';
import type { Seen } from './seen.ts';
import { createApp } from './server.ts';

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

/** Throws StateError, AuthError, what `onReady` throws, and what the system says where the address cannot be had. */
export async function serve({ config, onReady }: ServeOptions): Promise<Serving> {
  const log = openLog(config.logLevel);
  const opened = await openService(config, log, () => new Date());
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (seconds: number): Promise<void> => {
    for (const each of closing.toReversed()) await each();
    await opened.stop(seconds * 1000);
  };
  try {
    const auths = openAuths(await authSettings(config, opened, log));
    closing.push(() => auths.settled());
    const service: ApiService = { ...opened.service, accounts: accountsOf(auths) };
    const listening = await listen(appOf(config, service, auths), config);
    closing.push(() => listening.stop(0));
    await opened.start(service.accounts);
    await onReady({ url: config.url, service, auths, mailFolder: opened.mailFolder });
    log.info({ port: listening.port, database: service.state.kind }, 'listening');
    return {
      url: config.url,
      async stop(seconds) {
        log.info('stopping');
        const started = performance.now();
        await listening.stop(seconds);
        // Of the same time jobs have what requests left.
        await close(Math.max(1, seconds - (performance.now() - started) / 1000));
        log.info('stopped');
      },
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}

function appOf(config: Config, service: ApiService, auths: Auths): Hono<Seen> {
  const who: ActorOf = (request, org) => actorOf(auths, request, org);
  const signIn = authRoutes({
    auths,
    addressOf: addressOf(config.proxies),
    home: (org) => `/organisations/${org}`,
  });
  const rate = requestRate(config.requestsPerMinute);
  return createApp({
    service,
    actorOf: who,
    routes,
    rate,
    readiness: readinessOf(service),
    figures: openFigures(() => countWaiting(service)),
    metricsToken: config.metricsToken,
    proxies: config.proxies,
    pages: [signIn, flowPages({ service, actorOf: who, rate })],
  });
}
