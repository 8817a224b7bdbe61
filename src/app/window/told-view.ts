/** What somebody was told, as pages, copies and programs have it. */
import { z } from 'zod';
import { namedFieldView } from './named-field.ts';

const delivery = z.enum(['delivered', 'bounced', 'sent', 'earlier']);
const collectionView = z.object({
  fields: z.array(z.string()),
  /** The same, each with what it is. */
  details: z.array(namedFieldView),
  on: z.string().nullable(),
  /** How it is known which notice was shown (A6). */
  known: z.enum(['recorded', 'derived', 'reconstructed', 'unknown']),
  /** Numbers of `notices`: of more than one, nobody knows which, and only what all of them tell counts. */
  notices: z.array(z.number().int()),
});
const laterView = z.object({ notice: z.number().int().nullable(), on: z.string().nullable(), delivery });
const retentionView = z.union([
  z.object({ kind: z.literal('until'), date: z.string() }),
  z.object({
    kind: z.literal('period'),
    months: z.number().int(),
    days: z.number().int(),
    from: z.enum([
      'collection',
      'last-act',
      'end-of-membership',
      'child-birthday',
      'youngest-child-birthday',
    ]),
    years: z.number().int().nullable(),
  }),
]);
const markedView = z.object({
  number: z.number().int(),
  kind: z.enum(['tells', 'never', 'only', 'asks']),
  purposes: z.array(z.string()),
  recipients: z.array(z.string()),
  data: z.array(z.object({ what: z.string(), ofChild: z.boolean() })),
  channels: z.array(z.string()),
  bases: z.array(z.string()),
  retention: retentionView.nullable(),
});
const changeView = z.object({
  notice: z.string(),
  from: z.string(),
  /** The words of each. */
  told: z.array(z.string()),
  dropped: z.array(z.string()),
  promised: z.array(z.string()),
  unpromised: z.array(z.string()),
  asked: z.array(z.string()),
  askedNoMore: z.array(z.string()),
});
/** Its words, and what stands behind those that are marked. */
const wordsView = z.object({
  layers: z.array(
    z.object({
      number: z.number().int(),
      blocks: z.array(
        z.object({
          kind: z.enum(['heading', 'item', 'words']),
          parts: z.array(z.object({ text: z.string(), marks: z.array(z.number().int()) })),
        }),
      ),
    }),
  ),
  marked: z.array(markedView),
});
const noticeView = wordsView.extend({
  number: z.number().int(),
  notice: z.string(),
  /** Where it was shown. */
  collectedBy: z.array(z.enum(['web', 'app', 'paper', 'phone'])),
  shownFrom: z.string(),
  shownUntil: z.string().nullable(),
  /** What each later version of the same notice changed. */
  changes: z.array(changeView),
  /**
   * As it was before it was changed under the same id; the latest first. `words`: these were others, and not only what they
   * were taken to say. `sure`: they were shown it before that day.
   */
  earlier: z.array(wordsView.extend({ until: z.string(), words: z.boolean(), sure: z.boolean() })),
});
export const toldView = z
  .object({
    records: z.array(
      z.object({ number: z.number().int(), collections: z.array(collectionView), later: z.array(laterView) }),
    ),
    notices: z.array(noticeView),
  })
  .meta({ id: 'ToldTo' });
export type Told = z.output<typeof toldView>;
export type ToldNotice = z.output<typeof noticeView>;
export type NoticeWords = z.output<typeof wordsView>;
