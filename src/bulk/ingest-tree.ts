/**
 * The tree of RFC 6962 over the commitments of a snapshot, in the order of its rows (E2): its root is in the log from
 * ingest on. The leaf hashes are kept as long as any evidence names their root: after an erasure the commitment of whoever
 * was erased cannot be made again, and the others' paths need it. A leaf hash tells nothing without its salt.
 */
import { hash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { emptyRoot, hashBytes } from '../log/merkle.ts';
import type { Engine } from './engine.ts';
import { jsonOf } from './ingest/kept.ts';
import { publishFile } from './ingest/publish.ts';
import { closeWorkplace, openWorkplace } from './ingest/workplace.ts';
import { commitmentsName, fingerprint, VaultError, writePrivate } from './vault.ts';

/** `root` 64 hex digits; of `rows` leaves. */
export type IngestTree = { readonly root: string; readonly rows: number };

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const keptSchema = z.strictObject({ of: sha256, root: sha256, rows: z.int().min(0) });

const rootFile = (commitments: string): string => commitments.replace(/parquet$/, 'root');
const treeName = /^tree-([0-9a-f]{64})\.leaves$/;
const treeFile = (vault: string, root: string): string => join(vault, `tree-${root}.leaves`);

/**
 * The tree over a file of commitments, which lies in the vault of its source; worked out once and kept beside them.
 * `evidence` is the workspace's folder of evidence. Throws VaultError `secrets-broken`.
 */
export async function ingestTree(engine: Engine, commitments: string, evidence: string): Promise<IngestTree> {
  const vault = dirname(commitments);
  const of = fingerprint(commitments);
  const kept = keptSchema.safeParse(jsonOf(rootFile(commitments))).data;
  if (kept?.of === of && existsSync(treeFile(vault, kept.root))) return { root: kept.root, rows: kept.rows };
  const aside = openWorkplace(vault);
  const [lines, leaves] = [join(aside, 'lines'), join(aside, 'leaves')];
  try {
    const select = `SELECT commitment FROM ${engine.dialect.parquet(commitments)} ORDER BY "row"`;
    const rows = await engine.copy(select, lines, 'lines');
    const root = writeLeaves(lines, leaves, rows).toString('hex');
    publishFile(leaves, treeFile(vault, root));
    const text = JSON.stringify({ of, root, rows });
    await writePrivate(vault, rootFile(commitments), async (path) => writeFileSync(path, text));
    forgetTrees(vault, evidence);
    return { root, rows };
  } finally {
    closeWorkplace(aside);
  }
}

const lineBytes = 65;
/** A whole subtree, but for the last: its root stands for it. */
const linesAtOnce = 16_384;

/** Writes the leaf hashes of lines of 64 hex digits, one after the other, and gives the root over them. */
function writeLeaves(lines: string, leaves: string, rows: number): Buffer {
  const text = Buffer.alloc(lineBytes * linesAtOnce);
  const [from, to] = [openSync(lines, 'r'), openSync(leaves, 'w', 0o600)];
  const roots: Buffer[] = [];
  let done = 0;
  try {
    for (;;) {
      const read = readSync(from, text);
      if (read === 0) break;
      const hashes = leafHashes(text.subarray(0, read));
      if (hashes === null || done % linesAtOnce !== 0) throw broken(lines);
      for (let at = 0; at < hashes.length; ) at += writeSync(to, hashes, at);
      roots.push(levelsOf(hashes, () => {}));
      done += read / lineBytes;
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
  if (done !== rows) throw broken(lines);
  return levelsOf(Buffer.concat(roots), () => {});
}

/** Null where a line is not a commitment. A hash as text of its bytes costs a fifth of one in a buffer of its own. */
function leafHashes(lines: Buffer): Buffer | null {
  if (lines.length % lineBytes !== 0) return null;
  const hashes = Buffer.alloc((lines.length / lineBytes) * hashBytes);
  const input = Buffer.alloc(1 + hashBytes);
  for (let at = 0, to = 0; at < lines.length; at += lineBytes, to += hashBytes) {
    const line = lines.toString('latin1', at, at + lineBytes - 1);
    if (input.write(line, 1, 'hex') !== hashBytes || lines[at + lineBytes - 1] !== 0x0a) return null;
    hashes.write(hash('sha256', input, 'binary'), to, 'binary');
  }
  return hashes;
}

const broken = (path: string): VaultError =>
  new VaultError(
    'secrets-broken',
    `${path}: a commitment is not 64 hex digits; put the vault back from its copy`,
  );

/** The root; `see` is given each level, from the leaves up: hashes of 32 bytes, one after the other. */
function levelsOf(leaves: Buffer, see: (level: Buffer) => void): Buffer {
  if (leaves.length === 0) return emptyRoot;
  const input = Buffer.alloc(1 + 2 * hashBytes, 1);
  let level = leaves;
  for (;;) {
    see(level);
    const count = level.length / hashBytes;
    if (count === 1) return level;
    const above = Buffer.alloc(Math.ceil(count / 2) * hashBytes);
    for (let i = 0; i + 1 < count; i += 2) {
      level.copy(input, 1, i * hashBytes, (i + 2) * hashBytes);
      above.write(hash('sha256', input, 'binary'), (i / 2) * hashBytes, 'binary');
    }
    // A last one without a partner stands for itself one level up: the shape of RFC 6962.
    if (count % 2 === 1) level.copy(above, above.length - hashBytes, level.length - hashBytes);
    level = above;
  }
}

/**
 * The audit paths of some rows, counted from 0, by row: hashes from the leaf up. Null where the leaves of that root are
 * not kept. Throws VaultError `secrets-broken`, RangeError for a row that is not there.
 */
export function ingestPaths(
  vault: string,
  root: string,
  rows: readonly number[],
): ReadonlyMap<number, readonly string[]> | null {
  const path = treeFile(vault, root);
  if (!existsSync(path)) return null;
  const levels: Buffer[] = [];
  const leaves = readFileSync(path);
  const found = leaves.length % hashBytes === 0 ? levelsOf(leaves, (level) => void levels.push(level)) : null;
  if (found?.toString('hex') !== root)
    throw new VaultError('secrets-broken', `${path} does not give its root; put it back from its copy`);
  return new Map(rows.map((row) => [row, pathOf(levels, row)]));
}

function pathOf(levels: readonly Buffer[], row: number): readonly string[] {
  const path: string[] = [];
  let at = row;
  if (at < 0 || at * hashBytes >= (levels[0]?.length ?? 0))
    throw new RangeError(`row ${row} is not in the tree`);
  for (const level of levels) {
    const sibling = at ^ 1;
    const hex = level.toString('hex', sibling * hashBytes, (sibling + 1) * hashBytes);
    // The last one of a level may have none, and then is its own parent.
    if (hex !== '') path.push(hex);
    at >>= 1;
  }
  return path;
}

/** Leaves go when neither commitments here nor any evidence name their root. */
function forgetTrees(vault: string, evidence: string): void {
  const names = readdirSync(vault);
  const kept = names.flatMap((name) => {
    const of = commitmentsName.test(name) && name.endsWith('.root');
    return of ? [keptSchema.safeParse(jsonOf(join(vault, name))).data?.root] : [];
  });
  const stated = rootsStated(evidence);
  // What cannot be read may name any of them.
  if (stated === null || kept.includes(undefined)) return;
  for (const name of names) {
    const root = treeName.exec(name)?.[1];
    if (root !== undefined && !kept.includes(root) && !stated.has(root)) rmSync(join(vault, name));
  }
}

const statingSchema = z.object({ source: z.object({ commitments: z.string() }) });

function rootsStated(evidence: string): ReadonlySet<string> | null {
  if (!existsSync(evidence)) return new Set();
  const roots = new Set<string>();
  for (const name of readdirSync(evidence)) {
    const stating = statingSchema.safeParse(jsonOf(join(evidence, name, 'manifest.json'))).data;
    if (stating === undefined) return null;
    roots.add(stating.source.commitments);
  }
  return roots;
}
