/**
 * What a cell of a scope may be kept as (A5, C1): a term or an id as it stands. Anything else is a word nobody knows,
 * and may be what should have stood in another column, an e-mail address say: it is not kept.
 */
import type { Scope } from './model.ts';

const term = '[a-z][a-z-]*:[A-Za-z][A-Za-z0-9-]*';

/** What each part is written like, as a whole; patterns that SQL engines read as JavaScript does. */
export const scopePatterns = {
  purpose: `all|${term}`,
  organisation: '[A-Za-z][A-Za-z0-9._-]{0,79}|[0-9][0-9._-]*[A-Za-z][A-Za-z0-9._-]*',
  contactChannel: 'all|post|email|sms|call|automated-call|online-audience',
  field: `${term}|[a-z][a-z0-9_]{0,59}`,
} as const satisfies Readonly<Record<keyof Scope, string>>;

/** A scope as one text, which is how it is kept and compared: no word that may stand in a scope holds what is between. */
export const scopeText = ({ purpose, organisation, contactChannel, field }: Scope): string =>
  [purpose, organisation, contactChannel, field].join(scopeCut);
export const scopeCut = '^';
export const wholeScope = scopeText({
  purpose: 'all',
  organisation: 'all',
  contactChannel: 'all',
  field: 'all',
});

export function scopeOfText(text: string): Scope {
  const [purpose, organisation, contactChannel, field, ...more] = text.split(scopeCut);
  if (purpose && organisation && contactChannel && field && more.length === 0)
    return { purpose, organisation, contactChannel, field };
  throw new TypeError('not a scope as it is kept');
}

/** In a stop: a word nobody knows, which is all. */
export const unknownInStop = '?';
/** In a permission: a word that is identical to nothing, so that it lifts no stop (C3). */
export const unknownInPermission = '!';
