/** Promises over time: any `never` or `only` ever shown binds until fresh consent to the very thing (A3). */
import type { AskedAtom } from './asked.ts';
import type { Alternative, Clause, Finding } from './judgement.ts';
import { forbids, limitsRetention } from './promises.ts';
import { cover, finding, type Telling, type ToldWorld } from './telling.ts';
import type { ShownOverTime, Told } from './told.ts';

/**
 * What the promises shown leave of one atom: a finding each that forbids it, or, where a version shown only later
 * asks consent to this very atom, the condition that it was given.
 */
export function foldPromises(shown: ShownOverTime, atom: AskedAtom, world: ToldWorld): Told {
  const order: readonly (readonly Telling[])[] = [
    shown.atCollection,
    ...shown.later.map((later) => [later.telling]),
  ];
  const findings: Finding[] = [];
  const clauses: Clause[] = [];
  order.forEach((tellings, i) => {
    const statements = tellings.flatMap((telling) =>
      telling.statements.map((statement) => ({ telling, statement })),
    );
    const broken = statements.flatMap(({ telling, statement }) => {
      const reason = forbids(statement, atom, world);
      return reason === null
        ? []
        : [finding(reason, telling, statement, atom, [], `promised in ${telling.id}`)];
    });
    const limits = statements.flatMap(({ statement }): readonly Alternative[] => {
      if (statement.retention === null || !limitsRetention(statement, atom, world)) return [];
      return [
        {
          consent: null,
          retention: world.retentionIndex({ collection: shown.collection, told: statement.retention.told }),
        },
      ];
    });
    if (broken.length === 0 && limits.length === 0) return;
    const before = new Set(
      order
        .slice(0, i + 1)
        .flat()
        .map((telling) => telling.id),
    );
    const lifting = freshConsents(shown, i, before, atom, world);
    if (broken.length > 0 && lifting.length === 0) findings.push(...broken);
    if (broken.length > 0 && lifting.length > 0) clauses.push(lifting);
    clauses.push(...limits.map((limit) => [limit, ...lifting]));
  });
  return { findings, clauses };
}

/** The consents to this very atom that versions first shown after the i-th ask. */
function freshConsents(
  shown: ShownOverTime,
  i: number,
  before: ReadonlySet<string>,
  atom: AskedAtom,
  world: ToldWorld,
): Clause {
  return shown.later
    .slice(i)
    .filter(
      (later) => later.delivery !== 'earlier' && later.when !== 'unknown' && !before.has(later.telling.id),
    )
    .flatMap((later) => cover(later.telling, atom, true, world).alternatives)
    .filter((alternative) => alternative.consent !== null)
    .map(({ consent }) => ({ consent, retention: null }));
}
