/** What a member's own line says of the request. */
import { bits, bitsIf, near, postcode } from './words.ts';

/**
 * How asked@2017 was shown, a letter each time: d delivered, a month ago or more, and l of late; s sent, and t of late;
 * e before they joined; b it came back.
 */
export const shown = (delivery: string, on: string, joined: string): string =>
  `CASE WHEN ${delivery} = 'bounced' THEN 'b' WHEN coalesce(${on} < ${joined}, FALSE) THEN 'e'
    ELSE CASE ${delivery} WHEN 'delivered' THEN CASE WHEN ${on} <= DATE '2017-04-05' THEN 'd' ELSE 'l' END
      WHEN 'sent' THEN CASE WHEN ${on} <= DATE '2017-04-05' THEN 's' ELSE 't' END END END`;

/**
 * The notice at joining. 0: none known. Cards (1, 2) asked for consent, so that what the later notice told needs
 * theirs; the web site and the telephone (3, 4, 5) did not: there it needs proof of delivery and a month.
 */
const joinedUnder = `CASE
  WHEN notice_version IS NOT NULL THEN
    CASE notice_version WHEN 'web@2016' THEN 5 WHEN 'web@2014' THEN 4 WHEN 'web@2011' THEN 4 ELSE 0 END
  WHEN form_code IS NOT NULL THEN CASE form_code WHEN 'PF-03' THEN 1 WHEN 'PF-07' THEN 2 WHEN 'PF-12' THEN 2 ELSE 0 END
  WHEN joined_by = 'web' THEN CASE WHEN joined_on < DATE '2008-04-01' THEN 0 WHEN joined_on < DATE '2011-06-01' THEN 3
    WHEN joined_on < DATE '2016-03-01' THEN 4 ELSE 5 END
  WHEN joined_by = 'paper' THEN
    CASE WHEN joined_on < DATE '2009-01-01' THEN 0 WHEN joined_on < DATE '2014-01-01' THEN 1 ELSE 2 END
  WHEN joined_by = 'phone' AND joined_on BETWEEN DATE '2014-03-01' AND DATE '2016-02-29' THEN 4
  ELSE 0 END`;

/** What is recorded must have been shown when they joined. */
const shownThen = `CASE coalesce(notice_version, form_code) WHEN 'web@2016' THEN joined_on >= DATE '2016-03-01'
  WHEN 'web@2014' THEN joined_on BETWEEN DATE '2014-03-01' AND DATE '2016-02-29'
  WHEN 'web@2011' THEN joined_on BETWEEN DATE '2011-06-01' AND DATE '2014-02-28'
  WHEN 'PF-03' THEN joined_on BETWEEN DATE '2009-01-01' AND DATE '2013-12-31'
  WHEN 'PF-07' THEN joined_on >= DATE '2012-01-01' WHEN 'PF-12' THEN joined_on >= DATE '2015-01-01' ELSE TRUE END`;

const howKnown = `CASE WHEN notice_version IS NOT NULL OR form_code IS NOT NULL THEN 3 WHEN joined_by = 'phone' THEN 1 ELSE 2 END`;
export const known = `CASE WHEN g = 0 THEN 'unknown' WHEN hk = 3 THEN 'recorded' WHEN hk = 1 THEN 'reconstructed' ELSE 'derived' END`;

/** Purpose, parties, selection, membership, basis: no notice at joining told them. */
const untold = [25, 26, 30, 31, 32];
const untoldBits = `CASE g WHEN 1 THEN ${bits(...untold, 28, 33)} WHEN 3 THEN ${bits(...untold, 28, 36)}
  WHEN 5 THEN ${bits(...untold)} ELSE ${bits(...untold, 28)} END`;
/**
 * The bits of the notices shown, as the judgement has them: of `g`, of `seen` (each time it was shown, in order) and
 * of `held`, their consent.
 */
export const verdictBits = `CASE WHEN g = 0 THEN ${bits(22)} WHEN seen IS NULL OR seen IN ('b', 'e', 'ee') THEN ${untoldBits}
  WHEN g <= 2 THEN CASE WHEN left(seen, 1) = 'e' OR NOT held THEN ${bits(42)} ELSE 0 END
  ELSE CASE seen WHEN 'd' THEN 0 WHEN 'l' THEN ${bits(40)} WHEN 's' THEN ${bits(39)} WHEN 't' THEN ${bits(39, 40)}
      WHEN 'db' THEN ${bits(39)} WHEN 'sd' THEN ${bits(42)} WHEN 'ed' THEN ${bits(42)} WHEN 'el' THEN ${bits(40, 42)}
      WHEN 'dd' THEN 0 WHEN 'dl' THEN 0 WHEN 'ds' THEN 0 WHEN 'dt' THEN 0 WHEN 'bd' THEN 0
      ELSE error('not written for this history: ' || seen) END
    | CASE WHEN NOT held AND (g = 3 OR seen IN ('d', 'dd', 'dl', 'ds', 'dt', 'bd')) THEN ${bits(42)} ELSE 0 END END`;

const children = [1, 2, 3].map((n) => {
  const [called, born, died] = [`child${n}_name`, `child${n}_born`, `child${n}_died`];
  const living = `(${died} IS NULL OR ${died} = 'N')`;
  return {
    young: `(${living} AND ${born} BETWEEN DATE '2012-06-09' AND DATE '2017-06-08')`,
    unclear: `(CASE WHEN ${living} THEN ${born} IS NULL AND (${called} IS NOT NULL OR ${died} IS NOT NULL) ELSE ${died} <> 'Y' END)`,
  };
});
const young = `coalesce(${children.map((c) => c.young).join(' OR ')}, FALSE)`;

/** Unreadable child, deceased, under age, gone away, no address, not to be screened, a notice of another time. */
const ownBits = [
  bitsIf(children.map((c) => c.unclear).join(' OR '), 52),
  bitsIf("coalesce(deceased <> 'N', TRUE)", 55),
  bitsIf("coalesce(born_on > DATE '1999-05-05', TRUE)", 56),
  bitsIf("coalesce(gone_away <> 'N', TRUE)", 57),
  bitsIf('address_1 IS NULL OR postcode IS NULL', 58),
  bitsIf('near IS NULL', 59),
  bitsIf(`NOT coalesce(${shownThen}, FALSE)`, 23),
].join(' | ');

export const membersSql = (members: string): string =>
  `SELECT member_id AS id, pc, ${ownBits} AS own, ${young} AS young, ${joinedUnder} AS g, ${howKnown} AS hk, joined_on AS joined,
    CASE WHEN asked_on IS NOT NULL THEN ${shown('asked_status', 'asked_on', 'joined_on')} END AS seen, asked_on AS seen_on,
    coalesce(optin_post = 'Y' AND optin_on BETWEEN DATE '2017-02-28' AND DATE '2017-05-04', FALSE) AS held,
    first_name AS fore, surname AS sur, address_1 AS addr, postcode AS raw_pc,
    CASE WHEN email IS NOT NULL THEN hash(lower(email)) END AS email, CASE WHEN phone IS NOT NULL THEN hash(phone) END AS phone,
    CASE WHEN born_on IS NOT NULL AND pc IS NOT NULL THEN hash(born_on, pc) END AS birth, near
  FROM (SELECT *, ${near('surname', 'pc')} AS near FROM (SELECT *, ${postcode('postcode')} AS pc FROM ${members}))`;

/** In the audience: a child under five, and one of the seats; `area` null is not known. */
export const audienceBits = (seats: string): string =>
  `CASE WHEN area IS NULL THEN ${bits(51, 52)} WHEN young AND area IN (${seats}) THEN 0 ELSE ${bits(51)} END`;
