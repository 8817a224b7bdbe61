/** What webhooks tell of, and all that they tell: ids, states and days. Nobody's data leave by this way. */
import { z } from 'zod';

const id = z.string().min(1).max(200);
const freeze = z.strictObject({ freeze: id, kind: z.enum(['everything', 'party', 'purpose']) });
const duty = {
  duty: id,
  release: id.nullable(),
  kind: z.enum(['countersign', 'inform', 'stop-using', 'delete', 'obey-stops']),
};

/** By the event's name. */
export const webhookEvents = {
  'request.changed': z.strictObject({
    request: id,
    state: z.enum(['REQUESTED', 'OFFERED', 'AGREED', 'FINALIZED', 'TERMINATED']),
  }),
  'release.made': z.strictObject({ release: id, request: id }),
  'supply.ready': z.strictObject({ release: id, supply: id }),
  'supply.fetched': z.strictObject({ release: id, supply: id }),
  'duty.opened': z.strictObject({ ...duty, due: z.iso.date() }),
  'duty.claimed': z.strictObject(duty),
  'freeze.set': freeze,
  'freeze.lifted': freeze,
  'agreement.ended': z.strictObject({ agreement: id }),
  /** Somebody said stop: `entry` is its place in the log. Whose and of what stays here; ask for the delta. */
  'stop.recorded': z.strictObject({ entry: z.string().regex(/^\d{1,19}$/) }),
  /** What is to be done with rows of a release, by the codes they carry. Why, and of whom, is not told. */
  'passed-on': z.strictObject({
    release: id,
    party: id,
    tasks: z
      .array(
        z.strictObject({
          task: id,
          kind: z.enum(['stop', 'correction', 'restriction', 'erasure']),
          code: z.string().regex(/^[0-9A-HJKMNP-TV-Z-]{15}$/),
        }),
      )
      .min(1)
      .max(500),
  }),
  'sighting.reported': z.strictObject({ sighting: id }),
} as const;

export type WebhookEventName = keyof typeof webhookEvents;
/** An event with what it tells. */
export type WebhookEvent = {
  [E in WebhookEventName]: { readonly event: E; readonly data: z.infer<(typeof webhookEvents)[E]> };
}[WebhookEventName];
