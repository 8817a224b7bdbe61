/** After a build: what is no TypeScript and is served or read all the same, beside what was built. */
import { cpSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
for (const file of globSync('**/*.css', { cwd: join(root, 'src') }))
  cpSync(join(root, 'src', file), join(root, 'dist', file));
