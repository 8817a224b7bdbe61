/** Consent gathered by another body and older than the pack's period is warned of (guidance; it refuses nobody). */
import { decisionsTable } from '../../bulk/compile.ts';
import { addPeriod, startOf } from '../../policy/dates.ts';
import type { Judgement } from '../../policy/judgement.ts';
import type { Gate } from './context.ts';

/** A warning where some of those who may go consented longer ago than that, to somebody other than who will use it. */
export async function oldConsents(
  { engine, files, context, source }: Gate,
  judgement: Judgement,
): Promise<readonly string[]> {
  const others = context.request.chain.filter((party) => party.organisation !== source.organisation);
  if (context.rules === null || others.length === 0 || judgement.consents.length === 0) return [];
  const { months, days } = context.rules.consentAgeWarning;
  const since = addPeriod(judgement.day, { months: -months, days: -days });
  const { dialect } = engine;
  const before = dialect.literal(startOf(since));
  const asked = judgement.consents.map(
    ({ notice, consent }) =>
      `(p.notice = ${dialect.literal(notice)} AND p.consent = ${dialect.literal(consent)})`,
  );
  const byEvent = `SELECT p."row" FROM ${dialect.parquet(files.permissions)} p
    WHERE p.kind = 'consent' AND p.signed_lo < ${before} AND (${asked.join(' OR ')})`;
  const byColumn = source.consents.flatMap(({ consent }, j) =>
    judgement.consents.some((ref) => ref.consent === consent)
      ? [`SELECT r."row" FROM ${dialect.parquet(files.records)} r WHERE r.k_${j} AND r.k_${j}_at < ${before}`]
      : [],
  );
  const old = [byEvent, ...byColumn].join(' UNION ');
  const [found] = await engine.rows(
    `SELECT COUNT(*) AS people FROM ${decisionsTable} d WHERE d.reasons = 0 AND d."row" IN (${old})`,
  );
  const people = Number(found?.people ?? 0);
  if (people === 0) return [];
  return [
    `${people.toLocaleString('en-GB')} of those who may go consented before ${since}, to another body than those who will use their data (guidance: old consent given to somebody else)`,
  ];
}
