/** A text file as UTF-8: as it is, or transcoded to a file aside. What cannot be read for sure is refused. */
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';
import type { FileSpec } from '../../policy/model.ts';
import { IngestError } from './ingest-error.ts';
import { awaited, lookAside } from './look-aside.ts';
import { type Place, type Scan, scanFile } from './scan.ts';

/** A UTF-8 file, and what was seen in it. */
export type Decoded = {
  readonly path: string;
  readonly scan: Scan;
};
type Encoding = NonNullable<FileSpec['encoding']>;

/** `seen` null: it is still to be scanned. `tempDir` must exist; what is written there is the caller's to remove. */
export async function decodeFile(
  spec: Pick<FileSpec, 'path' | 'encoding'>,
  seen: Scan | null,
  tempDir: string,
  name: string,
): Promise<Decoded> {
  const scan = seen ?? (await scanAside(spec.path));
  const encoding = encodingOf(spec, scan);
  if (encoding === 'utf-8') {
    if (scan.nul) throw nulError(spec.path, scan.nul);
    if (scan.notUtf8) throw utf8Error(spec, scan.notUtf8);
    return { path: spec.path, scan };
  }
  const path = join(tempDir, `${name}.utf8`);
  transcode(spec.path, path, encoding, scan.mark === null ? 0 : 2);
  const after = await scanAside(path);
  if (after.nul) throw nulError(spec.path, after.nul);
  return { path, scan: after };
}

function encodingOf(spec: Pick<FileSpec, 'path' | 'encoding'>, { mark }: Scan): Encoding {
  if (mark === 'utf-32le' || mark === 'utf-32be') {
    throw new IngestError(
      'E_ENCODING',
      spec.path,
      `begins with the mark of ${mark.toUpperCase()}, which is not read; save it as UTF-8`,
      null,
    );
  }
  if (mark !== null && spec.encoding !== null && mark !== spec.encoding) {
    throw new IngestError(
      'E_ENCODING',
      spec.path,
      `is declared ${spec.encoding} and begins with the mark of ${mark}; declare what it is`,
      null,
    );
  }
  return mark ?? spec.encoding ?? 'utf-8';
}

function nulError(path: string, place: Place): IngestError {
  return new IngestError(
    'E_ENCODING',
    path,
    'a NUL, which text does not hold; if the file is UTF-16, declare its encoding (utf-16le, utf-16be)',
    place,
  );
}

function utf8Error({ path, encoding }: Pick<FileSpec, 'path' | 'encoding'>, place: Place): IngestError {
  const declare =
    encoding === null
      ? 'declare its encoding: windows-1252 or latin-1, if that is what it is'
      : 'it is declared UTF-8 and is not';
  return new IngestError(
    'E_ENCODING',
    path,
    `the byte 0x${place.byte.toString(16)} is not UTF-8; ${declare}`,
    place,
  );
}

/** Below this a thread costs more than it saves. */
const small = 8 << 20;

async function scanAside(path: string): Promise<Scan> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < small) return scanFile(path);
  // What went wrong there goes wrong here too, and is told as it should be.
  const looked = await awaited(lookAside({ path, text: true })).catch(() => null);
  return looked?.scan ?? scanFile(path);
}

/** 0x80 to 0x9f of Windows-1252; what it does not define stays a control character and is refused. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function transcode(from: string, to: string, encoding: Exclude<Encoding, 'utf-8'>, start: number): void {
  const decode = encoding === 'utf-16le' || encoding === 'utf-16be' ? utf16(encoding) : singleByte(encoding);
  const input = openSync(from, 'r');
  const output = openSync(to, 'w', 0o600);
  const chunk = Buffer.allocUnsafeSlow(1 << 20);
  let position = start;
  let line = 1;
  try {
    for (;;) {
      const read = readSync(input, chunk, 0, chunk.length, position);
      const text = decode(chunk.subarray(0, read), read === 0);
      const bad = text.match(/[\x80-\x9f]|\ufffd$/);
      if (bad?.index !== undefined) {
        const before = text.slice(0, bad.index).split('\n');
        throw badCharacter(from, encoding, text.charCodeAt(bad.index), {
          line: line + before.length - 1,
          column: null,
        });
      }
      writeSync(output, text);
      if (read === 0) return;
      position += read;
      line += text.split('\n').length - 1;
    }
  } finally {
    closeSync(input);
    closeSync(output);
  }
}

/** Marks what is not UTF-16 by a replacement character at the end of what could be read. */
function utf16(encoding: 'utf-16le' | 'utf-16be'): (bytes: Buffer, end: boolean) => string {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes, end) => {
    try {
      return decoder.decode(bytes, { stream: !end });
    } catch {
      return '\ufffd';
    }
  };
}

function singleByte(encoding: 'windows-1252' | 'latin-1'): (bytes: Buffer) => string {
  if (encoding === 'latin-1') return (bytes) => bytes.toString('latin1');
  return (bytes) =>
    bytes
      .toString('latin1')
      .replace(/[\x80-\x9f]/g, (letter) => windows1252.charAt(letter.charCodeAt(0) - 0x80));
}

function badCharacter(
  path: string,
  encoding: Encoding,
  code: number,
  place: { line: number; column: null },
): IngestError {
  if (code === 0xfffd)
    return new IngestError(
      'E_ENCODING',
      path,
      `at or after this line it is not ${encoding}: bytes are cut or do not pair`,
      place,
    );
  const hint =
    encoding === 'latin-1' ? '; if it is a quotation mark or a dash, the file is windows-1252' : '';
  return new IngestError(
    'E_ENCODING',
    path,
    `the byte 0x${code.toString(16)} is no character of ${encoding}${hint}`,
    place,
  );
}
