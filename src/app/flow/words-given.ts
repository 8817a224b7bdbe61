/** Why somebody does something, in their own words: asked wherever others will want to know. */
import { z } from 'zod';

export const wordsGiven = z
  .string()
  .max(2000)
  .refine((text) => text.trim() !== '' && text.isWellFormed(), { error: 'say why, in words' });
