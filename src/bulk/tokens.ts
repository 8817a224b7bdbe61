/** Tokens and leaves in SQL (E1); `src/roster/token.ts` is the twin in memory. Expressions in, expressions out. */
import type { Engine } from './engine.ts';

/** The master token; `key` is 32 ASCII characters, derived for `masterKeyInfo` (see `ensureSecrets`). */
export function masterSql({ dialect }: Engine, key: string, record: string, nonce: string): string {
  return dialect.keyedHash(key, `${nonce} || ${record}`);
}

/** The token for one release. */
export function releaseTokenSql({ dialect }: Engine, master: string, release: string): string {
  return dialect.keyedHashOf(master, dialect.literal(release));
}

/** What stands in the roster of a release for a master token: 32 hex digits. */
export function leafSql(engine: Engine, master: string, release: string): string {
  return `SUBSTRING(${engine.dialect.sha256(releaseTokenSql(engine, master, release))}, 1, 32)`;
}
