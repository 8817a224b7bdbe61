/**
 * Digests of large files, remembered as long as the file system says that nothing was written to them: by size, place,
 * and the times of the last change to what they hold and to what is said of them, which nobody can set back. A file that
 * changed shortly before it was read may have changed again within one tick of that clock: it is not remembered.
 */
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { FileDigest } from './file-digest.ts';
import { jsonOf } from './kept.ts';
import { makerMark } from './workplace.ts';

export type DigestMemory = {
  /** Null where the file is not known, or not as it was. */
  recall(path: string): FileDigest | null;
  /** To be asked before the first byte is read; what it gives notes the digest, if the file is still as it was. */
  watch(path: string): (digest: FileDigest) => void;
  /** Keeps what was noted for other runs. */
  save(): void;
};

const schema = z.record(
  z.string(),
  z.strictObject({
    state: z.string(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().nonnegative(),
  }),
);
/** Coarser than the clock of any file system. */
const tickMs = 3000;

/** `path` is that of the file it is kept in; one that cannot be read is as good as none. */
export function openDigestMemory(path: string): DigestMemory {
  const known = new Map(Object.entries(schema.safeParse(jsonOf(path)).data ?? {}));
  let noted = false;
  return {
    recall(file) {
      const found = known.get(file);
      return found && found.state === stateOf(file)?.text
        ? { digest: found.digest, bytes: found.bytes }
        : null;
    },
    watch(file) {
      const before = stateOf(file);
      const settled = before !== null && Date.now() - before.changed > tickMs;
      return ({ digest, bytes }) => {
        if (!settled || stateOf(file)?.text !== before.text) return;
        known.set(file, { state: before.text, digest, bytes });
        noted = true;
      };
    },
    save() {
      if (!noted) return;
      const aside = `${path}.${makerMark()}`;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(aside, JSON.stringify(Object.fromEntries(known)), { mode: 0o600 });
      renameSync(aside, path);
    },
  };
}

function stateOf(file: string): { readonly text: string; readonly changed: number } | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!found?.isFile()) return null;
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return {
    text: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`,
    changed: Math.max(Number(mtimeNs / 1_000_000n), Number(ctimeNs / 1_000_000n)),
  };
}
