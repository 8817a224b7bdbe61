/**
 * The tokens of a source's records for who asks for one after the other: the vault's nonces in an engine that stays open,
 * and the keys they are hashed under, read anew whenever the vault or a key was changed. Whoever was erased is not in it from then on.
 */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { destroyedFile, notDestroyed } from '../../bulk/destroyed.ts';
import type { Engine } from '../../bulk/engine.ts';
import { keyIdFile, tokenKey } from '../../bulk/secrets.ts';
import { requireWhole, secretsFile, sourceVault } from '../../bulk/vault.ts';
import { keyFile } from '../../documents/key.ts';
import { masterToken } from '../../roster/token.ts';
import { gathered } from '../../store/gathered.ts';
import { suppressed, suppressionKey } from '../gate/suppression-key.ts';

export type Tokens = {
  /** Null where this does not know: `masterOf` says why. Throws VaultError, KeyError. */
  of(source: string, record: string): Promise<Token | null>;
  close(): void;
};
/** `key`: by which a record is known once its id is erased. */
export type Token = { readonly master: string; readonly key: string };
type Kept = { readonly engine: Engine; readonly keys: Keys; readonly version: string };
type Keys = { readonly master: string; readonly suppression: string };

/** Records looked up in one question, and how often one is asked. */
const gathering = { most: 100, every: 10 } as const;
/** How often the vault is read because it was changed while it was read. */
const attempts = 3;

/** `open` gives an engine of its own for each source. */
export function keptTokens(root: string, open: () => Promise<Engine>): Tokens {
  const sources = new Map<string, (record: string) => Promise<Token | null>>();
  const engines = new Map<string, Kept>();
  const lookUp = (source: string): ((record: string) => Promise<Token | null>) => {
    const found = sources.get(source);
    if (found !== undefined) return found;
    const work = async (records: readonly string[]): Promise<readonly (Token | null)[]> => {
      const found = await current(source);
      return found === null ? records.map(() => null) : mastersIn(found, records);
    };
    const made = gathered({ work, ...gathering, alone: () => false });
    sources.set(source, made);
    return made;
  };
  const current = async (source: string): Promise<Kept | null> => {
    for (let i = 0; i < attempts; i++) {
      const version = versionOf(root, source);
      const before = engines.get(source);
      if (before?.version === version) return before;
      before?.engine.close();
      engines.delete(source);
      if (version === null) return null;
      const engine = await open();
      try {
        const keys = await load(engine, root, source);
        // Known only if it is still what it was when it was looked at.
        engines.set(source, { engine, keys, version });
      } catch (error) {
        engine.close();
        throw error;
      }
    }
    return null;
  };
  return {
    of: (source, record) => lookUp(source)(record),
    close() {
      for (const { engine } of engines.values()) engine.close();
      engines.clear();
    },
  };
}

/** Another whenever secrets are drawn or destroyed, or the vault or a key is put back from a copy; null where there are none. */
function versionOf(root: string, source: string): string | null {
  const vault = sourceVault(root, source);
  const key = join(root, keyFile);
  const [secrets, ...rest] = [
    ...[secretsFile, destroyedFile, keyIdFile].map((name) => join(vault, name)),
    ...[key, dirname(key)],
  ].map((path) => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found && `${found.ino} ${found.mode} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
  });
  return secrets === undefined ? null : [secrets, ...rest.map((each) => each ?? 'none')].join(', ');
}

async function load(engine: Engine, root: string, source: string): Promise<Keys> {
  const dir = sourceVault(root, source);
  const path = join(dir, secretsFile);
  requireWhole(path);
  await engine.run(
    `CREATE TABLE kept AS SELECT s.rid, s.nonce FROM ${engine.dialect.parquet(path)} s WHERE ${await notDestroyed(engine, dir, root, 's')}`,
  );
  await engine.run('CREATE INDEX kept_of ON kept (rid)');
  const { masterKey } = await tokenKey(root, source);
  return { master: masterKey, suppression: await suppressionKey(root, source) };
}

/** Of a record with no nonce, or with two, nothing is said. */
async function mastersIn(
  { engine: { dialect, rows }, keys }: Kept,
  records: readonly string[],
): Promise<readonly (Token | null)[]> {
  const asked = [...new Set(records)].map((record) => dialect.literal(record));
  const found = await rows(`SELECT rid, nonce FROM kept WHERE rid IN (${asked.join(', ')})`);
  return records.map((record) => {
    const [one, ...more] = found.filter(({ rid }) => rid === record);
    if (typeof one?.nonce !== 'string' || more.length > 0) return null;
    return { master: masterToken(keys.master, one.nonce, record), key: suppressed(keys.suppression, record) };
  });
}
