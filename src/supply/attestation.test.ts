import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonical } from '../bulk/outputs/manifest.ts';
import { signerOf, signNote } from '../log/keys.ts';
import { formatNote } from '../log/note.ts';
import { type Attestation, attest, parseAttestation, requireAttestedBy } from './attestation.ts';

const signer = signerOf('log', 'toys', generateKeyPairSync('ed25519').privateKey);
const other = signerOf('log', 'toys', generateKeyPairSync('ed25519').privateKey);
const content: Attestation = {
  ...{
    format: 'astold/attestation/1',
    supplier: 'club',
    duty: 'd-1',
    release: 'r-1',
    party: 'toys',
    kind: 'delete',
  },
  ...{ words: 'Deleted from the database and from its backups.', at: '2026-11-02T09:00:00.000Z' },
};
const noteOf = (text: string): string => formatNote({ text, signatures: [signNote(text, signer)] });

test('an attestation is read as it was written, and is of whoever signed it', () => {
  const { content: read, note } = parseAttestation(attest(content, signer));
  expect(read).toEqual(content);
  requireAttestedBy(note, signer.verifier);
  const byOther = expect.objectContaining({ code: 'attestation-by-other' });
  expect(() => requireAttestedBy(note, other.verifier)).toThrow(byOther);
});

test('words changed after it was signed show', () => {
  const { note } = parseAttestation(attest(content, signer).replace('backups', 'archive'));
  expect(() => requireAttestedBy(note, signer.verifier)).toThrow(
    expect.objectContaining({ code: 'attestation-by-other' }),
  );
});

describe('it is no attestation', () => {
  const malformed = expect.objectContaining({ code: 'attestation-malformed' });
  test.each([
    ['without words', { words: ' ' }],
    ['with more words than a page', { words: 'x'.repeat(2001) }],
    ['of a time with an offset', { at: '2026-11-02T09:00:00+01:00' }],
    ['of a kind that is done in another way', { kind: 'countersign' }],
    ['with more than is asked', { email: 'anna@people.example' }],
    ['of another format', { format: 'astold/countersignature/1' }],
  ])('%s', (_, change) => {
    const text = `${canonical({ ...content, ...change })}\n`;
    expect(() => parseAttestation(noteOf(text))).toThrow(malformed);
    expect(() => attest({ ...content, ...change } as Attestation, signer)).toThrow(malformed);
  });

  test.each([
    ['in another order of its keys', () => `${JSON.stringify(content)}\n`],
    ['with more lines', () => `${canonical(content)}\n${canonical(content)}\n`],
    ['that is no JSON', () => 'done\n'],
  ])('%s', (_, text) => expect(() => parseAttestation(noteOf(text()))).toThrow(malformed));

  test('unsigned', () => expect(() => parseAttestation(canonical(content))).toThrow(malformed));
});
