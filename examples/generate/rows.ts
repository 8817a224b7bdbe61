/** Text files written in large pieces, aside, and put in place when whole. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

export type Rows = { add(line: string): void; close(): void };

/** Opens `path` for lines; nothing stands there until `close`. Lines bring their own line ending. */
export function openRows(path: string): Rows {
  const aside = `${path}.part`;
  const file = openSync(aside, 'w');
  const buffer = Buffer.allocUnsafe(4 << 20);
  let pending = '';
  let used = 0;
  const put = (): void => {
    used += buffer.write(pending, used, 'utf8');
    pending = '';
    if (used < 3 << 20) return;
    writeAll(file, buffer, used);
    used = 0;
  };
  return {
    add(line) {
      pending += line;
      if (pending.length > 65_536) put();
    },
    close() {
      put();
      writeAll(file, buffer, used);
      fsyncSync(file);
      closeSync(file);
      renameSync(aside, path);
    },
  };
}

function writeAll(file: number, buffer: Buffer, length: number): void {
  let done = 0;
  while (done < length) done += writeSync(file, buffer, done, length - done);
}

/** A CSV cell: quoted where it must be (RFC 4180). */
export function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
