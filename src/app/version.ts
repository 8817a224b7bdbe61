/** The program's version, as its package says. */
import { readFileSync } from 'node:fs';

const parsed: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
if (
  typeof parsed !== 'object' ||
  parsed === null ||
  !('version' in parsed) ||
  typeof parsed.version !== 'string'
) {
  throw new TypeError('package.json holds no version');
}
export const version: string = parsed.version;
