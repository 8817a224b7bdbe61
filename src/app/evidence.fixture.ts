/** A release of the scaffold with its evidence, and a cheat who makes everything fit that can be made to fit. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../bulk/engine.ts';
import { canonical, fileDigest, saltedDigest } from '../bulk/outputs/manifest.ts';
import { writeRoster } from '../bulk/outputs/roster.ts';
import { createLogKey, logOrigin } from '../documents/log-key.ts';
import { loadWorkspace, type Workspace } from '../documents/workspace.ts';
import { evidenceFiles } from '../evidence/files.ts';
import { entryOfOpening } from '../log/entry.ts';
import { init } from './init.ts';
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
  const options = { asOf: null, onProgress: () => {}, threads: null, memoryLimit: null };
  const done = await release(workspace, 'toy-offer', options);
  if (done.kind !== 'released') throw new RangeError(`not released: ${done.kind}`);
  return { id: done.release, workspace };
}

type Json = Record<string, unknown>;
const read = (path: string): Json => JSON.parse(readFileSync(path, 'utf8'));

/** Every digest, root and entry around what was changed, made anew: all that can be done without the log's private key. */
export async function cheat(engine: Engine, dir: string): Promise<void> {
  const at = (name: string): string => join(dir, name);
  const files = [];
  for (const file of evidenceFiles) files.push({ file, ...(await fileDigest(at(file))) });
  const manifest = read(at('manifest.json'));
  writeFileSync(
    at('evidence.json'),
    canonical({ format: 'astold/evidence/1', release: manifest.release, files }),
  );
  manifest.evidence = { file: 'evidence.json', ...(await fileDigest(at('evidence.json'))) };
  const decisions = { ...(manifest.decisions as Json), ...(await fileDigest(at('decisions.parquet'))) };
  manifest.decisions = decisions;
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

/** Flips one bit of a file. */
export function flip(path: string, byte: number, bit: number): void {
  const bytes = readFileSync(path);
  bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}
