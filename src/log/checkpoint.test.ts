import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  judgeCosignatures,
  openCheckpoint,
  parseCheckpoint,
  parseSize,
  signCheckpoint,
} from './checkpoint.ts';
import { contentText, entryOf, type LogContent, newSalts } from './entry.ts';
import { cosignNote, type Signer, signerOf, verifierOf } from './keys.ts';
import { LogError } from './log-error.ts';
import { inclusionProof, leafHash, rootOf } from './merkle.ts';
import { parseNote, signatureLine } from './note.ts';
import { checkLogProof, type LogProof } from './proof.ts';

const make = (kind: 'log' | 'witness', name: string): Signer =>
  signerOf(kind, name, generateKeyPairSync('ed25519').privateKey);
const log = make('log', 'astold.example/club');
const [one, two] = [make('witness', 'witness.example/one'), make('witness', 'witness.example/two')];
const head = { size: 5n, root: Buffer.alloc(32, 5) };
const signed = signCheckpoint(head, log);
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof LogError ? error.code : String(error);
  }
};

describe('a checkpoint', () => {
  test('says what it was signed for', () => {
    expect(openCheckpoint(signed, log.verifier)).toMatchObject({ origin: 'astold.example/club', ...head });
  });

  test('by another key, of another log, or unsigned, is refused', () => {
    expect(codeOf(() => openCheckpoint(signed, make('log', 'astold.example/club').verifier))).toBe(
      'note-unsigned',
    );
    expect(codeOf(() => openCheckpoint(signed, make('log', 'astold.example/other').verifier))).toBe(
      'checkpoint-other-log',
    );
    expect(codeOf(() => openCheckpoint(signed.replace('\n5\n', '\n6\n'), log.verifier))).toBe(
      'signature-wrong',
    );
    expect(codeOf(() => openCheckpoint(signed, one.verifier))).toBe('vkey-malformed');
  });

  test('that is not in its one form is refused', () => {
    const broken = [
      signed.replace('\n5\n', '\n05\n'),
      signed.replace('\n5\n', '\n-5\n'),
      signed.replace('\n5\n', '\n9223372036854775808\n'),
      signed.replace('\n5\n', '\n'),
      signed.replace('BQU', 'BQ'),
      signed.replace('astold.example/club\n5', '\n5'),
    ];
    for (const note of broken)
      expect(
        codeOf(() => parseCheckpoint(note)),
        note,
      ).toBe('checkpoint-malformed');
    expect(parseSize('9223372036854775807')).toBe((1n << 63n) - 1n);
  });
});

describe('witnesses', () => {
  const now = 1_800_000_000n;
  const line = (witness: Signer, at: bigint): string =>
    signatureLine(cosignNote(parseNote(signed).text, witness, at));
  const policy = { witnesses: [one.verifier, two.verifier], needed: 2 };

  test('as many as the policy asks make a time that is not by our own clock', () => {
    const both = parseNote(signed + line(one, now) + line(two, now + 1n));
    expect(judgeCosignatures(both, policy, now)).toEqual({
      kind: 'witnessed',
      by: [
        { name: 'witness.example/one', seconds: now },
        { name: 'witness.example/two', seconds: now + 1n },
      ],
      needed: 2,
    });
    expect(judgeCosignatures(parseNote(signed + line(one, now)), policy, now).kind).toBe('too-few');
    expect(judgeCosignatures(parseNote(signed), policy, now).kind).toBe('too-few');
    expect(judgeCosignatures(parseNote(signed), { witnesses: [], needed: 0 }, now).kind).toBe('own-clock');
  });

  test('one witness counts once, under however many names', () => {
    const raw = Buffer.from(one.verifier.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const alias = {
      verifier: verifierOf('witness', 'witness.example/alias', raw),
      privateKey: one.privateKey,
    };
    const note = parseNote(signed + line(one, now) + line(one, now + 5n) + line(alias, now));
    const found = judgeCosignatures(note, { witnesses: [one.verifier, alias.verifier], needed: 2 }, now);
    expect([found.kind, found.by.length]).toEqual(['too-few', 1]);
  });

  test('a cosignature from the future, or for another checkpoint, is refused', () => {
    const future = parseNote(signed + line(one, now + 3600n));
    expect(codeOf(() => judgeCosignatures(future, policy, now))).toBe('cosignature-future');
    const other = signatureLine(cosignNote('another text\n', one, now));
    expect(codeOf(() => judgeCosignatures(parseNote(signed + other), policy, now))).toBe('signature-wrong');
  });

  test('a policy that is no number is not met', () => {
    const note = parseNote(signed + line(one, now));
    expect(judgeCosignatures(note, { ...policy, needed: Number.NaN }, now).kind).toBe('too-few');
  });
});

describe('the proof of a log entry', () => {
  const content: LogContent = { kind: 'release', at: '2026-02-01T09:00:00Z', release: 'r' };
  const [salt = Buffer.alloc(16)] = newSalts(1);
  const entry = entryOf(contentText(content), salt);
  const leaves = [Buffer.from('a'), Buffer.from('b'), entry, Buffer.from('c')].map(leafHash);
  const proof: LogProof = {
    entry: entry.toString('hex'),
    index: '2',
    size: '4',
    proof: inclusionProof(leaves, 2n).map((hash) => hash.toString('hex')),
    checkpoint: signCheckpoint({ size: 4n, root: rootOf(leaves) }, log),
  };
  const opening = { salt: salt.toString('hex'), content };
  const check = (changed: Partial<LogProof>): string | null =>
    codeOf(() => checkLogProof({ ...proof, ...changed }, opening, log.verifier));

  test("holds with the log's key alone", () => {
    expect(checkLogProof(proof, opening, log.verifier).size).toBe(4n);
  });

  test('for another place, another size, another entry or another log does not', () => {
    expect(check({ index: '1' })).toBe('entry-unknown');
    expect(check({ size: '5' })).toBe('log-forked');
    expect(check({ entry: '00'.repeat(32) })).toBe('opening-wrong');
    expect(check({ proof: [] })).toBe('entry-unknown');
    expect(check({ proof: ['zz'] })).toBe('entry-malformed');
    expect(
      check({
        checkpoint: signCheckpoint({ size: 4n, root: rootOf(leaves) }, make('log', log.verifier.name)),
      }),
    ).toBe('note-unsigned');
    expect(check({ checkpoint: signCheckpoint({ size: 4n, root: rootOf(leaves.slice(1)) }, log) })).toBe(
      'entry-unknown',
    );
    expect(
      codeOf(() => checkLogProof(proof, { ...opening, content: { ...content, release: 's' } }, log.verifier)),
    ).toBe('opening-wrong');
  });
});
