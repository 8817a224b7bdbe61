/** A release of the scaffold with its evidence, and a cheat who makes everything fit that can be made to fit. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { canonical, fileDigest, saltedDigest } from '../../bulk/outputs/manifest.ts';
import { writeRoster } from '../../bulk/outputs/roster.ts';
import { createLogKey, logOrigin } from '../../documents/log-key.ts';
import { loadWorkspace, type Workspace } from '../../documents/workspace.ts';
import { evidenceFiles, evidenceFormat } from '../../evidence/files.ts';
import { signCheckpoint } from '../../log/checkpoint.ts';
import { entryOfOpening } from '../../log/entry.ts';
import type { Signer } from '../../log/keys.ts';
import { inclusionProof, leafHash, rootOf } from '../../log/merkle.ts';
import { sqliteLedger } from '../../store/sqlite/place.ts';
import { init } from '../workspace/init.ts';
import { release } from './release.ts';

/** A live workspace at `root`, its request approved, released. Gives the release's id. */
export async function releasedWorkspace(root: string): Promise<{ id: string; workspace: Workspace }> {
  await init(root);
  const fresh = await loadWorkspace(root);
  await createLogKey(root, logOrigin(fresh.config.organisation));
  const digest = fresh.requests.find((r) => r.id === 'toy-offer')?.digest;
  await mkdir(join(root, 'approvals'), { recursive: true });
  await writeFile(
    join(root, 'approvals', 'a.yaml'),
    `approval: a\nrequest: toy-offer\nrequest-digest: "${digest}"\nby: b.dpo\non: 2020-01-01\nlawful-because: "they asked for it"\n`,
  );
  const workspace = await loadWorkspace(root);
  const options = {
    asOf: null,
    onProgress: () => {},
    threads: null,
    memoryLimit: null,
    ledger: sqliteLedger(root),
  };
  const done = await release(workspace, 'toy-offer', options);
  if (done.kind !== 'released') throw new RangeError(`not released: ${done.kind}`);
  return { id: done.release, workspace };
}

type Json = Record<string, unknown>;
const read = (path: string): Json => JSON.parse(readFileSync(path, 'utf8'));

/** Every digest, root and entry around what was changed, made anew: all that can be done without the log's private key. */
export async function cheat(engine: Engine, dir: string): Promise<void> {
  const at = (name: string): string => join(dir, name);
  const copies = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('documents/') && statSync(at(name)).isFile())
    .sort();
  const files = [];
  for (const file of [...evidenceFiles, ...copies]) files.push({ file, ...(await fileDigest(at(file))) });
  const manifest = read(at('manifest.json'));
  writeFileSync(at('evidence.json'), canonical({ format: evidenceFormat, release: manifest.release, files }));
  manifest.evidence = { file: 'evidence.json', ...(await fileDigest(at('evidence.json'))) };
  const { digest: decided } = await fileDigest(at('decisions.parquet'));
  manifest.decisions = { ...(manifest.decisions as Json), digest: decided };
  try {
    const { salt, counts } = read(at('counts.json'));
    manifest.counts = saltedDigest(String(salt), counts);
    const roster = `${dir}.roster`;
    const leaves = `SELECT leaf FROM ${engine.dialect.parquet(at('predicates.parquet'))} WHERE leaf IS NOT NULL`;
    const made = await writeRoster(engine, roster, leaves);
    manifest.roster = { ...(manifest.roster as Json), ...made, ...(await fileDigest(roster)) };
    manifest.list = { ...(manifest.list as Json), rows: made.rows };
  } catch {
    // What is too broken to be made to fit stays as it is.
  }
  writeFileSync(at('manifest.json'), canonical(manifest));
  const { digest } = await fileDigest(at('manifest.json'));
  const proof = read(at('log-proof.json'));
  const content = { ...(proof.content as Json), manifest: digest };
  const entry = entryOfOpening({ salt: proof.salt, content }).toString('hex');
  writeFileSync(at('log-proof.json'), canonical({ ...proof, content, entry }));
}

/** The same by whoever holds the log's key too: a log of the same size, with the new entries where the old ones stood. */
export async function cheatWithKey(engine: Engine, dir: string, signer: Signer): Promise<void> {
  await cheat(engine, dir);
  const names = ['log-proof.json', 'ingest-proof.json'].map((name) => join(dir, name));
  const proofs = names.map(read);
  const size = Number(proofs[0]?.size);
  const leaves = Array.from({ length: size }, (_, i) => leafHash(Buffer.alloc(32, i)));
  for (const proof of proofs) {
    proof.entry = entryOfOpening({ salt: proof.salt, content: proof.content }).toString('hex');
    leaves[Number(proof.index)] = leafHash(Buffer.from(String(proof.entry), 'hex'));
  }
  const checkpoint = signCheckpoint({ size: BigInt(size), root: rootOf(leaves) }, signer);
  for (const [i, proof] of proofs.entries()) {
    const path = inclusionProof(leaves, BigInt(String(proof.index))).map((hash) => hash.toString('hex'));
    writeFileSync(names[i] ?? '', canonical({ ...proof, checkpoint, proof: path }));
  }
}

/** Flips one bit of a file. */
export function flip(path: string, byte: number, bit: number): void {
  const bytes = readFileSync(path);
  bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}
