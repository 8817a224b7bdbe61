/** What was sealed, or why nothing was. */
import type { Sealed } from '../app/seal.ts';
import { printable } from './printable.ts';

export function showSealed(sealed: Extract<Sealed, { kind: 'sealed' }>): string {
  const sleepers = sealed.sleepers === 0 ? 'no sleepers' : `${sealed.sleepers} of them sleepers`;
  return `${printable(sealed.file)}\n  ${sealed.rows} rows for ${printable(sealed.recipient)}, ${sleepers}\n  SHA-256 ${sealed.digest}\n`;
}

export const showUnsealed = ({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): string => `not sealed: ${printable(message)} [${code}]\n`;
