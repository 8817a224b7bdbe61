/** Requests that are checked, approved and released through the API, and rows of more that are on file. */
import { setTimeout as pause } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { z } from 'zod';
import { approveRequest } from '../../src/app/flow/approve-request.ts';
import type { Service } from '../../src/app/flow/service.ts';
import { openState } from '../../src/store/postgres/open-state.ts';
import type { State, Tx } from '../../src/store/postgres/state.ts';
import { type Club, org, recipient } from './club.ts';
import type { Server } from './server.ts';

export const base = `/api/organisations/${org}`;
const requestSeen = z.looseObject({ id: z.string(), version: z.number(), state: z.string() });
const runSeen = z.looseObject({ id: z.string(), state: z.string(), faultWords: z.string().nullable() });
const detailSeen = requestSeen.extend({ releases: z.array(runSeen) });

let asked = 0;
export const newKey = (): string => `bench-${process.pid}-${++asked}`;

async function post(
  server: Server,
  key: string,
  path: string,
  json: unknown,
  version?: number,
): Promise<unknown> {
  const headers = {
    'Idempotency-Key': newKey(),
    ...(version === undefined ? {} : { 'If-Match': `"${version}"` }),
  };
  const { status, body } = await server.ask('POST', `${base}${path}`, { key, json, headers });
  if (status >= 300) throw new RangeError(`${path}: ${body}`);
  return JSON.parse(body);
}

export async function request(server: Server, { steward, document }: Club, id: string): Promise<void> {
  await post(server, steward, '/requests', { recipient, document: { ...document, request: id }, version: 0 });
}

export const untilEnded = async (
  ask: () => Promise<z.output<typeof runSeen> | undefined>,
): Promise<string> => {
  for (;;) {
    const run = await ask();
    if (run === undefined || run.state === 'failed')
      throw new RangeError(run?.faultWords ?? 'there is no run');
    if (run.state === 'done') return run.id;
    await pause(200);
  }
};

const seen = async <T>(server: Server, key: string, path: string, schema: z.ZodType<T>): Promise<T> =>
  schema.parse(JSON.parse((await server.ask('GET', `${base}${path}`, { key })).body));

/** `desk`: at which a person approves, beside the server and on its database. Gives the id of the check it was approved on. */
export async function approve(
  server: Server,
  desk: Service,
  { steward, officer }: Club,
  id: string,
): Promise<string> {
  const asked = runSeen.parse(await post(server, steward, `/requests/${id}/checks`, {}));
  const check = await untilEnded(() => seen(server, steward, `/checks/${asked.id}`, runSeen));
  const { version } = await seen(server, steward, `/requests/${id}`, requestSeen);
  const words = 'each of them ticked the box that names the maker';
  const approved = await approveRequest(desk, officer, { request: id, check, words, version });
  if (approved.kind === 'refused') throw new RangeError(`${id}: ${approved.code}, ${approved.message}`);
  return check;
}

export async function release(server: Server, { steward }: Club, id: string): Promise<void> {
  const { version } = await seen(server, steward, `/requests/${id}`, requestSeen);
  await post(server, steward, `/requests/${id}/release`, {}, version);
  await untilEnded(async () => (await seen(server, steward, `/requests/${id}`, detailSeen)).releases[0]);
}

/**
 * Rows as a release leaves them, of other requests, copied from one that was released: lists are as long as after
 * many releases, of which all is deleted; and there is nothing of them on the disk or in the log.
 */
export async function fileReleases(
  url: string,
  data: string,
  of: string,
  ids: readonly string[],
): Promise<void> {
  const state = await openState({ url, ownerUrl: null, data });
  try {
    for (const id of ids) await state.as(org, (tx) => copyRows(tx, of, id));
  } finally {
    await (state satisfies State).close();
  }
}

async function copyRows(tx: Tx, of: string, id: string): Promise<void> {
  const run = (sql: string): Promise<unknown> =>
    tx.executeQuery(CompiledQuery.raw(sql.replaceAll('$1', `'${of}'`).replaceAll('$2', `'${id}'`)));
  const copy = (table: string, where: string, change: string): Promise<unknown> =>
    run(`INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, to_jsonb(r) || ${change})).* FROM ${table} r
      WHERE org = '${org}' AND ${where}`);
  const named = (name: string): string => `replace(${name}, $1, $2)`;
  const text = `replace(r.text, 'request: ' || $1, 'request: ' || $2)`;
  const digest = `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
  const path = `'requests/' || $2 || '.yaml'`;
  const ofDocument = `path = 'requests/' || $1 || '.yaml'`;
  await copy(
    'document',
    ofDocument,
    `jsonb_build_object('path', ${path}, 'text', ${text}, 'digest', ${digest})`,
  );
  const copied = `(SELECT digest FROM document WHERE org = '${org}' AND path = ${path})`;
  await copy('document_current', ofDocument, `jsonb_build_object('path', ${path}, 'digest', ${copied})`);
  await copy('request', 'id = $1', `jsonb_build_object('id', $2, 'path', ${path})`);
  await copy('check_run', 'request = $1', `jsonb_build_object('id', $2 || '-check', 'request', $2)`);
  const events = `jsonb_build_object('request', $2)`;
  await copy('request_event', 'request = $1', events);
  await copy('approval', 'request = $1', `jsonb_build_object('check_run', $2 || '-check', 'request', $2)`);
  await copy('release_run', 'request = $1', `jsonb_build_object('id', $2 || '-run', 'request', $2)`);
  await copy('release', 'request = $1', `jsonb_build_object('id', ${named('r.id')}, 'request', $2)`);
  const ofRelease = `release = (SELECT id FROM release WHERE org = '${org}' AND request = $1)`;
  const change = `jsonb_build_object('id', encode(sha256(convert_to(r.id || $2, 'UTF8')), 'hex'), 'release', ${named('r.release')})`;
  await copy('supply', ofRelease, change);
  // Whoever had it says that it is deleted: what is said now is passed on to those alone who hold it.
  await copy('duty', ofRelease, `${change} || jsonb_build_object('claimed_at', now())`);
}
