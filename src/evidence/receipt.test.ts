import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signCheckpoint } from '../log/checkpoint.ts';
import { contentText, entryOf, type LogContent, newSalts } from '../log/entry.ts';
import { type Signer, signerOf } from '../log/keys.ts';
import { inclusionProof, leafHash, rootOf } from '../log/merkle.ts';
import { isStop, preferenceTypes } from '../policy/preference-event.ts';
import { printToken } from '../roster/token.ts';
import { type Preference, personOf, preferenceSchema } from './preference.ts';
import { checkReceipt, makeReceipt, type Receipt, tokenApart, withoutToken, withProof } from './receipt.ts';

const club = signerOf('log', 'astold.example/club', generateKeyPairSync('ed25519').privateKey);
const otherKey = signerOf('log', 'astold.example/club', generateKeyPairSync('ed25519').privateKey);
const master = 'ab'.repeat(16);
const now = Date.parse('2026-11-21T12:00:00Z');
const said: Preference = {
  kind: 'preference',
  at: '2026-11-21T10:00:00.000Z',
  mark: null,
  event: 'pe-0123456789abcdef',
  organisation: 'club',
  source: 'members',
  person: personOf(master),
  type: 'objection',
  scope: { purpose: 'dpv:DirectMarketing', organisation: 'all', contactChannel: 'post', field: 'all' },
  notice: null,
  consent: null,
  lifts: null,
  delivery: null,
  signed: '2026-11-20',
  received: '2026-11-21',
  receivedBy: 'letter',
};

function receiptOf(change: Partial<Preference> = {}, token: string | null = master, signer: Signer = club) {
  const content = { ...said, ...change };
  const [salt = Buffer.alloc(16)] = newSalts(1);
  const opening = { salt: salt.toString('hex'), content: content satisfies LogContent };
  const entry = entryOf(contentText(content), salt);
  return { entry, receipt: makeReceipt({ entry, opening, content, master: token }, signer) };
}

function proven({ entry, receipt }: ReturnType<typeof receiptOf>, signer: Signer = club): Receipt {
  const hashes = [Buffer.from('one'), entry, Buffer.from('two')].map(leafHash);
  return withProof(receipt, {
    entry: entry.toString('hex'),
    index: '1',
    size: '3',
    proof: inclusionProof(hashes, 1n).map((hash) => hash.toString('hex')),
    checkpoint: signCheckpoint({ size: 3n, root: rootOf(hashes) }, signer),
  });
}

const refused = (receipt: unknown, code: string): void =>
  expect(() => checkReceipt(receipt, club.verifier, now), code).toThrow(expect.objectContaining({ code }));

describe('a receipt', () => {
  test('is a promise at once, and proves itself once the log is published', () => {
    const made = receiptOf();
    const promise = checkReceipt(made.receipt, club.verifier, now);
    expect([promise.index, promise.master, promise.unchecked.length]).toEqual([null, master, 1]);
    const whole = checkReceipt(proven(made), club.verifier, now);
    expect([whole.index, whole.unchecked]).toEqual([1n, []]);
    expect(whole.said).toMatchObject({ type: 'objection', scope: said.scope, received: '2026-11-21' });
  });

  test('of the same event is the same, byte for byte', () => {
    const { entry, receipt } = receiptOf();
    const opening = { salt: receipt.salt, content: said satisfies LogContent };
    expect(makeReceipt({ entry, opening, content: said, master }, club)).toEqual(receipt);
  });

  test('of nobody known has no token, and says so', () => {
    const { receipt } = receiptOf({ person: null }, null);
    expect(checkReceipt(receipt, club.verifier, now).unchecked[0]).toContain('no token');
  });

  test('that went out without its token holds as well, and says so', () => {
    const whole = proven(receiptOf());
    const { said, master, unchecked } = checkReceipt(withoutToken(whole), club.verifier, now);
    expect([said.person, master, unchecked]).toEqual([whole.content.person, null, [tokenApart]]);
    expect(JSON.stringify(withoutToken(whole))).not.toContain(whole.token);
  });

  test('tells nothing of the token in what the log commits to', () => {
    const { receipt } = receiptOf();
    expect(JSON.stringify(receipt.content)).not.toContain(master);
    expect(personOf(master)).not.toBe(personOf('ac'.repeat(16)));
  });
});

describe('a receipt that does not hold is refused, and the code says why', () => {
  const whole = proven(receiptOf());
  const other = receiptOf({ person: personOf('cd'.repeat(16)) }, 'cd'.repeat(16)).receipt;
  test.each<readonly [string, unknown]>([
    ['receipt-malformed', null],
    ['receipt-malformed', {}],
    ['receipt-malformed', { ...whole, format: 'astold/receipt/2' }],
    ['receipt-malformed', { ...whole, more: 1 }],
    ['receipt-malformed', { ...whole, content: { ...whole.content, scope: {} } }],
    ['receipt-malformed', { ...whole, content: { ...whole.content, type: 'stop' } }],
    ['opening-wrong', { ...whole, content: { ...said, scope: { ...said.scope, purpose: 'all' } } }],
    ['opening-wrong', { ...whole, content: { ...said, received: '2026-01-01' } }],
    ['opening-wrong', { ...whole, salt: '0'.repeat(32) }],
    ['opening-wrong', { ...whole, entry: '0'.repeat(64) }],
    ['receipt-promise-wrong', { ...whole, promise: other.promise }],
    ['receipt-promise-wrong', receiptOf({}, master, otherKey).receipt],
    ['note-malformed', { ...whole, promise: 'x' }],
    ['receipt-other-person', { ...whole, token: other.token }],
    ['receipt-other-person', receiptOf({ person: null }).receipt],
    ['token-malformed', { ...whole, token: printToken(master).replace('a', 'b') }],
    ['receipt-from-future', receiptOf({ at: '2026-11-21T12:06:00Z' }).receipt],
    ['note-unsigned', proven(receiptOf(), otherKey)],
    ['entry-unknown', { ...whole, logged: { ...whole.logged, index: '0' } }],
    ['entry-unknown', { ...whole, logged: { ...whole.logged, proof: [] } }],
    ['log-forked', { ...whole, logged: { ...whole.logged, size: '4' } }],
    ['entry-malformed', { ...whole, logged: { ...whole.logged, index: '-1' } }],
  ])('%s', (code, receipt) => refused(receipt, code));

  test('whatever letter of it was changed', () => {
    const text = JSON.stringify(whole);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'a', 'Z', '"', ' ', '-'), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        let value: unknown;
        try {
          value = JSON.parse(changed);
        } catch {
          return;
        }
        if (JSON.stringify(value) === text) return;
        // A token may be written in capitals; it is the same.
        const upper = JSON.stringify(value).toLowerCase() === text.toLowerCase();
        if (!upper) expect(() => checkReceipt(value, club.verifier, now)).toThrow();
      }),
      { numRuns: 600 },
    );
  });

  test('a clock that runs a little ahead is borne with', () => {
    const { receipt } = receiptOf({ at: '2026-11-21T12:04:00Z' });
    expect(checkReceipt(receipt, club.verifier, now).index).toBeNull();
  });

  test('and a reconstruction is of no present', () => {
    const { receipt } = receiptOf({ at: '2199-01-01T00:00:00Z', mark: 'reconstruction' });
    expect(checkReceipt(receipt, club.verifier, now).said.mark).toBe('reconstruction');
  });

  test('a proof of another entry is not put on a receipt', () => {
    const { receipt } = receiptOf();
    const logged = { index: '0', size: '1', proof: [], checkpoint: '' };
    expect(() => withProof(receipt, { entry: '0'.repeat(64), ...logged })).toThrow(RangeError);
  });
});

test('a preference names nobody, and its stops are those of the gate', () => {
  expect(preferenceSchema.safeParse({ ...said, record: 'M001' }).success).toBe(false);
  expect(preferenceTypes.filter(isStop)).toEqual(['objection', 'withdrawal', 'restriction', 'erasure']);
});
