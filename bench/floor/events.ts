/** The preference events that can matter to a letter from the party, at the cut-off. */
import { cutOff, earliest, latest, near, postcode } from './words.ts';

/** 0: a stop; a word nobody knows is one, of everything. */
const kind = `CASE lower(coalesce(kind, '')) WHEN 'consent' THEN 1 WHEN 'lift' THEN 2 WHEN 'presented' THEN 3
  WHEN 'objection' THEN 0 WHEN 'withdrawal' THEN 0 WHEN 'restriction' THEN 0 WHEN 'erasure' THEN 0 ELSE -1 END`;

/** All but those about another channel alone, or another company alone. */
const meets = `k = -1 OR (coalesce("contact-channel", 'post') NOT IN ('email', 'sms', 'call', 'automated-call', 'online-audience')
  AND coalesce(organisation, '') <> 'acorn-toys')`;

/** Nearly all are told by their first ten letters. A time that nobody can read stops always. */
const unreadable = ['signed', 'received', 'logged']
  .map((t) => `(${t} IS NOT NULL AND ${earliest(t)} IS NULL)`)
  .join(' OR ');
const inTime = `CASE WHEN received < '2017-05-04' THEN TRUE WHEN ${unreadable} THEN TRUE
  ELSE coalesce(least(${earliest('signed')}, ${earliest('received')}, ${earliest('logged')}) <= ${cutOff}, TRUE) END`;

const scope = ['purpose', 'organisation', '"contact-channel"', 'field'].map(
  (part) => `coalesce(${part}, 'all')`,
);
const shownOn = `CASE WHEN length(coalesce(signed, received)) = 10 THEN TRY_CAST(coalesce(signed, received) AS DATE)
  ELSE CAST(timezone('Europe/London', make_timestamptz(${latest('coalesce(signed, received)')} * 1000)) AS DATE) END`;

/**
 * `k` 0 stop, 1 consent, 2 lift, 3 presented; `sc` the scope, hashed; `whole`, a scope of everything; the contact
 * details it came with, hashed where that is enough.
 */
export const eventsSql = (preferences: string): string =>
  `SELECT greatest(k, 0) AS k, event, record AS owner, k = -1 OR (purpose IS NULL AND organisation IS NULL AND "contact-channel" IS NULL AND field IS NULL) AS whole,
    CASE WHEN k = -1 THEN 0 ELSE hash(${scope.join(', ')}) END AS sc, signed, received, lifts,
    k = 1 AND notice = 'asked@2017' AND consent = 'labour-post' AS asked,
    delivery, CASE WHEN k = 3 AND notice = 'asked@2017' THEN ${shownOn} END AS seen_on,
    CASE WHEN email IS NOT NULL THEN hash(lower(email)) END AS email, CASE WHEN phone IS NOT NULL THEN hash(phone) END AS phone,
    surname AS sur, "address-line" AS addr, pc, ${near('surname', 'pc')} AS near,
    CASE WHEN "birth-date" IS NOT NULL AND pc IS NOT NULL THEN hash(TRY_CAST("birth-date" AS DATE), pc) END AS birth
  FROM (SELECT *, ${kind} AS k, ${postcode('postcode')} AS pc FROM ${preferences})
  WHERE k > 0 OR ((${meets}) AND (${inTime}))`;

/** A permission counts if signed, then received, before the cut-off. */
export const permits = `${earliest('signed')} <= ${latest('received')} AND ${latest('received')} < ${cutOff}`;
/** No consent to the notice was given before it was first shown, on 1 March 2017. */
export const consents = `${permits} AND ${earliest('signed')} >= 1488322800000`;
