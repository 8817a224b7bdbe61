/** Why somebody does something, in their own words: asked wherever others will want to know. */
import { z } from 'zod';

export const wordsGiven = z
  .string()
  .max(2000)
  .refine((text) => isSeen(text) && text.isWellFormed(), { error: 'say why, in words' });

/** Spaces, and characters that show nothing, say nothing. */
export const isSeen = (text: string): boolean =>
  /[^\s\p{Cc}\p{Cf}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
