/** A folder made where it is missing. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * With every folder above it, each its owner's alone. Node's own `recursive` does not end where a folder that is there
 * says that it is not, as those of /proc do. Throws what the system says.
 */
export function makeFolder(path: string): void {
  if (makeOne(path)) return;
  const above = dirname(path);
  if (existsSync(above))
    throw Object.assign(new Error(`nothing can be made in ${above}`), { code: 'ENOENT' });
  makeFolder(above);
  if (!makeOne(path)) throw Object.assign(new Error(`${path} cannot be made`), { code: 'ENOENT' });
}

/** False where what it would be in is not there. */
function makeOne(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') return false;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return true;
    throw error;
  }
}
