import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recipientKeys } from '../app/supply/recipient-keys.ts';
import { parseVkey } from '../log/keys.ts';
import { parseAttestation, requireAttestedBy } from '../supply/attestation.ts';
import { record } from './recording.fixture.ts';

const toAttest = {
  ...{ format: 'astold/attestation/1', supplier: 'club', duty: 'd-1', release: 'r-1' },
  ...{ party: 'toys', kind: 'delete' },
};
let folder: string;
let vkey: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'astold-attest-'));
  vkey = (await recipientKeys('toys', join(folder, 'keys'))).signingKey;
  await writeFile(join(folder, 'duty.json'), JSON.stringify({ duty: 'd-1', state: 'open', toAttest }));
  await writeFile(join(folder, 'alone.json'), JSON.stringify(toAttest));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const attest = (duty: string, out: string, ...more: readonly string[]) =>
  record(
    ['attest', duty, '--sign', 'keys/sign.key', '--words', 'Deleted, backups too.', '--out', out, ...more],
    folder,
  );

test.each(['duty.json', 'alone.json'])('a duty in %s is attested by one command, signed', async (duty) => {
  const ran = await attest(duty, `${duty}.note`);
  expect([ran.status, ran.err]).toEqual([0, '']);
  const { content, note } = parseAttestation(await readFile(join(folder, `${duty}.note`), 'utf8'));
  expect(content).toMatchObject({ ...toAttest, words: 'Deleted, backups too.' });
  requireAttestedBy(note, parseVkey(vkey));
});

test('what is no duty, or is claimed already, is attested by nobody', async () => {
  for (const text of ['{}', 'no JSON', JSON.stringify({ toAttest: null })]) {
    await writeFile(join(folder, 'other.json'), text);
    const ran = await attest('other.json', 'none.note', '--json');
    expect([ran.status, JSON.parse(ran.out).error]).toEqual([1, 'attestation-malformed']);
  }
  expect(existsSync(join(folder, 'none.note'))).toBe(false);
});

test('a note that is there is not written over', async () => {
  await writeFile(join(folder, 'there.note'), 'kept');
  expect((await attest('duty.json', 'there.note', '--json')).out).toContain('out-exists');
  expect(await readFile(join(folder, 'there.note'), 'utf8')).toBe('kept');
});
