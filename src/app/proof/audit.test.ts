import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../bulk/engine.ts';
import { canonical } from '../../bulk/outputs/manifest.ts';
import { readLogKey, readLogVerifier } from '../../documents/log-key.ts';
import type { Signer } from '../../log/keys.ts';
import { cheat, cheatWithKey, releasedWorkspace } from '../gate/evidence.fixture.ts';
import { type AuditFixture, auditFixture, filesIn } from './audit.fixture.ts';
import { type AuditOptions, audit } from './audit.ts';

let made: AuditFixture;
let root: string;
let id: string;
let engine: Engine;
let signer: Signer;
/** Copies that a test may change. */
let dir: string;
let packaged: string;
let restore: AuditFixture['restore'];
let options: AuditFixture['options'];
beforeAll(async () => {
  made = await auditFixture();
  ({ root, id, engine, dir, packaged, restore, options } = made);
  signer = await readLogKey(join(root, 'club'));
});
afterAll(() => made.drop());
beforeEach(() => restore());

const codes = async (change: Partial<AuditOptions> = {}): Promise<readonly string[]> =>
  (await audit(dir, options(change))).differences.map((d) => d.code);
const edit = (name: string, change: (value: Record<string, unknown>) => unknown): void => {
  const path = join(dir, name);
  writeFileSync(path, canonical(change(JSON.parse(readFileSync(path, 'utf8')))));
};
/** Writes a Parquet file of the evidence again, its columns changed. */
async function rewrite(name: string, replace: string): Promise<void> {
  const path = join(dir, name);
  await engine.copy(
    `SELECT * REPLACE (${replace}) FROM ${engine.dialect.parquet(path)} ORDER BY pseudonym`,
    `${path}.new`,
    'parquet',
  );
  renameSync(`${path}.new`, path);
}

describe('an audit', () => {
  test("needs the folder and the log's key, and finds every row decided as stated", async () => {
    const found = await audit(dir, options({}));
    expect(found).toMatchObject({ kind: 'consistent', release: id, rows: 20, differences: [] });
    expect(found.counts?.released).toBeGreaterThan(0);
  });

  test('holds the package and the published log against it too; the list need not be there', async () => {
    const log = join(root, 'club/log');
    expect(await audit(dir, options({ package: packaged, log }))).toMatchObject({ kind: 'consistent' });
    rmSync(join(packaged, 'list.csv'));
    const without = await audit(dir, options({ package: packaged, log }));
    expect(without.kind).toBe('consistent');
    expect(without.unchecked.join()).toContain('the list');
  });

  test("without the log's key, or with another's, is not consistent", async () => {
    expect(await codes({ logKey: null })).toEqual(['log-key-missing']);
    const other = join(root, 'other');
    await releasedWorkspace(other);
    expect(await codes({ logKey: await readLogVerifier(other) })).toEqual(['log-wrong']);
    expect(await codes({ log: join(other, 'log') })).toEqual(['published-log-differs']);
    expect(await codes({ package: join(other, 'releases', id) })).toContain('package-differs');
  });

  test('of a folder with a file too many or too few says which', async () => {
    writeFileSync(join(dir, 'note.txt'), '');
    expect(await codes()).toEqual(['file-unexpected']);
    rmSync(join(dir, 'note.txt'));
    rmSync(join(dir, 'counts.json'));
    expect((await audit(dir, options({}))).differences).toMatchObject([
      { code: 'file-missing', where: 'counts.json' },
    ]);
  });

  test('of a document too many judges nothing', async () => {
    writeFileSync(join(dir, 'documents/notices/own.md'), '');
    expect((await audit(dir, options({}))).differences).toMatchObject([
      { code: 'file-unexpected', where: 'documents/notices/own.md' },
    ]);
  });

  test('of evidence of another version says that it is of another version', async () => {
    edit('evidence.json', (all) => ({ ...all, format: 'astold/evidence/1' }));
    rmSync(join(dir, 'ingest-proof.json'));
    const found = await audit(dir, options({}));
    expect(found).toMatchObject({ kind: 'differs', release: id });
    expect(found.differences).toMatchObject([{ code: 'format-other', where: 'evidence.json' }]);
    restore();
    edit('manifest.json', (all) => ({ ...all, format: 'astold/manifest/1' }));
    expect((await audit(dir, options({}))).differences).toMatchObject([
      { code: 'format-other', where: 'manifest.json' },
    ]);
  });

  test('of what is no folder of evidence is an error', async () => {
    await expect(audit(join(root, 'nowhere'), options({}))).rejects.toMatchObject({
      code: 'evidence-missing',
    });
  });
});

test('nothing of anybody stands in the evidence: no name, address, date, id or token', async () => {
  const [header = '', ...rows] = readFileSync(join(root, 'club/data/members.csv'), 'utf8').trim().split('\n');
  // The days on which documents came in force are among those on which people joined.
  const personal = ['member', 'forename', 'surname', 'address', 'postcode', 'email', 'child_born'];
  const at = header.split(',').flatMap((name, i) => (personal.includes(name) ? [i] : []));
  const cells = rows.flatMap((row) => at.map((i) => row.split(',')[i] ?? '')).filter((cell) => cell !== '');
  expect(cells.length).toBeGreaterThan(100);
  const secrets = join(root, 'club/vault/sources/members/secrets.parquet');
  const drawn = await engine.rows(`SELECT nonce, salt FROM ${engine.dialect.parquet(secrets)}`);
  const words = [...new Set([...cells, ...drawn.flatMap((row) => [String(row.nonce), String(row.salt)])])];
  const texts: string[] = [];
  for (const name of filesIn(dir)) {
    const path = join(dir, name);
    texts.push(
      !name.endsWith('.parquet')
        ? readFileSync(path, 'utf8')
        : (await engine.rows(`SELECT * FROM ${engine.dialect.parquet(path)}`))
            .map((row) => Object.values(row).join(' '))
            .join('\n'),
    );
  }
  const plain = (text: string): string =>
    ` ${text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()} `;
  const whole = plain(texts.join('\n'));
  expect(words.filter((word) => whole.includes(plain(word)))).toEqual([]);
});

describe('a cheat who makes everything fit', () => {
  const withoutLog = async () =>
    (await audit(dir, options({}))).differences.filter((d) => !d.code.startsWith('log-'));

  test('and changed nothing has made the very same bytes', async () => {
    await cheat(engine, dir);
    expect(await codes()).toEqual([]);
  });

  test('is shown, row by row, that the bits do not follow from the predicates', async () => {
    const rows = await engine.rows(
      `SELECT pseudonym FROM ${engine.dialect.parquet(join(dir, 'decisions.parquet'))} ORDER BY pseudonym`,
    );
    for (const { pseudonym } of rows) {
      restore();
      const mine = `pseudonym = ${engine.dialect.literal(String(pseudonym))}`;
      await rewrite(
        'decisions.parquet',
        `CAST(CASE WHEN ${mine} THEN CASE WHEN reasons = 0 THEN 8796093022208 ELSE 0 END ELSE reasons END AS BIGINT) AS reasons`,
      );
      await cheat(engine, dir);
      const row = (await withoutLog()).find((d) => d.code === 'row-decided-otherwise');
      expect(row?.message).toContain(String(pseudonym));
      expect(row?.message).toContain('1 of 20');
      expect(await codes()).toContain('log-wrong');
    }
  });

  test('who changes a predicate, how the notice is known, or a history is shown the row', async () => {
    const first = `pseudonym = (SELECT MIN(pseudonym) FROM ${engine.dialect.parquet(join(dir, 'predicates.parquet'))})`;
    for (const replace of [
      `CAST(CASE WHEN ${first} THEN xor(p, 36028797018963968) ELSE p END AS BIGINT) AS p`,
      `CAST(CASE WHEN ${first} THEN NULL ELSE p END AS BIGINT) AS p`,
      `CAST(CASE WHEN ${first} THEN 99 ELSE v0 END AS INTEGER) AS v0`,
      `CAST(CASE WHEN ${first} THEN NULL ELSE l0 END AS BIGINT) AS l0`,
    ]) {
      restore();
      await rewrite('predicates.parquet', replace);
      await cheat(engine, dir);
      expect(
        (await withoutLog()).map((d) => d.code),
        replace,
      ).toContain('row-decided-otherwise');
    }
    restore();
    await rewrite('decisions.parquet', `CASE WHEN ${first} THEN 'derived' ELSE known END AS known`);
    await cheat(engine, dir);
    expect((await withoutLog()).map((d) => d.code)).toContain('row-decided-otherwise');
  });

  test('who puts a leaf in the roster, or takes one out, is shown it', async () => {
    for (const replace of [
      `CASE WHEN leaf IS NULL THEN substr(sha256(pseudonym), 1, 32) ELSE leaf END AS leaf`,
      `CASE WHEN leaf = (SELECT MIN(leaf) FROM ${engine.dialect.parquet(join(dir, 'predicates.parquet'))}) THEN NULL ELSE leaf END AS leaf`,
    ]) {
      restore();
      await rewrite('predicates.parquet', replace);
      await cheat(engine, dir);
      expect((await withoutLog()).map((d) => d.code)).toContain('row-misplaced');
    }
  });

  test('who takes rows away, or the columns, is shown it', async () => {
    const path = join(dir, 'predicates.parquet');
    await engine.copy(
      `SELECT * FROM ${engine.dialect.parquet(path)} ORDER BY pseudonym LIMIT 19`,
      `${path}.new`,
      'parquet',
    );
    renameSync(`${path}.new`, path);
    await cheat(engine, dir);
    expect((await withoutLog()).map((d) => d.code)).toContain('row-decided-otherwise');
    restore();
    await engine.copy(
      `SELECT pseudonym, v0 FROM ${engine.dialect.parquet(path)} ORDER BY pseudonym`,
      `${path}.new`,
      'parquet',
    );
    renameSync(`${path}.new`, path);
    await cheat(engine, dir);
    expect((await withoutLog()).map((d) => d.code)).toContain('rows-unreadable');
  });

  test('who changes the histories, the verdicts, the counts or the context is shown it', async () => {
    const cases: readonly (readonly [string, (value: Record<string, unknown>) => unknown, string])[] = [
      ['histories.json', (all) => [...Object.values(all), ...Object.values(all)], 'histories-differ'],
      ['histories.json', () => [{}], 'judgement-fails'],
      ['verdicts.json', (all) => ({ ...all, day: '2001-01-01' }), 'verdicts-differ'],
      [
        'counts.json',
        (all) => ({ ...all, counts: { ...(all.counts as object), released: 20 } }),
        'counts-differ',
      ],
      ['context.json', (all) => ({ ...all, day: '2001-01-01' }), 'statements-differ'],
      ['context.json', (all) => ({ ...all, preferencesReadable: false }), 'verdicts-differ'],
      ['context.json', (all) => ({ ...all, expires: '2999-01-01' }), 'statements-differ'],
    ];
    for (const [name, change, code] of cases) {
      restore();
      edit(name, change);
      await cheat(engine, dir);
      expect(
        (await withoutLog()).map((d) => d.code),
        `${name} ${code}`,
      ).toContain(code);
    }
  });
});

describe("a cheat who holds the log's key too, and logs what was changed", () => {
  const found = () => audit(dir, options({ package: packaged }));
  /** The package goes out with the manifest and the entry that were made anew. */
  async function cheatAll(): Promise<void> {
    await cheatWithKey(engine, dir, signer);
    for (const name of ['manifest.json', 'log-proof.json']) cpSync(join(dir, name), join(packaged, name));
  }
  const change = (name: string, from: string | RegExp, to: string): void => {
    const before = readFileSync(join(dir, name), 'utf8');
    const after = before.replace(from, to);
    expect(after, name).not.toBe(before);
    writeFileSync(join(dir, name), after);
  };

  test('and changed nothing has made what holds', async () => {
    await cheatAll();
    expect((await found()).differences).toEqual([]);
  });

  test('is shown a word that was changed in any notice', async () => {
    const notices = filesIn(join(dir, 'documents/notices'));
    expect(notices.length).toBeGreaterThan(0);
    for (const name of notices) {
      const path = join(dir, 'documents/notices', name);
      const text = readFileSync(path, 'utf8');
      // Of the text that people read, whether a statement quotes it or not.
      const words = [...text.matchAll(/[A-Za-z]{4,}/g)].filter(
        ({ index }) => index > text.lastIndexOf('---'),
      );
      expect(words.length).toBeGreaterThan(10);
      for (const [word] of words.filter((_, i) => i % 8 === 0)) {
        restore();
        const at = text.lastIndexOf(word);
        writeFileSync(path, `${text.slice(0, at)}everything${text.slice(at + word.length)}`);
        await cheatAll();
        const codes = (await found()).differences.map((d) => d.code);
        expect(codes, `${name} ${word}`).toEqual(
          expect.arrayContaining([expect.stringMatching(/documents-differ|judgement-fails/)]),
        );
      }
    }
  });

  test('is shown a document that was changed, taken away or put in', async () => {
    const cases: readonly (readonly [string, () => void, string])[] = [
      [
        'approval',
        () => change('documents/approvals/a.yaml', 'they asked for it', 'nobody asked'),
        'documents-differ',
      ],
      ['no approval', () => rmSync(join(dir, 'documents/approvals/a.yaml')), 'documents-differ'],
      [
        'request',
        () => change('documents/requests/toy-offer.yaml', /title: .*/, 'title: another'),
        'documents-differ',
      ],
      ['no request', () => rmSync(join(dir, 'documents/requests/toy-offer.yaml')), 'judgement-fails'],
      ['no register', () => rmSync(join(dir, 'documents/organisations.yaml')), 'judgement-fails'],
      ['duties', () => rmSync(join(dir, 'documents/duties.yaml')), 'documents-differ'],
      ['rules', () => change('documents/built-in/uk.yaml', /^pack: .*$/m, 'pack: own'), 'documents-differ'],
      [
        'kind',
        () =>
          change(
            'documents/astold.yaml',
            'kind: live',
            'kind: reconstruction\nclock: 2017-05-05T09:00:00+01:00',
          ),
        'judgement-fails',
      ],
      ['no YAML', () => writeFileSync(join(dir, 'documents/duties.yaml'), ': ['), 'judgement-fails'],
    ];
    for (const [name, act, code] of cases) {
      restore();
      act();
      await cheatAll();
      expect(
        (await found()).differences.map((d) => d.code),
        name,
      ).toContain(code);
    }
  });

  test('is shown every figure of the manifest that was changed', async () => {
    const text = readFileSync(join(dir, 'manifest.json'), 'utf8');
    const places = placesIn(JSON.parse(text), []);
    const untold: string[] = [];
    let changed = 0;
    for (const place of places) {
      restore();
      edit('manifest.json', (all) => changedAt(all, place));
      await cheatAll();
      // What the cheat makes anew from the rest of the folder undoes the change.
      if (readFileSync(join(dir, 'manifest.json'), 'utf8') === text) continue;
      changed += 1;
      if ((await found()).kind === 'consistent') untold.push(place.join('.'));
    }
    expect(untold).toEqual([]);
    expect(changed).toBeGreaterThan(30);
  }, 300_000);

  test('is shown an ingest that was logged otherwise, or after the release', async () => {
    const cases: readonly ((all: Record<string, unknown>) => unknown)[] = [
      (all) => ({ ...all, content: { ...(all.content as object), commitments: 'a'.repeat(64) } }),
      (all) => ({ ...all, content: { ...(all.content as object), files: [] } }),
      (all) => ({ ...all, content: { ...(all.content as object), rows: 21 } }),
      (all) => ({ ...all, content: { ...(all.content as object), source: 'others' } }),
      (all) => ({ ...all, index: JSON.parse(readFileSync(join(dir, 'log-proof.json'), 'utf8')).index }),
    ];
    for (const act of cases) {
      restore();
      edit('ingest-proof.json', act);
      await cheatAll();
      expect((await found()).differences.map((d) => d.code)).toContain('ingest-differs');
    }
  });
});

type Place = readonly (string | number)[];

/** Where the values of a JSON document stand. */
function placesIn(value: unknown, at: Place): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...at, key]));
}

/** Another value of the same form in one place. */
function changedAt(value: unknown, [key, ...rest]: Place): unknown {
  if (key !== undefined) {
    if (Array.isArray(value))
      return value.map((inner, i) => (String(i) === key ? changedAt(inner, rest) : inner));
    return { ...(value as object), [key]: changedAt((value as Record<string, unknown>)[String(key)], rest) };
  }
  if (typeof value === 'number') return value + 1;
  if (value === null) return 'reconstruction';
  const text = String(value);
  return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
}
