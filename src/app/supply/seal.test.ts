import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonical } from '../../bulk/outputs/manifest.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { cellText, rawCells } from '../../supply/csv-records.ts';
import { traceCode } from '../../supply/trace-code.ts';
import { nothingAsked } from '../log/own-log.ts';
import { acceptReceipt } from './countersign.ts';
import { receive } from './receive.ts';
import { seal } from './seal.ts';
import { sighting } from './sighting.ts';
import { edit, people, type SupplyFixture, supplyFixture, writeManifest } from './supply.fixture.ts';

let made: SupplyFixture;
beforeAll(async () => {
  made = await supplyFixture('csv');
});
afterAll(() => rm(made.folder, { recursive: true, force: true }));

const at = (...parts: readonly string[]): string => join(made.folder, ...parts);
const asked = { unverified: false, witnesses: nothingAsked, root: null };
const opening = (out: string) => ({
  ...asked,
  keyFile: join(made.keys, 'age.key'),
  logKey: made.logKey,
  signKey: join(made.keys, 'sign.key'),
  out: at(out),
});
const linesOf = async (path: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => rawCells(line).map(cellText));

const entries = async (): Promise<bigint> => {
  const ledger = await sqliteLedger(made.root).open({ waitMs: 1000 });
  try {
    return (await ledger.head()).size;
  } finally {
    await ledger.close();
  }
};

describe('a supply', () => {
  test('goes from the release to the recipient, and the receipt comes back into the log', async () => {
    const workspace = await made.load();
    const sealed = await seal(workspace, made.ledger, made.release, 'example-toys', 'whole');
    if (sealed.kind !== 'sealed') throw new RangeError(sealed.message);
    expect(sealed).toMatchObject({ rows: people.length + 1, sleepers: 1 });
    const received = await receive(sealed.file, opening('opened'));
    expect(received).toMatchObject({ rows: people.length + 1, genuine: true, countersigned: true });
    expect((await readdir(at('opened'))).sort()).toEqual([
      'countersignature.note',
      'list.csv',
      'log-proof.json',
      'manifest.json',
      'supply.note',
      'terms.jsonld',
      'words.json',
    ]);
    const receipt = await acceptReceipt(workspace, made.ledger, at('opened', 'countersignature.note'));
    expect(receipt).toMatchObject({ recipient: 'example-toys', rows: people.length + 1, index: 1n });
    await expect(
      acceptReceipt(workspace, made.ledger, at('opened', 'countersignature.note')),
    ).rejects.toMatchObject({
      code: 'receipt-exists',
    });
    expect(await seal(workspace, made.ledger, made.release, 'example-toys', 'whole')).toMatchObject({
      code: 'supply-exists',
    });
  });

  test('whose receipt was logged by a run that was cut short is not logged again', async () => {
    const copy = join(made.root, 'supplies', made.release, 'whole-example-toys', 'receipt.note');
    const text = await readFile(copy, 'utf8');
    const before = await entries();
    await rm(copy);
    const signed = at('opened', 'countersignature.note');
    expect(await acceptReceipt(await made.load(), made.ledger, signed)).toMatchObject({ index: 1n });
    expect([await readFile(copy, 'utf8'), await entries()]).toEqual([text, before]);
    await expect(acceptReceipt(await made.load(), made.ledger, signed)).rejects.toMatchObject({
      code: 'receipt-exists',
    });
    expect(await entries()).toBe(before);
  });

  test('without its sleepers and its codes is the list of the release, byte for byte', async () => {
    const rows = await linesOf(at('opened', 'list.csv'));
    expect(rows[0]).toEqual(['forename', 'surname', 'address', 'postcode', 'trace_code']);
    const plain = (await readFile(at('opened', 'list.csv'), 'utf8'))
      .split('\n')
      .filter((line) => !line.startsWith('Rowan,'))
      .map((line) => line.replace(/,[^,]*$/, ''));
    expect(plain.join('\n')).toBe(
      await readFile(join(made.root, 'releases', made.release, 'list.csv'), 'utf8'),
    );
  });

  test('tells the terms, and the words people were told', async () => {
    const terms = JSON.parse(await readFile(at('opened', 'terms.jsonld'), 'utf8'));
    expect(terms['@type']).toBe('Agreement');
    expect(terms.assignee.uid).toBe('urn:astold:organisation:example-toys');
    expect(terms.permission[0].constraint[0].rightOperand).toEqual([
      { '@id': 'https://w3id.org/dpv#DirectMarketing' },
    ]);
    const duties = terms.obligation.map((duty: { action: string }) => duty.action);
    expect(duties).toEqual(['delete', 'inform', 'astold:obeyStops']);
    const words = JSON.parse(await readFile(at('opened', 'words.json'), 'utf8'));
    expect(words.told[0].quotes.map((quote: { text: string }) => quote.text)).toContain('by post');
    expect(words.told[0].consent.text).toContain('Yes, Example Toys Ltd may choose me');
  });

  test('holds no name, address or code in the clear, nor any id or key', async () => {
    const zip = await readFile(join(made.root, 'supplies', made.release, 'whole-example-toys', 'supply.zip'));
    const clear = (await readdir(at('opened'))).filter((name) => name !== 'list.csv');
    const texts = [zip, ...(await Promise.all(clear.map((name) => readFile(at('opened', name)))))];
    const rows = (await linesOf(at('opened', 'list.csv'))).slice(1);
    const secrets = await Promise.all(
      ['keys/organisation.key', 'keys/log.key'].map((file) => readFile(join(made.root, file), 'utf8')),
    );
    const parts = [
      ...rows.flat(),
      'rowan',
      ...secrets.map((secret) => secret.trim().split('\n').at(0) ?? ''),
    ];
    // What is encrypted may hold three letters by chance.
    for (const part of parts)
      for (const text of part.length < 6 ? texts.slice(1) : texts)
        expect(text.includes(Buffer.from(part))).toBe(false);
  });

  test('of a trace code, or of a sleeper, is found again', async () => {
    const workspace = await made.load();
    const [, ...rows] = await linesOf(at('opened', 'list.csv'));
    const codes = rows.map((row) => row.at(-1) ?? '');
    expect(new Set(codes).size).toBe(people.length + 1);
    for (const code of codes) {
      const found = await sighting(workspace, code.toLowerCase());
      expect(found.sightings).toMatchObject([
        { kind: 'trace-code', code, from: [{ release: made.release }] },
      ]);
    }
    const asleep = rows.find((row) => row[0] === 'Rowan') ?? [];
    const letter = `Dear ${asleep.slice(0, 2).join(' ')},\n${asleep.slice(2, 4).join('\n')}\nan offer`;
    expect(await sighting(workspace, letter)).toMatchObject({
      sightings: [{ kind: 'sleeper', sleeper: 'rowan', told: true, from: [{ release: made.release }] }],
    });
    expect((await sighting(workspace, 'Dear neighbour, 8 Weir Street')).sightings).toEqual([]);
    const [first = ''] = codes;
    const slip = `${first.startsWith('0') ? '2' : '0'}${first.slice(1)}`;
    await expect(sighting(workspace, slip)).rejects.toMatchObject({ code: 'trace-code-check' });
    const many = Array.from({ length: 1001 }, (_, i) => traceCode('k'.repeat(32), `${i}`)).join('\n');
    await expect(sighting(workspace, many)).rejects.toMatchObject({ code: 'too-many-codes' });
  });

  test('for a mailing house has the columns of a letter alone', async () => {
    const workspace = await made.load();
    const sealed = await seal(workspace, made.ledger, made.release, 'example-mailing', 'mailing');
    if (sealed.kind !== 'sealed') throw new RangeError(sealed.message);
    const keyFile = at('mailing-keys', 'age.key');
    const received = await receive(sealed.file, {
      ...{ ...asked, keyFile, signKey: null, out: at('mailing') },
      ...{ logKey: null, unverified: true },
    });
    expect(received).toMatchObject({ kind: 'mailing', genuine: false, countersigned: false });
    expect(received.columns).toEqual(['forename', 'surname', 'address', 'postcode', 'trace_code']);
    const terms = JSON.parse(await readFile(at('mailing', 'terms.jsonld'), 'utf8'));
    // Who stands behind it in the chain may have the data of it, and nobody else.
    expect(terms.permission[1]).toMatchObject({ action: 'transfer' });
    expect(terms.prohibition[0].constraint[0].operator).toBe('isNoneOf');
  });
});

describe('sealing is refused', () => {
  const refusal = async (release: string, recipient: string): Promise<unknown> => {
    const sealed = await seal(await made.load(), made.ledger, release, recipient, 'whole');
    const { code } = sealed.kind === 'refused' ? sealed : { code: null };
    return code;
  };
  /** With a file changed for a while. */
  const changed = async (
    file: string,
    change: (text: string) => string,
    then: () => Promise<void>,
  ): Promise<void> => {
    const path = join(made.root, file);
    const before = await readFile(path);
    await edit(path, change);
    await then().finally(() => writeFile(path, before));
  };

  test('for a release that is not there, or whose name leads elsewhere', async () => {
    expect(await refusal('2020-01-01-nothing', 'example-toys')).toBe('release-unknown');
    expect(await refusal('../releases', 'example-toys')).toBe('release-unknown');
  });
  test('for someone outside the chain, or unknown', async () => {
    expect(await refusal(made.release, 'example-club')).toBe('recipient-not-in-chain');
    expect(await refusal(made.release, 'nobody')).toBe('recipient-not-in-chain');
  });
  test('for a recipient without a key, or with one that is mistyped', async () => {
    const without = (text: string): string => text.replace(/ {4}age-key: .*\n/g, '');
    await changed('organisations.yaml', without, async () => {
      expect(await refusal(made.release, 'example-mailing')).toBe('recipient-key-missing');
    });
    const mistyped = (text: string): string =>
      text.replace(/(age-key: age1.{20})(.)/g, (_, a, b) => `${a}${b === 'q' ? 'p' : 'q'}`);
    await changed('organisations.yaml', mistyped, async () => {
      expect(await refusal(made.release, 'example-mailing')).toBe('recipient-key-wrong');
    });
  });
  test('where a document is not what the release was decided on', async () => {
    await changed(
      'requests/toy-offer.yaml',
      (text) => text.replace('title: Toy offer', 'title: Toys'),
      async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('documents-changed');
      },
    );
    await changed(
      'agreements/toy-offers.yaml',
      (text) => text.replace('c.director', 'd.director'),
      async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('documents-changed');
      },
    );
  });
  test('where processing was frozen, or a duty is overdue', async () => {
    const freeze =
      'freezes: [{ party: example-toys, purpose: null, from: 2020-01-01, until: null, why: "a notice" }]\n';
    await changed(
      'freezes.yaml',
      () => freeze,
      async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('frozen');
      },
    );
    const duty = 'duties: [{ party: example-toys, what: "delete", due: 2020-01-01, done: null }]\n';
    await changed(
      'duties.yaml',
      () => duty,
      async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('duty-overdue');
      },
    );
  });
  test('where the approval was withdrawn, or is of another wording', async () => {
    const approval = join(made.root, 'approvals/a.yaml');
    const given = await readFile(approval, 'utf8');
    await rm(approval);
    expect(await refusal(made.release, 'example-mailing')).toBe('not-approved');
    await writeFile(approval, given.replace(/request-digest: ".{8}/, 'request-digest: "00000000'));
    expect(await refusal(made.release, 'example-mailing')).toBe('not-approved');
    await writeFile(approval, given);
  });
  test('of a reconstruction', async () => {
    const workspace = await made.load();
    const config = { ...workspace.config, kind: 'reconstruction' as const, clock: 0 };
    expect(
      await seal({ ...workspace, config }, made.ledger, made.release, 'example-toys', 'whole'),
    ).toMatchObject({
      code: 'reconstruction-not-sealed',
    });
  });

  describe('by its manifest:', () => {
    const withManifest = async (change: object, then: () => Promise<void>): Promise<void> => {
      const dir = join(made.root, 'releases', made.release);
      const kept = await Promise.all(
        ['manifest.json', 'log-proof.json'].map((name) => readFile(join(dir, name))),
      );
      const manifest = JSON.parse(String(kept[0]));
      await writeManifest(made.root, made.release, { ...manifest, ...change });
      await then().finally(async () => {
        await writeFile(join(dir, 'manifest.json'), kept[0] ?? '');
        await writeFile(join(dir, 'log-proof.json'), kept[1] ?? '');
      });
    };
    test('a release of another day, or one that is marked', async () => {
      await withManifest({ day: '2020-01-01' }, async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('release-not-today');
      });
      await withManifest({ mark: 'reconstruction' }, async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('reconstruction-not-sealed');
      });
    });
    test('sleepers other than those it committed to', async () => {
      await withManifest({ sleepers: { count: 0, commitment: '00'.repeat(32) } }, async () => {
        expect(await refusal(made.release, 'example-mailing')).toBe('sleepers-changed');
      });
    });
  });

  test('where the list was changed, and nothing is written', async () => {
    await changed(
      `releases/${made.release}/list.csv`,
      (text) => text.replace('Ada', 'Ida'),
      async () => {
        await expect(refusal(made.release, 'example-mailing')).rejects.toMatchObject({
          code: 'release-damaged',
        });
      },
    );
    expect(existsSync(join(made.root, 'supplies', made.release, 'whole-example-mailing'))).toBe(false);
  });
  test('where the release is not in the log', async () => {
    const proof = `releases/${made.release}/log-proof.json`;
    const moved = (text: string): string => canonical({ ...JSON.parse(text), index: '7' });
    await changed(proof, moved, async () => {
      await expect(refusal(made.release, 'example-mailing')).rejects.toMatchObject({ code: 'not-logged' });
    });
  });
});

test('a list kept as Parquet goes to its recipient as CSV, with the same rows', async () => {
  const other = await supplyFixture('parquet');
  try {
    const sealed = await seal(await other.load(), other.ledger, other.release, 'example-toys', 'whole');
    if (sealed.kind !== 'sealed') throw new RangeError(sealed.message);
    const out = join(other.folder, 'opened');
    const keyFile = join(other.keys, 'age.key');
    await receive(sealed.file, { ...asked, keyFile, logKey: other.logKey, signKey: null, out });
    const names = (await linesOf(join(out, 'list.csv'))).slice(1).map((row) => row.slice(0, 4));
    expect(names).toHaveLength(people.length + 1);
    expect(names).toEqual(expect.arrayContaining(people.map((row) => [...row])));
  } finally {
    await rm(other.folder, { recursive: true, force: true });
  }
});
