/** What a page says after something was done: one of these, never a text out of the address. */
import type { Notice } from '../../pages/frame.ts';
import type { Words } from '../../words/words.ts';

type Texts = Words['frame']['said'];
export type Said = keyof Texts;

export const saidText = ({ frame: { said } }: Words, code: string | undefined): Notice | null =>
  code !== undefined && Object.hasOwn(said, code) ? { kind: 'good', text: said[code as Said] } : null;
