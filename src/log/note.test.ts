import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cosignNote, parseVkey, type Signer, signerOf, signNote, verifiedBy, verifierOf } from './keys.ts';
import { LogError } from './log-error.ts';
import { formatNote, noteText, parseNote, signatureLine } from './note.ts';

// The example of golang.org/x/mod/sumdb/note, the implementation that the format comes from.
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const otherVkey = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const seed = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const text =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const line =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const otherLine =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const [peter, enoch] = [parseVkey(vkey), parseVkey(otherVkey)];

function peterSigner(): Signer {
  const raw = Buffer.from(seed, 'base64').subarray(1);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), raw]);
  return signerOf('log', 'PeterNeumann', createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}
const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof LogError ? error.code : String(error);
  }
};

describe('a signed note', () => {
  test('the published example verifies, and is written again byte for byte', () => {
    const note = parseNote(`${text}\n${line}`);
    expect(note.text).toBe(text);
    expect(verifiedBy(note, [peter])).toEqual([{ verifier: peter, seconds: null }]);
    expect(peterSigner().verifier.vkey).toBe(vkey);
    expect(formatNote({ text, signatures: [signNote(text, peterSigner())] })).toBe(`${text}\n${line}`);
  });

  test('lines of unknown keys are passed over, and each known key counts once', () => {
    const note = parseNote(`${text}\n${line}${line}${otherLine}`);
    expect(verifiedBy(note, [peter]).map((v) => v.verifier.name)).toEqual(['PeterNeumann']);
    expect(verifiedBy(note, [peter, enoch]).length).toBe(2);
    expect(verifiedBy(note, [])).toEqual([]);
  });

  test('a signature of a known key that does not fit is refused', () => {
    for (const broken of [
      `${line.slice(0, 60)}ABCD${line.slice(60)}`,
      line.replace('AQxV', 'AQxW'),
      // The right key, another's signature.
      signatureLine({ name: 'PeterNeumann', keyId: peter.keyId, bytes: Buffer.alloc(64, 7) }),
    ])
      expect(codeOf(() => verifiedBy(parseNote(`${text}\n${broken}`), [peter]))).toBe('signature-wrong');
    expect(codeOf(() => verifiedBy(parseNote(`X${text}\n${line}`), [peter]))).toBe('signature-wrong');
  });

  test('the malformed messages of the reference are refused', () => {
    const malformed = [
      text,
      `${text}\n`,
      `${text}\n${line.slice(0, -1)}`,
      `\u0001${text}\n${line}`,
      `${text}\n${line.replace('PeterNeumann', 'Bad Name')}`,
      `${text}\n${line}Unexpected line.\n`,
      `${text}\n${line.repeat(101)}`,
      `${text}\r\n${line}`,
      `${text}\n${line.replace('AM=', 'AM')}`,
      `${text}\n\u2014 PeterNeumann x08goA==\n`,
      '',
      '\n',
    ];
    for (const message of malformed)
      expect(
        codeOf(() => parseNote(message)),
        message,
      ).toBe('note-malformed');
    expect(codeOf(() => noteText(Buffer.from(`\u00ff${text}`, 'latin1')))).toBe('note-malformed');
  });

  test('no part of a verifier key is one, nor one with a letter changed', () => {
    for (let from = 0; from <= vkey.length; from++)
      for (let until = from + 1; until <= vkey.length; until++)
        if (from > 0 || until < vkey.length)
          expect(codeOf(() => parseVkey(vkey.slice(from, until)))).toBe('vkey-malformed');
    for (let i = 0; i < vkey.length; i++) {
      const next = String.fromCharCode(vkey.charCodeAt(i) + 1);
      expect(codeOf(() => parseVkey(`${vkey.slice(0, i)}${next}${vkey.slice(i + 1)}`))).toBe(
        'vkey-malformed',
      );
    }
  });

  test('what is signed is verified, and one changed character is found', () => {
    const signer = signerOf('log', 'example.org/log', generateKeyPairSync('ed25519').privateKey);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z \n]{0,40}$/), fc.nat(), (words, at) => {
        const body = `${words}\n`;
        const note = parseNote(formatNote({ text: body, signatures: [signNote(body, signer)] }));
        expect(note.text).toBe(body);
        expect(verifiedBy(note, [signer.verifier]).length).toBe(1);
        const i = at % body.length;
        const changed = { ...note, text: `${body.slice(0, i)}!${body.slice(i + 1)}` };
        expect(codeOf(() => verifiedBy(changed, [signer.verifier]))).toBe('signature-wrong');
      }),
      { numRuns: 50 },
    );
  });
});

describe('a cosignature', () => {
  const witness = signerOf('witness', 'witness.example/w', generateKeyPairSync('ed25519').privateKey);

  test('carries the time it was made, which is signed with it', () => {
    const signature = cosignNote(text, witness, 1_679_315_147n);
    expect(verifiedBy({ text, signatures: [signature] }, [witness.verifier])).toEqual([
      { verifier: witness.verifier, seconds: 1_679_315_147n },
    ]);
    const later = Buffer.from(signature.bytes);
    later.writeBigUInt64BE(1_679_315_148n);
    expect(
      codeOf(() => verifiedBy({ text, signatures: [{ ...signature, bytes: later }] }, [witness.verifier])),
    ).toBe('signature-wrong');
  });

  test("a log's key and a witness's of the same bytes are two keys", () => {
    const raw = Buffer.from(witness.verifier.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    const asLog = verifierOf('log', witness.verifier.name, raw);
    expect(asLog.keyId).not.toBe(witness.verifier.keyId);
    expect(verifiedBy({ text, signatures: [cosignNote(text, witness, 1n)] }, [asLog])).toEqual([]);
  });
});
