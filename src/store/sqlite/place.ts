/** The ledger of a workspace: `vault/ledger.sqlite`. SQLite is loaded once it is opened, and not before. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerPlace } from '../ledger.ts';
import { hasBegun } from '../log-begun.ts';
import { ledgerFile } from '../places.ts';

export function sqliteLedger(root: string): LedgerPlace {
  return {
    root,
    begun: async () => existsSync(join(root, ledgerFile)) || hasBegun(root),
    async open(options) {
      const { openSqliteLedger } = await import('./ledger.ts');
      return openSqliteLedger(root, options);
    },
  };
}
