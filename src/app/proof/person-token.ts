/** The tokens of people whom the holder of the key names by their record id: from the vault, with the engine. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../bulk/engine.ts';
import { VaultError } from '../../bulk/vault.ts';
import type { ManifestRoster } from './proof-file.ts';

export type Persons = {
  /** Works with the person's master token for a release; refuses where an absence would say nothing of the person. */
  prove<T extends { readonly result: 'present' | 'absent' }>(
    manifest: ManifestRoster,
    record: string,
    work: (master: string) => Promise<T>,
  ): Promise<T>;
  /** The master tokens of a record id, one for each source that has it. Throws VaultError `record-unknown`. */
  masters(record: string): Promise<readonly string[]>;
};

/** Opens the engine for some work, and closes it whatever happens. */
export async function withPersons<T>(
  root: string | null,
  work: (persons: Persons) => Promise<T>,
): Promise<T> {
  if (root === null)
    throw new VaultError(
      'secrets-missing',
      'a person is looked up by the holder of the key: run this in the workspace',
    );
  const [{ openDuckdb }, secrets, { wasDestroyed }] = await Promise.all([
    import('../../bulk/engines/duckdb.ts'),
    import('../../bulk/secrets.ts'),
    import('../../bulk/destroyed.ts'),
  ]);
  const engine = await openDuckdb({ tempDirectory: join(root, '.astold/tmp') });
  try {
    return await work({
      async prove(manifest, record, found) {
        const { source, key } = manifest;
        const { keyId } = await secrets.tokenKey(root, source);
        if (key !== keyId) {
          throw new VaultError(
            'secrets-missing',
            `release ${manifest.release} was made under the key ${key}, and the vault of "${source}" is of ${keyId}; put the vault of that release back`,
          );
        }
        const master = await secrets.masterOf(engine, { root, source, record });
        const proved = await found(master);
        // Whoever was erased and came back has another token than in the releases before.
        if (proved.result === 'absent' && (await wasDestroyed(engine, root, source, record))) {
          throw new VaultError(
            'secrets-destroyed',
            'that record was erased once, and its token of then destroyed: nobody can say whether it was in this release',
          );
        }
        return proved;
      },
      masters: (record) => mastersOf(engine, root, record, secrets.masterOf),
    });
  } finally {
    engine.close();
  }
}

async function mastersOf(
  engine: Engine,
  root: string,
  record: string,
  masterOf: typeof import('../../bulk/secrets.ts').masterOf,
): Promise<readonly string[]> {
  const found: string[] = [];
  let [refusal, destroyed]: [VaultError | null, VaultError | null] = [null, null];
  for (const source of sourcesIn(join(root, 'vault/sources'))) {
    try {
      found.push(await masterOf(engine, { root, source, record }));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      if (error.code === 'secrets-destroyed') destroyed = error;
      else if (error.code !== 'record-unknown') throw error;
      refusal = error;
    }
  }
  const reason = destroyed ?? refusal;
  if (found.length > 0 && destroyed === null) return found;
  throw reason ?? new VaultError('record-unknown', 'no source of this workspace was ingested with secrets');
}

function sourcesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((each) =>
      each.isDirectory() ? [each.name] : [],
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
