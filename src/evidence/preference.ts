/**
 * A preference event as the log commits to it and a receipt shows it: what was said, of whom by their token alone, and
 * when (C1 to C3, E1). It names nobody: the record, or the details somebody came with, stay in the vault.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { preferenceTypes, receivedBy } from '../policy/preference-event.ts';

const part = z.string().min(1).max(200);
const optional = part.nullable();
export const preferenceSchema = z.strictObject({
  kind: z.literal('preference'),
  /** When it was logged, by our own clock. */
  at: z.string(),
  /** `reconstruction`: of a workspace with a fixed clock (B6). */
  mark: z.literal('reconstruction').nullable(),
  /** The id of the event. */
  event: part,
  organisation: part,
  source: part,
  /** SHA-256 of the master token; null where nobody could say which record it is of. */
  person: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  type: z.enum(preferenceTypes),
  /** Each a term or an id, or `all`. */
  scope: z.strictObject({ purpose: part, organisation: part, contactChannel: part, field: part }),
  notice: optional,
  consent: optional,
  /** The event that a lift lifts. */
  lifts: optional,
  delivery: optional,
  /** A date, or a time with its offset. */
  signed: part,
  received: part,
  receivedBy: z.enum(receivedBy),
});
export type Preference = z.infer<typeof preferenceSchema>;

/** What a receipt and the log say of a person: it tells nothing of the token, and whoever has the token can make it. */
export const personOf = (master: string): string => hash('sha256', `astold/person/1\n${master}`);
