/** In which language a page or a file is asked for, and how the answer says which it is in. */
import type { Context } from 'hono';
import { type Words, wordsFor } from '../words/words.ts';

/** Of whoever asks: by what their browser says it reads. */
export const wordsAsked = (c: Context): Words => wordsFor(c.req.header('Accept-Language') ?? null);

/** `Content-Language`, and `Vary`: another reader is answered in another one. */
export function sayLanguage(c: Context, { language }: Words): void {
  c.header('Content-Language', language);
  c.header('Vary', 'Accept-Language');
}
