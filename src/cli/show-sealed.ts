/** What was sealed, or why nothing was. */
import { relative } from 'node:path';
import type { Sealed } from '../app/supply/seal.ts';
import { counted } from '../policy/figures.ts';
import { printable } from './printable.ts';

type Done = Extract<Sealed, { kind: 'sealed' }>;

const placed = ({ file }: Done, cwd: string): string => printable(relative(cwd, file) || file);

export function showSealed(sealed: Done, cwd: string): string {
  const { rows, sleepers, recipient, digest } = sealed;
  const asleep = sleepers === 0 ? 'no sleepers' : `${counted(sleepers, 'sleeper')} among them`;
  return [
    `Sealed for ${printable(recipient)}: ${placed(sealed, cwd)}`,
    `  ${counted(rows, 'row')}, ${asleep}`,
    `  SHA-256 ${digest}`,
    '',
  ].join('\n');
}

export const sealedNext = (sealed: Done, cwd: string): string =>
  `  Next: send ${placed(sealed, cwd)} to ${printable(sealed.recipient)}; what they send back: astold countersigned countersignature.note\n`;

export const showUnsealed = ({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): string => `not sealed: ${printable(message)} [${code}]\n`;
