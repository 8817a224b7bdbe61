/**
 * Somebody goes through everything, is erased, and is then looked for: in every table, in every file of the data folder, in zips
 * and Parquet as well, in what was mailed, and in the log of the server (E8).
 *
 * What is not looked into, and why: the files of the embedded database itself (`pglite/`), where a row that was overwritten lies until the
 * database reclaims its page; the sealed supply, which only its recipient opens; and copies that somebody else has.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { countWaiting } from '../../src/app/flow/count-waiting.ts';
import { approved, must, officer, steward } from '../../src/app/flow/flow.fixture.ts';
import { forgetSnapshots } from '../../src/app/flow/forget-snapshots.ts';
import { ingestSource } from '../../src/app/flow/ingest-source.ts';
import { perform } from '../../src/app/flow/perform.ts';
import { readinessOf } from '../../src/app/flow/readiness.ts';
import { releaseRequest } from '../../src/app/flow/release-request.ts';
import type { Actor } from '../../src/app/flow/service.ts';
import { uploadData } from '../../src/app/flow/upload-data.ts';
import { rootOf } from '../../src/app/flow/workspace-of.ts';
import { endCase } from '../../src/app/window/end-case.ts';
import { passOn } from '../../src/app/window/pass-on.ts';
import { tellPassedOn } from '../../src/app/window/tell-passed-on.ts';
import { type WindowFixture, windowFixture } from '../../src/app/window/window.fixture.ts';
import { openDuckdb } from '../../src/bulk/engines/duckdb.ts';
import { openFigures } from '../../src/http/figures.ts';
import { openLog } from '../../src/http/log.ts';
import { flowPages } from '../../src/http/pages/all.ts';
import { requestRate } from '../../src/http/rate-limit.ts';
import { routes } from '../../src/http/routes/all.ts';
import { createApp } from '../../src/http/server.ts';
import { sendDueMail } from '../../src/mail/outbox.ts';
import { databases } from '../../src/store/postgres/databases.fixture.ts';

const record = 'M7QX91';
const email = 'zephyrine.quillfeather@unmistakable.example';
const address = '77 Xylophone Crescent';
const phone = '07700 900977';
/** In small letters, without what is written now so, now otherwise. */
const needles = ['m7qx91', 'zephyrine', 'quillfeather', 'unmistakable', 'xylophone', '900977'];
const mallory = { field: 'address', value: '78 Xylophone Crescent' };

describe.each(databases)('on $name', (database) => {
  let club: WindowFixture;
  let app: Hono;
  const logged: string[] = [];
  const mailed: { readonly recipient: string; readonly body: string }[] = [];
  let everybody: readonly string[];
  let header: string;

  beforeAll(async () => {
    club = await windowFixture(database);
    const service = {
      ...club.service,
      log: openLog('debug', { write: (line: string) => logged.push(line) }),
    };
    club = Object.assign(Object.create(club), { service });
    app = createApp({
      ...{ service, routes, metricsToken: null, proxies: 0, rate: requestRate(1_000_000) },
      actorOf: async (request) => actors.get(request.headers.get('Cookie') ?? '') ?? null,
      readiness: readinessOf(service),
      figures: openFigures(() => countWaiting(service)),
      pages: [
        flowPages({
          service,
          rate: requestRate(1_000_000),
          actorOf: async (request) => actors.get(request.headers.get('Cookie') ?? '') ?? null,
        }),
      ],
    }) as unknown as Hono;
    const text = await readFile(join(root(), 'data', 'members.csv'), 'utf8');
    [header = '', ...everybody] = text.trim().split(/\r?\n/);
  }, 120_000);
  afterAll(() => club.drop());

  const root = (): string => rootOf(club.service, club.org);
  const member = (): Actor => ({ kind: 'member', id: 'a-member', org: club.org, email });
  const actors = {
    get: (who: string): Actor | undefined =>
      who === 'who=member' ? member() : who === 'who=steward' ? steward : undefined,
  };
  let keys = 0;
  async function ask(
    who: 'member' | 'steward',
    method: string,
    path: string,
    json?: unknown,
  ): Promise<unknown> {
    keys += 1;
    const given = {
      ...{ Cookie: `who=${who}`, 'Sec-Fetch-Site': 'same-origin' },
      'Idempotency-Key': `key-${keys}`,
    };
    const answer = await app.request(`${club.service.url}/api/organisations/${club.org}${path}`, {
      method,
      headers: json === undefined ? given : { ...given, 'Content-Type': 'application/json' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    expect(answer.status, `${path}: ${text}`).toBeLessThan(300);
    return answer.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : text;
  }
  async function page(path: string): Promise<string> {
    const answer = await app.request(`${club.service.url}/organisations/${club.org}${path}`, {
      headers: { Cookie: 'who=member' },
    });
    const text = await answer.text();
    expect(answer.status, `${path}: ${text.slice(0, 2_000)}`).toBe(200);
    return text;
  }

  async function takeIn(lines: readonly string[]): Promise<void> {
    const bytes = Buffer.from(`${[header, ...lines].join('\n')}\n`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const named = { name: 'members.csv', sha256, bytes: bytes.length };
    must(
      await uploadData(
        club.service,
        steward,
        named,
        (async function* () {
          yield bytes;
        })(),
      ),
    );
    must(await ingestSource(club.service, steward, { source: 'members' }));
    await club.work();
  }

  /** Like somebody who is let go, with a name and an address of her own. */
  function theirLine(): string {
    const like = everybody.find((line) => line.startsWith('M001,')) ?? '';
    const cells = like.split(',');
    const [, , , , , , ...rest] = cells;
    return [record, 'Zephyrine', 'Quillfeather', address, 'ZZ9 9ZZ', email, ...rest].join(',');
  }

  async function release(request: string): Promise<void> {
    const { version } = await approved(club, request);
    must(await releaseRequest(club.service, steward, { request, version }));
    await club.work();
  }

  const said = { source: 'members', kind: 'objection' };

  test('whoever is erased is found nowhere any more', async () => {
    await takeIn([...everybody, theirLine()]);
    for (const party of ['example-mailing', null])
      await club.service.state.as(club.org, (tx) =>
        tx
          .insertInto('webhook')
          .values({
            ...{ org: club.org, id: `w-${party}`, party, url: 'https://hooks.example/' },
            ...{ secret: 'whsec_x', made_by: 's.steward', made_at: new Date() },
          })
          .execute(),
      );
    await release('with-her');
    const list = await readFile(join(root(), 'releases', releaseOf('with-her'), 'list.csv'), 'utf8');
    expect(list).toContain('Quillfeather');

    // She says things, and others say them for her.
    await ask('member', 'POST', '/preferences', { ...said, person: record, channel: 'email' });
    await ask('steward', 'POST', '/preferences', {
      ...{ ...said, person: record, by: 'phone', email, phone, surname: 'Quillfeather' },
      ...{ addressLine: address, postcode: 'ZZ9 9ZZ' },
    });
    const { case: complaint } = (await ask('member', 'POST', '/cases', {
      ...{ kind: 'complaint', words: `I, Zephyrine Quillfeather of ${address}, complain. Ring ${phone}.` },
    })) as { case: string };
    const { case: correction } = (await ask('member', 'POST', '/cases', {
      ...{ kind: 'correction', ...mallory },
    })) as { case: string };
    const ended = { version: 1, outcome: 'done' as const, words: 'Zephyrine Quillfeather is right.' };
    must(
      await perform(club.service, officer, 'end-case', correction, () =>
        endCase(club.service, officer, { case: correction, ...ended }),
      ),
    );
    await ask('member', 'GET', `/cases/${complaint}`);
    must(
      await perform(club.service, officer, 'end-case', complaint, () =>
        endCase(club.service, officer, { case: complaint, ...ended }),
      ),
    );
    const looked = { reason: `Zephyrine Quillfeather rang from ${phone}`, email };
    await ask('steward', 'POST', '/look-ups', looked);
    await ask('steward', 'POST', '/look-ups', { ...looked, email: undefined, record });
    await ask('member', 'GET', '/copy?format=json');
    for (const path of ['', '/answers', '/cases', '/say']) await page(path);
    expect(await passOn(club.service)).toBeGreaterThan(0);
    await tellPassedOn(club.service, async (_, party) => [`staff@${party ?? 'club'}.example`]);
    await release('after-her-stop');
    await mail();

    // Everywhere she is to be found now, so that a search which finds nothing would be seen.
    const before = await everywhere();
    for (const place of ['table astold.preference', 'table astold.member_case', 'table astold.look_up'])
      expect(before.join('\n')).toContain(place);
    for (const place of [
      'data/members.csv',
      `releases/${releaseOf('with-her')}/list.csv`,
      '.astold/snapshots',
    ])
      expect(before.join('\n')).toContain(place);

    const { case: erasure } = (await ask('member', 'POST', '/cases', { kind: 'erasure' })) as {
      case: string;
    };
    const done = must(
      await perform(club.service, officer, 'end-case', erasure, () =>
        endCase(club.service, officer, { case: erasure, ...ended }),
      ),
    );
    expect(done.leftToDo?.join('\n')).toContain('data/members.csv');
    await passOn(club.service);
    await takeIn(everybody);
    await mail();
    await release('without-her');
    club.pass(1);
    expect(await forgetSnapshots(club.service)).toBeGreaterThan(0);

    const kinds = await club.service.state.as(club.org, (tx) =>
      tx.selectFrom('passed_on').select(['kind', 'party']).where('kind', '=', 'erasure').execute(),
    );
    expect(kinds.map(({ party }) => party).toSorted()).toEqual(['example-mailing', 'example-toys']);
    expect(await everywhere()).toEqual([]);
    for (const needle of needles) expect(logged.join('').toLowerCase()).not.toContain(needle);
    // What was mailed to others named nobody; what was mailed to her is hers.
    const others = mailed.filter(({ recipient }) => recipient !== email);
    expect(others.length).toBeGreaterThan(0);
    for (const needle of needles) expect(JSON.stringify(others).toLowerCase()).not.toContain(needle);
  }, 240_000);

  const releaseOf = (request: string): string =>
    readdirSync(join(root(), 'releases')).find((name) => name.endsWith(`-${request}`)) ?? '';

  const mail = (): Promise<unknown> =>
    sendDueMail(club.service, {
      kind: 'smtp',
      async send({ recipient, body }) {
        mailed.push({ recipient, body });
      },
      close() {},
    });

  /** Each place that she is found in. */
  async function everywhere(): Promise<readonly string[]> {
    return [...(await tables()), ...(await files(club.made.data))];
  }

  async function tables(): Promise<readonly string[]> {
    return club.made.asOwner(async (client) => {
      // Row-level security binds the owner too: without it no row of an organisation would be seen.
      await client.query(`SELECT set_config('app.org', $1, false)`, [club.org]);
      const { rows } = await client.query<{ name: string }>(
        `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') ORDER BY 1`,
      );
      expect(rows.length).toBeGreaterThan(40);
      const found: string[] = [];
      for (const { name } of rows) {
        const { rows: all } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
        for (const { text } of all)
          if (holds(Buffer.from(text))) found.push(`table ${name}: ${text.slice(0, 300)}`);
      }
      await client.query(`SELECT set_config('app.org', '', false)`);
      return found;
    });
  }

  async function files(dir: string): Promise<readonly string[]> {
    const found: string[] = [];
    const engine = await openDuckdb({ tempDirectory: join(club.made.data, 'duck-tmp'), threads: 1 });
    try {
      for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        const name = path.slice(dir.length + 1);
        if (!entry.isFile() || name.startsWith('pglite/')) continue;
        const bytes = readFileSync(path);
        if (holds(Buffer.from(name))) found.push(`name ${name}`);
        if (holds(bytes)) found.push(name);
        if (name.endsWith('.parquet')) {
          const rows = await engine.rows(`SELECT p::VARCHAR AS text FROM ${engine.dialect.parquet(path)} p`);
          if (rows.some(({ text }) => holds(Buffer.from(String(text))))) found.push(`${name} (rows)`);
        }
        if (name.endsWith('.zip'))
          for (const { name: inner, bytes: inside } of await entriesOf(path))
            if (holds(inside)) found.push(`${name}: ${inner}`);
      }
      return found;
    } finally {
      engine.close();
    }
  }
});

/** As text, and as the hexadecimal digits that a database shows bytes by. */
function holds(bytes: Buffer): boolean {
  const text = bytes.toString('latin1').toLowerCase().replaceAll(/[\s-]/g, '');
  return needles.some(
    (needle) =>
      text.includes(needle) || text.includes(Buffer.from(needle).toString('hex')) || hexOf(needle).test(text),
  );
}
/** In hexadecimal digits a letter is large or small by one bit. */
const hexOf = (needle: string): RegExp =>
  new RegExp(
    [...needle]
      .map((letter) =>
        [letter, letter.toUpperCase()].map((each) => Buffer.from(each).toString('hex')).join('|'),
      )
      .map((either) => `(?:${either})`)
      .join(''),
  );

async function entriesOf(
  path: string,
): Promise<readonly { readonly name: string; readonly bytes: Buffer }[]> {
  const zip = await yauzl.openPromise(path);
  const entries: { name: string; bytes: Buffer }[] = [];
  for await (const entry of zip.eachEntry())
    entries.push({ name: entry.fileName, bytes: await buffer(await zip.openReadStreamPromise(entry)) });
  return entries;
}
