/** How it stands with what a party was told of somebody, as every page and the copy say it. */
import type { CivilDate } from '../../policy/model.ts';
import type { AnswersView } from './list-answers.ts';

type Told = AnswersView['items'][number];
/** `deleted`: they say that they have deleted the whole list; a refusal may have gone before. */
export type AnswerStands =
  | 'done'
  | 'not-held'
  | 'refused'
  | 'refused-then-deleted'
  | 'deleted'
  | 'waiting'
  | 'late';

/** `today` in London. */
export function answerStands(
  { answer, held, due }: Pick<Told, 'answer' | 'held' | 'due'>,
  today: CivilDate,
): AnswerStands {
  if (answer === 'refused') return held ? 'refused' : 'refused-then-deleted';
  if (answer !== null) return answer;
  if (!held) return 'deleted';
  return due < today ? 'late' : 'waiting';
}

export type StopStands = {
  readonly party: string;
  readonly name: string;
  readonly stands: AnswerStands;
  readonly due: CivilDate;
};

/** What is least to be relied on comes first. */
const worstFirst: readonly AnswerStands[] = [
  ...(['refused', 'late', 'waiting', 'refused-then-deleted', 'deleted', 'not-held', 'done'] as const),
];

/**
 * Each party that was told to stop, delete or keep and not use, by what it was told last: after a refusal it may be told again.
 * Of what it was told at one instant the worst stands. `items`: of one record in one release.
 */
export function stopStands(items: readonly Told[], today: CivilDate): readonly StopStands[] {
  const told = items.filter(({ kind }) => kind !== 'correction');
  return [...Map.groupBy(told, ({ party }) => party).values()].flatMap((of) => {
    const last = of
      .map(({ told: at }) => at)
      .sort()
      .at(-1);
    const [worst] = of
      .filter(({ told: at }) => at === last)
      .map(({ party, name, due, ...each }) => ({
        ...{ party, name, due, stands: answerStands({ ...each, due }, today) },
      }))
      .sort((a, b) => worstFirst.indexOf(a.stands) - worstFirst.indexOf(b.stands));
    return worst === undefined ? [] : [worst];
  });
}
