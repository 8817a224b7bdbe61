/** The server that is measured, a process of its own, and asking it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type Said = { readonly status: number; readonly body: string };
export type Asking = {
  readonly key: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
/**
 * Resident memory, bytes, and processor time since the start, seconds: of the server, and of its worker. How long what was
 * ready had to wait for the server, since it was last asked: the hundredth part of it longest, seconds; and what the garbage
 * collector has taken since the start.
 */
export type Used = {
  readonly rss: number;
  readonly cpu: number;
  readonly loopP99: number;
  readonly collected: number;
  readonly workerRss: number;
  readonly workerCpu: number;
};
export type Server = {
  ask(method: 'GET' | 'POST', path: string, asking: Asking): Promise<Said>;
  used(): Promise<Used>;
  stop(): Promise<void>;
};

const commandLine = resolve(import.meta.dirname, '../../src/cli/main.js');
export const metricsToken = 'the token of the bench, which nobody else has';

/** Throws RangeError where it does not come up. */
export async function startServer(
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<Server> {
  // Where the time of the server goes: `BENCH_PROFILE` is a folder for what Node writes down of it.
  const { BENCH_PROFILE: profile } = process.env;
  const profiled = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, ['--no-warnings', ...profiled, commandLine, 'serve'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const ask = asker(port, agent);
  for (let i = 0; ; i++) {
    if (child.exitCode !== null || i > 600) throw new RangeError('the server does not come up');
    const found = await ask('GET', '/readyz', { key: '' }).catch(() => null);
    if (found?.status === 200 && JSON.parse(found.body).worker === 'up') break;
    await pause(100);
  }
  return {
    ask,
    async used() {
      const { body } = await ask('GET', '/metrics', { key: metricsToken });
      const figure = (name: string): number =>
        Number(
          body
            .split('\n')
            .find((line) => line.startsWith(`${name} `))
            ?.slice(name.length),
        );
      const sums = body.matchAll(/^nodejs_gc_duration_seconds_sum\{.*\} (.+)$/gm);
      return {
        rss: figure('process_resident_memory_bytes'),
        cpu: figure('process_cpu_seconds_total'),
        loopP99: figure('nodejs_eventloop_lag_p99_seconds'),
        collected: [...sums].reduce((sum, [, seconds]) => sum + Number(seconds), 0),
        workerRss: figure('astold_worker_resident_memory_bytes'),
        workerCpu: figure('astold_worker_cpu_seconds'),
      };
    },
    async stop() {
      agent.destroy();
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode === null ? new Promise((done) => child.once('exit', () => done())) : Promise.resolve();

function asker(port: number, agent: Agent): Server['ask'] {
  const ask: Server['ask'] = (method, path, { key, json, headers }) =>
    new Promise((resolve, reject) => {
      const body = json === undefined ? null : JSON.stringify(json);
      const given = {
        ...(key === '' ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === null
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
        ...headers,
      };
      const asked = request({ host: '127.0.0.1', port, method, path, agent, headers: given }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
        );
        response.on('error', reject);
      });
      // A connection that was let go of in the very moment it was used again: an idempotency key makes that harmless.
      asked.on('error', (error: NodeJS.ErrnoException) => {
        if (asked.reusedSocket && error.code === 'ECONNRESET')
          ask(method, path, { key, json, ...(headers && { headers }) }).then(resolve, reject);
        else reject(error);
      });
      asked.end(body);
    });
  return ask;
}
