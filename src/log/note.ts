/** Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures. Parsing trusts nothing. */
import { LogError } from './log-error.ts';

export type NoteSignature = {
  readonly name: string;
  /** The first four bytes of a signature, in hex: with the name, which key made it. */
  readonly keyId: string;
  /** What follows the key id. */
  readonly bytes: Buffer;
};
/** `text` ends in a newline. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** A note longer than this, or with more lines of signatures, is refused unread. */
const largestNote = 1 << 20;
const mostSignatures = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0009\u000b-\u001f]/;
const keyName = /^[^\s+\u0085]+$/u;

/** Whether a name may stand in a signature line: no white space, no plus. */
export function isKeyName(name: string): boolean {
  return keyName.test(name) && name.isWellFormed() && !control.test(name);
}

/** The bytes of standard base64 with its padding; null where it is written in any other way. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** UTF-8 bytes as text. Throws LogError `note-malformed`. */
export function noteText(bytes: Uint8Array): string {
  if (bytes.length > largestNote) throw malformed(`it is longer than ${largestNote} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new LogError('note-malformed', 'the signed note is not UTF-8', { cause });
  }
}

/** Throws LogError `note-malformed`. No signature is checked. */
export function parseNote(note: string): Note {
  if (note.length > largestNote) throw malformed(`it is longer than ${largestNote} characters`);
  if (!note.isWellFormed() || control.test(note))
    throw malformed('it holds characters that no note may hold');
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0) throw malformed('no blank line parts its text from its signatures');
  const lines = note.slice(cut + 2).split('\n');
  if (lines.pop() !== '') throw malformed('its last line does not end');
  if (lines.length === 0) throw malformed('it has no signature');
  if (lines.length > mostSignatures) throw malformed(`it has more than ${mostSignatures} signatures`);
  return { text: note.slice(0, cut + 1), signatures: lines.map(parseSignature) };
}

/** One signature line, without its newline. Throws LogError `note-malformed`. */
export function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(' ');
  const bytes = fromBase64(encoded ?? '');
  if (dash !== '\u2014' || name === undefined || !isKeyName(name) || more.length > 0 || bytes === null)
    throw malformed('a line of its signatures is not "\u2014 NAME BASE64"');
  if (bytes.length < 5) throw malformed('a signature is too short');
  return { name, keyId: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

/** With its newline. */
export function signatureLine({ name, keyId, bytes }: NoteSignature): string {
  return `\u2014 ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), bytes]).toString('base64')}\n`;
}

/** The note as it is written. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(signatureLine).join('')}`;
}

const malformed = (what: string): LogError =>
  new LogError('note-malformed', `this is no signed note: ${what}`);
