/** A release with its evidence, of which a test changes copies, and what an auditor is given of it. */
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { openDuckdb } from '../../bulk/engines/duckdb.ts';
import { readLogVerifier } from '../../documents/log-key.ts';
import type { Verifier } from '../../log/keys.ts';
import { releasedWorkspace } from '../gate/evidence.fixture.ts';
import type { AuditOptions } from './audit.ts';

export type AuditFixture = {
  readonly root: string;
  /** Of the release. */
  readonly id: string;
  readonly engine: Engine;
  readonly logKey: Verifier;
  /** Copies of its evidence and of its package, that a test may change. */
  readonly dir: string;
  readonly packaged: string;
  /** Makes both copies anew. */
  restore(): void;
  options(change: Partial<AuditOptions>): AuditOptions;
  drop(): Promise<void>;
};

export async function auditFixture(): Promise<AuditFixture> {
  const root = await mkdtemp(join(tmpdir(), 'astold-audit-test-'));
  const { id } = await releasedWorkspace(join(root, 'club'));
  const logKey = await readLogVerifier(join(root, 'club'));
  const engine = await openDuckdb({ tempDirectory: join(root, 'tmp') });
  const [dir, packaged] = [join(root, 'evidence'), join(root, 'package')];
  return {
    ...{ root, id, engine, logKey, dir, packaged },
    restore() {
      for (const [from, to] of [
        ['evidence', dir],
        ['releases', packaged],
      ] as const) {
        rmSync(to, { recursive: true, force: true });
        cpSync(join(root, 'club', from, id), to, { recursive: true });
      }
    },
    options: (change) => ({
      ...{ package: null, log: null, logKey, witnesses: { witnesses: [], needed: 0 } },
      ...{ threads: 1, memoryLimit: null, onProgress: () => {}, ...change },
    }),
    async drop() {
      engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Below a folder, from there. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
